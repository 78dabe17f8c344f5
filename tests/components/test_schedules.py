"""Schedules: which expressions are taken, and what a stack has of them."""

from __future__ import annotations

import json
import re

import pytest

from agents.contracts.webhook import FetchSnapshotInput, HostKind, RefKind
from components.schedules import fetch_input
from components.settings.model import NAMESPACE, SettingsRefused, parse_settings
from components.settings.schedules import FetchSchedule, ScheduleRefused, schedules_of
from tests.components.mocked_cloud import build_stack, stack_configuration

HOSTS = {"github": "https://api.github.com", "gitlab": "https://gitlab.example.com"}
NIGHTLY = "github:acme/engine@main cron(0 3 ? * MON-FRI *) Europe/Berlin"


def refusal(text: str) -> str:
    with pytest.raises(ScheduleRefused) as refused:
        schedules_of(text, HOSTS)
    return str(refused.value)


def test_a_schedule_has_a_repository_a_branch_a_time_and_its_zone() -> None:
    first, second = schedules_of(f"{NIGHTLY}; gitlab:group/sub/tool@release/1.x rate(12 hours)", HOSTS)
    assert first == FetchSchedule("github", "acme/engine", "main", "cron(0 3 ? * MON-FRI *)", "Europe/Berlin")
    assert second == FetchSchedule("gitlab", "group/sub/tool", "release/1.x", "rate(12 hours)", "UTC")


def test_no_schedule_is_no_schedule() -> None:
    assert schedules_of("", HOSTS) == ()
    assert schedules_of(" ; ", HOSTS) == ()


@pytest.mark.parametrize(
    "expression",
    [
        "rate(5 minutes)",
        "rate(1 hour)",
        "rate(1 day)",
        "rate(30 days)",
        "cron(0 10 * * ? *)",
        "cron(15 12 * * ? *)",
        "cron(0 18 ? * MON-FRI *)",
        "cron(0 8 1 * ? *)",
        "cron(0/15 * ? * * *)",
        "cron(0/5 8-17 ? * MON,WED,fri 2026-2030)",
        "cron(*/30 0 L * ? *)",
        "cron(0 0 15W 1,JUL ? *)",
        "cron(0 9 3W * ? *)",
        "cron(0 9 ? * 6L *)",
        "cron(0 9 ? * 2#1 2026/2)",
    ],
)
def test_the_expressions_of_aws_guide_are_taken(expression: str) -> None:
    assert schedules_of(f"github:a/b@main {expression}", HOSTS)[0].expression == expression


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("rate(1 days)", "is not such as rate"),
        ("rate(2 hour)", "is not such as rate"),
        ("rate(0 days)", "is not such as rate"),
        ("rate(1 week)", "is not such as rate"),
        ("rate(1 minute)", "more often than every 5 minutes"),
        ("cron(0 3 * * *)", "has 5 fields, not six: minutes, hours"),
        ("cron(0 3 * * * *)", "one of day of month and day of week must be ?"),
        ("cron(0 3 ? * ? *)", "one of day of month and day of week must be ?"),
        ("cron(60 3 * * ? *)", "minutes: '60' is not 0 to 59"),
        ("cron(0 24 * * ? *)", "hours: '24' is not 0 to 23"),
        ("cron(0 3 32 * ? *)", "day of month: '32' is not 1 to 31"),
        ("cron(0 3 ? * 0 *)", "day of week: '0' is not 1 to 7"),
        ("cron(0 3 ? * MON-FOO *)", "day of week: 'MON-FOO'"),
        ("cron(0 3 ? 13 MON *)", "month: '13' is not 1 to 12"),
        ("cron(0 3 ? * MON 26)", "year: '26' is not 1970 to 2199"),
        ("cron(0/0 3 * * ? *)", "minutes: '0/0' has no step"),
        ("cron(? 3 * * ? *)", "minutes: '?' is not 0 to 59"),
        ("at(2026-11-20T13:00:00)", "is not such as github:acme/engine@main"),
        ("every day", "is not such as github:acme/engine@main"),
    ],
)
def test_any_other_expression_is_refused_and_named(expression: str, reason: str) -> None:
    assert reason in refusal(f"github:a/b@main {expression}")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("acme/engine@main rate(1 day)", "is not such as"),
        ("plain:acme/engine@main rate(1 day)", "providers are github, gitlab, bitbucket and gitea"),
        ("github:../engine@main rate(1 day)", "is not such as"),
        ("github:acme/engine rate(1 day)", "is not such as"),
        ("github:acme/engine@a..b rate(1 day)", "no branch's name"),
        ("github:acme/engine@-f rate(1 day)", "no branch's name"),
        ("github:acme/engine@main rate(1 day) Europe/Atlantis", "'Europe/Atlantis' is no time zone"),
        ("gitea:acme/engine@main rate(1 day)", "webhookHosts names no gitea"),
        (f"{NIGHTLY};{NIGHTLY}", "comes twice"),
    ],
)
def test_what_cannot_be_fetched_is_refused(text: str, reason: str) -> None:
    assert reason in refusal(text)


def test_the_schedule_asks_for_the_newest_commit_if_it_is_another_one() -> None:
    (schedule,) = schedules_of(NIGHTLY, HOSTS)
    request = FetchSnapshotInput.model_validate(json.loads(fetch_input(schedule)))
    assert (request.only_changed, request.arrival, request.push.commit) == (True, 0, None)
    push = request.push
    assert (push.provider, push.repository, push.kind, push.ref) == (
        HostKind.GITHUB,
        "acme/engine",
        RefKind.BRANCH,
        "main",
    )
    assert re.fullmatch(r"[ -~]+", fetch_input(schedule))


def test_a_stack_fetches_only_where_a_setting_asks_for_it() -> None:
    def fetching(schedules: str) -> set[str]:
        stack = build_stack("dev", schedules=schedules)
        names = {str(resource.inputs.get("name")) for resource in stack.resources}
        return {name for name in names if "-fetch-" in name or name.endswith(("receive-webhook", "schedules"))}

    assert fetching("") == set()
    scheduled = fetching(NIGHTLY)
    assert {"swarm-dev-fetch-snapshot", "swarm-dev-schedules"} < scheduled
    assert sum(name.startswith("swarm-dev-fetch-") for name in scheduled) == 2, (
        "the function and its role, and one schedule"
    )
    assert "swarm-dev-receive-webhook" not in scheduled


def test_a_stack_with_a_schedule_that_cannot_be_used_is_refused_by_name() -> None:
    raw = {key.partition(":")[2]: value for key, value in stack_configuration("dev").items() if NAMESPACE in key}
    raw |= {"schedules": "github:acme/engine@main cron(0 3 * * * *)"}
    with pytest.raises(SettingsRefused, match=r"schedules: github:acme/engine@main: .*one of day of month"):
        parse_settings(raw)

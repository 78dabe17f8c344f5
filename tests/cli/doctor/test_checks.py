"""Each check of `swarm doctor`: well on a healthy stack, and each illness named with what to do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from rich.console import Console

from cli.commands.doctor import as_json_text, as_table, findings_of
from cli.doctor.check_result import EXIT_CODES, CheckResult, CheckSeverity, failed, ok, unknown, warning, worst
from cli.doctor.checks import credentials
from tests.cli.doctor.answers import ACCOUNT, GONE, IMAGE, REFUSED, TOPIC, concurrency, healthy, outputs, recovery

BEDROCK = "bedrock:some.model-v1:0"
MAY_BE_ASKED = {"authorizationStatus": "AUTHORIZED"}
EMPTY_BUCKET: dict[str, Any] = {"versioning": {}, "notification": {}}


def _ill(facts: dict[str, Any], said: dict[str, Any]) -> list[CheckResult]:
    return [found for found in findings_of(healthy(**facts), outputs(**said)) if found.level is not CheckSeverity.OK]


def test_a_healthy_stack_has_nothing_but_ok() -> None:
    found = findings_of(healthy(), outputs())
    assert worst(found) is CheckSeverity.OK
    assert len(found) == 16
    assert all(finding.seen and not finding.advice for finding in found)


def _buckets(purpose: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    return {"buckets": {**healthy().buckets, purpose: facts}}


@pytest.mark.parametrize(
    ("facts", "said", "check", "level", "seen"),
    [
        ({"state_machine": GONE}, {}, "state machine", "failed", "does not exist"),
        ({"state_machine": {"name": "m", "status": "DELETING"}}, {}, "state machine", "failed", "DELETING"),
        ({"alias": GONE}, {}, "state machine", "failed", "does not exist"),
        ({"functions": {"scan": GONE}}, {}, "functions", "failed", "does not exist"),
        ({"functions": {"scan": {"State": "Pending"}}}, {}, "functions", "failed", "1 of 1: scan is Pending"),
        (
            {"functions": {"scan": {"LastUpdateStatus": "Failed", "LastUpdateStatusReason": "no layer"}}},
            {},
            "functions",
            "failed",
            "no layer",
        ),
        (_buckets("upload", {"versioning": GONE, "notification": GONE}), {}, "upload bucket", "failed", "not exist"),
        (_buckets("context", EMPTY_BUCKET), {}, "context bucket", "failed", "no versions"),
        (_buckets("release", {"versioning": REFUSED}), {}, "release bucket", "failed", "AccessDenied"),
        (_buckets("upload", healthy().buckets["context"]), {}, "upload bucket", "failed", "EventBridge is off"),
        ({"rule": GONE}, {}, "upload rule", "failed", "does not exist"),
        ({"rule": {"Name": "r", "State": "DISABLED"}}, {}, "upload rule", "failed", "disabled"),
        ({"targets": {"Targets": []}}, {}, "upload rule", "failed", "no target"),
        ({"table": GONE}, {}, "context table", "failed", "does not exist"),
        ({"table": {"Table": {"TableStatus": "DELETING"}}}, {}, "context table", "failed", "DELETING"),
        ({"table": {"Table": {"TableStatus": "ACTIVE"}}}, {"protected": True}, "context table", "failed", "deletion"),
        ({"backups": recovery("DISABLED")}, {}, "context table", "warning", "recovery is off"),
        ({"backups": recovery("DISABLED")}, {"protected": True}, "context table", "failed", "recovery is off"),
        ({"cluster": {"clusters": []}}, {}, "cluster", "failed", "no task can start"),
        ({"cluster": REFUSED}, {}, "cluster", "failed", "AccessDenied: you may not"),
        ({"dead_letters": {"Attributes": {"ApproximateNumberOfMessages": "3"}}}, {}, "dead letters", "failed", "3 in"),
        ({"dead_letters": GONE}, {}, "dead letters", "failed", "does not exist"),
        ({"alarms": {"MetricAlarms": []}}, {}, "alarms", "failed", "deleted: swarm-dev-sessions-failed"),
        (
            {"alarms": {"MetricAlarms": [{"AlarmName": "swarm-dev-sessions-failed", "StateValue": "ALARM"}]}},
            {},
            "alarms",
            "failed",
            "raised: swarm-dev-sessions-failed",
        ),
        (
            {"subscriptions": {"Subscriptions": [{"SubscriptionArn": "PendingConfirmation"}]}},
            {"alarm_topic_arn": TOPIC},
            "alarms",
            "warning",
            "no subscription to the topic is confirmed",
        ),
        ({"subscriptions": REFUSED}, {"alarm_topic_arn": TOPIC}, "alarms", "unknown", "AccessDenied"),
        ({"lambda_account": concurrency(10, 10)}, {}, "Lambda concurrency", "warning", "10 of 10"),
        ({"lambda_account": REFUSED}, {}, "Lambda concurrency", "unknown", "AccessDenied"),
        ({"fargate": {"Spot": {"Quota": {"Value": 6.0}}}}, {}, "Fargate Spot vCPUs", "warning", "3 tasks at once"),
        ({"fargate": {"On-Demand": {"Quota": {"Value": 0.0}}}}, {}, "Fargate On-Demand vCPUs", "failed", "takes 2"),
        ({"fargate": {"Spot": GONE}}, {}, "Fargate Spot vCPUs", "unknown", "Missing"),
        ({"models": {"bedrock:eu.some.model-v1:0": GONE}}, {}, "model access", "failed", "does not exist"),
        ({"models": {BEDROCK: REFUSED}}, {}, "model access", "unknown", "AccessDenied"),
        (
            {"models": {BEDROCK: {"authorizationStatus": "NOT_AUTHORIZED", "regionAvailability": "AVAILABLE"}}},
            {},
            "model access",
            "failed",
            "authorizationStatus is NOT_AUTHORIZED",
        ),
        (
            {"models": {BEDROCK: MAY_BE_ASKED | {"agreementAvailability": {"status": "NOT_AVAILABLE"}}}},
            {},
            "model access",
            "failed",
            "agreementAvailability is NOT_AVAILABLE",
        ),
        ({"models": {"openai:some-model": {}}}, {}, "model access", "unknown", "not an AWS model"),
        (
            {"models": {BEDROCK: MAY_BE_ASKED}, "model_key": GONE},
            {"model_key_secret": "key"},
            "model key",
            "failed",
            "does not exist",
        ),
        ({"image": GONE}, {}, "image", "failed", "does not exist"),
        ({}, {"container_image": "registry.example/agent@sha256:" + "b" * 64}, "image", "unknown", "not in ECR"),
        ({}, {"container_image": IMAGE.partition("@")[0] + "@sha256:" + "0" * 64}, "image", "warning", "placeholder"),
    ],
)
def test_each_illness_is_named_once_with_what_to_do(
    facts: dict[str, Any], said: dict[str, Any], check: str, level: str, seen: str
) -> None:
    (found,) = _ill(facts, said)
    assert (found.check, found.level) == (check, level)
    assert seen in found.seen
    assert len(found.advice) > 20


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"lambda_account": concurrency(1000, 800)}, {"reserved_concurrency": 200, "analyst_concurrency": 200}),
        ({"models": {BEDROCK: MAY_BE_ASKED}, "model_key": {"Name": "key"}}, {"model_key_secret": "key"}),
        ({"subscriptions": {"Subscriptions": [{"SubscriptionArn": f"{TOPIC}:1"}]}}, {"alarm_topic_arn": TOPIC}),
    ],
)
def test_what_is_set_up_is_well(facts: dict[str, Any], said: dict[str, Any]) -> None:
    assert _ill(facts, said) == []


def test_no_credentials_and_those_of_another_account_are_different_failures() -> None:
    assert credentials({"Account": ACCOUNT, "Arn": "arn"}, outputs()).level is CheckSeverity.OK
    none = credentials({"error": "NoCredentialsError", "message": "Unable to locate credentials"}, outputs())
    other = credentials({"Account": "999999999999", "Arn": "arn"}, outputs())
    assert none.level is other.level is CheckSeverity.FAILED
    assert "NoCredentialsError" in none.seen
    assert ACCOUNT in other.advice


def test_the_exit_code_is_that_of_the_worst_finding() -> None:
    found = [ok("a", "fine"), unknown("b", "?", "look"), warning("c", "soon", "do"), failed("d", "now", "do")]
    assert [EXIT_CODES[worst(found[: count + 1])] for count in range(4)] == [0, 0, 1, 2]
    assert EXIT_CODES[worst([])] == 0


def test_the_table_shows_the_advice_and_the_json_every_field() -> None:
    found = [ok("a", "fine"), failed("b", "broken [red]", "mend it")]
    console = Console(width=80, record=True, file=None, force_terminal=False)
    with console.capture() as captured:
        console.print(as_table(found))
    assert "broken [red]" in captured.get()
    assert "mend it" in captured.get()
    parsed = json.loads(as_json_text(found))
    assert parsed["level"] == "failed"
    assert parsed["checks"][1] == {"check": "b", "level": "failed", "seen": "broken [red]", "advice": "mend it"}

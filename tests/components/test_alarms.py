"""Each alarm is raised by what provokes it, and by nothing less: its own inputs, over data that our code wrote."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from pydantic_ai.messages import ModelResponse, TextPart
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.models.function import FunctionModel
from pydantic_ai.usage import RequestUsage

from agents import keys
from agents.contracts.reaping import RunningTask
from agents.contracts.session import SessionStatus
from agents.contracts.snapshot import Gap, Manifest
from agents.contracts.states import AnalyseBatchOutput
from agents.errors import ModelThrottled
from agents.models.metered import Budget, MeteredModel
from agents.models.prices import TokenPrice
from agents.shells import lambda_handler
from components.alarms import STUCK_SECONDS, alarms_of
from components.settings.model import NAMESPACE
from tests.agents.fakes import EXECUTION, SESSION_ID, FakePorts, fake_ports, running_session, settings
from tests.agents.models.over_http.asked import WrittenLedger
from tests.agents.roles.closer.test_closer import entry, pointer
from tests.agents.shells.test_lambda_handler import Context
from tests.alarm_evaluation import Datum, data_of, state_of
from tests.components.mocked_cloud import build_stack, stack_configuration
from tests.docs.blocks import DOCS

NOW = 1_800_000_000.0
ADDRESS = "https://code.example.com/swarm/blob/main/docs/runbooks.md"
#: Everything that has an alarm of its own is switched on.
SWITCHED_ON = {
    "model": "openai:gpt-5-mini",
    "modelKeySecret": "key",
    "approveBeforePublish": "true",
    "approvalHours": "24",
    "dayCapUsd": "100",
    "siteAccess": "private",
    "sitePublicKey": stack_configuration("prod")[f"{NAMESPACE}:sitePublicKey"],
    "siteSignInIssuer": "https://login.example.com",
    "siteSignInClientId": "swarm-docs",
}


#: All of `alarms_of`, as for a stack with everything in SWITCHED_ON.
POSSIBLE = tuple(alarms_of(signs_in=True, asks_a_model=True, day_cap_usd=100, approval_hours=24))


@cache
def alarms(**more: str) -> Mapping[str, dict[str, Any]]:
    """The inputs of each alarm of a stack, by its name without the stem."""
    built = build_stack("dev", preview=False, **SWITCHED_ON, **more)
    declared = (dict(each.inputs) for each in built.of("aws:cloudwatch/metricAlarm:MetricAlarm"))
    return {inputs["name"].removeprefix("swarm-dev-"): inputs for inputs in declared}


def alarm(name: str) -> dict[str, Any]:
    """The inputs of one of them."""
    return alarms()[name]


@dataclass
class World:
    """The handler of a function on fakes, and what it has written."""

    patch: pytest.MonkeyPatch
    capture: pytest.CaptureFixture[str]
    ports: FakePorts

    def call(self, state: str, at: float = NOW - 1, **event: object) -> list[Datum]:
        """Call a state; its metrics, as if written at a moment."""
        own = settings(state, environment="dev")
        self.patch.setattr(lambda_handler, "wired", lambda: (own, self.ports))
        self.capture.readouterr()
        with suppress(ModelThrottled):
            lambda_handler.handler(dict(event), Context())
        lines = [json.loads(line) for line in self.capture.readouterr().out.splitlines() if line.startswith("{")]
        return [datum for line in lines if "_aws" in line for datum in data_of(line, at)]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> World:
    return World(monkeypatch, capsys, fake_ports())


def reaped_after(world: World, seconds: float, status: SessionStatus = SessionStatus.RUNNING) -> list[Datum]:
    """The reaper's figures about a session that has been open for so long."""
    opened = int(world.ports.clock.now() - seconds)
    world.ports.store.sessions[SESSION_ID] = running_session(status=status, opened_at=opened)
    world.ports.executions.running.add(EXECUTION)
    return world.call("Reap")


def test_a_session_that_runs_for_six_hours_is_stuck(world: World) -> None:
    assert state_of(alarm("session-stuck"), reaped_after(world, STUCK_SECONDS - 60), NOW) == "OK"
    assert state_of(alarm("session-stuck"), reaped_after(world, STUCK_SECONDS + 60), NOW) == "ALARM"


def test_a_draft_that_waits_for_half_of_the_time_calls_and_is_not_stuck(world: World) -> None:
    waiting = SessionStatus.AWAITING_APPROVAL
    assert state_of(alarm("approval-waiting"), reaped_after(world, 11 * 3600, waiting), NOW) == "OK"
    data = reaped_after(world, 12 * 3600 + 1, waiting)
    assert state_of(alarm("approval-waiting"), data, NOW) == "ALARM"
    assert state_of(alarm("session-stuck"), data, NOW) == "OK"


def test_a_task_without_a_session_calls(world: World) -> None:
    assert state_of(alarm("orphan-tasks"), world.call("Reap"), NOW) == "OK"
    world.ports.tasks.tasks.append(RunningTask(arn="arn:task", session_id="s" + "1" * 20))
    assert state_of(alarm("orphan-tasks"), world.call("Reap"), NOW) == "ALARM"


def closed(world: World, gaps: int, dropped: int = 0) -> list[Datum]:
    """The figures of a session of forty files."""
    missing = {number: Gap(path=f"f{number}.py", reason="FileTooLarge", detail="big") for number in range(gaps)}
    entries = tuple(
        entry(number, gap=missing[number]) if number in missing else entry(number, reused=True) for number in range(40)
    )
    world.ports.store.sessions[SESSION_ID] = running_session()
    manifest = Manifest(session_id=SESSION_ID, repository="demo", entries=entries)
    world.ports.blobs.write(keys.manifest(SESSION_ID), manifest.model_dump_json().encode())
    world.ports.store.save_analyses([pointer(number) for number in range(40) if number not in missing])
    world.ports.store.save_dropped_claims(SESSION_ID, "editor", dropped)
    return world.call("CloseSession", session_id=SESSION_ID, execution=EXECUTION, status="PUBLISHED")


def test_a_twentieth_of_the_files_as_gaps_calls(world: World) -> None:
    assert state_of(alarm("gap-share"), closed(world, gaps=1), NOW) == "OK"
    assert state_of(alarm("gap-share"), closed(world, gaps=2), NOW) == "ALARM"


def test_one_dropped_claim_a_file_calls(world: World) -> None:
    assert state_of(alarm("dropped-claims"), closed(world, gaps=0, dropped=39), NOW) == "OK"
    assert state_of(alarm("dropped-claims"), closed(world, gaps=0, dropped=40), NOW) == "ALARM"


def analysed(world: World, at: float, work: Callable[[], None]) -> list[Datum]:
    """The figures of a batch whose work is this."""

    def run_state(*_: object) -> AnalyseBatchOutput:
        work()
        return AnalyseBatchOutput(batch_id="b00000", analysed=1, gaps=0)

    world.patch.setattr(lambda_handler, "run_state", run_state)
    return world.call("AnalyseBatch", at, session_id=SESSION_ID, batch_id="b00000", route="lambda")


def test_a_model_that_throttles_for_a_quarter_of_an_hour_calls(world: World) -> None:
    def throttled() -> None:
        raise ModelThrottled("429")

    data = [datum for back in (1, 301) for datum in analysed(world, NOW - back, throttled)]
    assert state_of(alarm("model-throttled"), data, NOW) == "OK"
    data += analysed(world, NOW - 601, throttled)
    assert state_of(alarm("model-throttled"), data, NOW) == "ALARM"


def spending(usd: float) -> Callable[[], None]:
    """One question that costs so much."""

    async def answer(_: object, __: object) -> ModelResponse:
        usage = RequestUsage(input_tokens=100, output_tokens=100)
        return ModelResponse(parts=[TextPart("yes")], usage=usage)

    def work() -> None:
        price = TokenPrice(usd * 5_000, usd * 5_000, usd * 5_000, usd * 5_000)
        model = MeteredModel(FunctionModel(answer), Budget(WrittenLedger(), SESSION_ID), price, "analyst")
        asyncio.run(model.request([], None, ModelRequestParameters()))

    return work


@pytest.mark.parametrize(("name", "hours", "each"), [("spend-rate", 0.9, 13), ("day-cap", 23, 41)])
def test_spend_near_the_days_cap_calls(world: World, name: str, hours: float, each: float) -> None:
    data = analysed(world, NOW - hours * 3600, spending(each))
    assert state_of(alarm(name), data, NOW) == "OK"
    data += analysed(world, NOW - 1, spending(each))
    assert state_of(alarm(name), data, NOW) == "ALARM"


def aws_data(name: str, moments: Sequence[float]) -> list[Datum]:
    """What AWS itself writes of an event: 1, under the dimensions that it documents for the metric."""
    watched = alarm(name)
    dimensions = dict(watched["dimensions"])
    return [Datum(watched["namespace"], watched["metricName"], dimensions, at, 1) for at in moments]


@pytest.mark.parametrize("name", ["sessions-failed", "sessions-timed-out", "dead-letters"])
def test_one_event_that_aws_counts_calls(name: str) -> None:
    assert state_of(alarm(name), [], NOW) == "OK"
    assert state_of(alarm(name), aws_data(name, [NOW - 1]), NOW) == "ALARM"


def test_throttles_of_analysts_call_after_a_quarter_of_an_hour() -> None:
    name = "analyst-throttled"
    assert state_of(alarm(name), aws_data(name, [NOW - 1, NOW - 301]), NOW) == "OK"
    assert state_of(alarm(name), aws_data(name, [NOW - 1, NOW - 301, NOW - 601]), NOW) == "ALARM"


@pytest.mark.parametrize(
    ("more", "page"),
    [({}, "docs/runbooks.md"), ({"runbookUrl": ADDRESS}, ADDRESS)],
    ids=["no address", "an address"],
)
def test_every_alarm_ends_with_its_runbook(more: dict[str, str], page: str) -> None:
    texts = {name: inputs["alarmDescription"] for name, inputs in alarms(**more).items()}
    assert {name: text.rpartition(". Runbook: ")[2] for name, text in texts.items()} == {
        watched.name: f"{page}#{watched.name}" for watched in POSSIBLE
    }
    # CloudWatch allows a description 1,024 characters.
    assert [name for name, text in texts.items() if len(text) + 500 - len(page) > 1_024] == []


def test_a_stack_has_the_alarms_of_what_can_happen_there() -> None:
    names = [each.name for each in alarms_of(signs_in=False, asks_a_model=False, day_cap_usd=100, approval_hours=0)]
    assert len(names) == 7
    assert {"spend-rate", "day-cap", "approval-waiting", "model-throttled", "sign-in-failed"}.isdisjoint(names)


def test_the_page_names_for_each_alarm_the_run_that_raises_it() -> None:
    page = (DOCS / "signals.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"<!-- alarms -->\n(.*?)<!-- end -->", page, re.DOTALL)
    rows = [line.split(" | ") for line in block.splitlines() if "`" in line]
    runs = {
        name: (DOCS / file).read_text(encoding="utf-8")
        for names, _, where in rows
        for file in re.findall(r"`make (?:test|alarms)`, \[.*?\]\((.*?)\)", where)
        for name in re.findall(r"`([a-z-]+)`", names)
    }
    assert sorted(runs) == sorted(watched.name for watched in POSSIBLE)
    assert [name for name, run in runs.items() if f'"{name}"' not in run or "raised()" not in run] == []

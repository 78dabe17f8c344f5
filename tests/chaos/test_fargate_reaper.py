"""The reaper on the whole cloud: orphaned tasks end, sessions without an execution end, cancelling ends everything."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from agents import keys
from agents.aws.ledger import DynamoDbLedger
from agents.aws.system_clock import SystemClock
from agents.contracts.session import SessionRecord, SessionStatus
from cli.app import app
from cli.commands.cancel import cancel, request_for
from cli.commands.reap import ReaperFailed, ask_reaper, reap
from cli.errors import BadInput, ExitCode
from local.cloud import LocalCloud
from tests.chaos import fargate_cloud as fargate
from tests.chaos.fargate_cloud import analysts_machine, ended, item, python

pytestmark = [pytest.mark.local, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with fargate.start_cloud() as started:
        yield started


@pytest.fixture
def answers() -> Console:
    return Console(file=io.StringIO(), width=200)


def text_of(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def working(cloud: LocalCloud) -> tuple[str, str]:
    """A session whose execution waits for a task that works and beats for ever; the session and the execution."""
    machine = analysts_machine(cloud, python("while True:", "    time.sleep(0.2)"))
    name = fargate.session_id()
    execution = machine.arn.replace(":stateMachine:", ":execution:") + f":{name}"
    session = fargate.open_session(cloud, execution)
    given = item(session, heartbeat_seconds=120)
    cloud.client("stepfunctions").start_execution(stateMachineArn=machine.arn, name=name, input=json.dumps(given))
    fargate.one_task(cloud, session)
    return session, execution


#: A branch that wants a session, and the order of its push.
BRANCH, PUSH = "team/demo@refs/heads/main", "0001"


def working_on_the_repository(cloud: LocalCloud, state: str) -> tuple[str, str]:
    """The same in one of the states that read the whole repository; a branch wants the session."""
    machine = fargate.whole_machine(cloud, state, python("while True:", "    time.sleep(0.2)"))
    name = fargate.session_id()
    execution = machine.arn.replace(":stateMachine:", ":execution:") + f":{name}"
    session = fargate.open_session(cloud, execution, wanted_by=f"{BRANCH}@{PUSH}")
    given = json.dumps(fargate.at_the_repositorys_states(session))
    cloud.client("stepfunctions").start_execution(stateMachineArn=machine.arn, name=name, input=given)
    fargate.one_task(cloud, session)
    return session, execution


@pytest.mark.parametrize(
    "state",
    [
        "PublishOversized",
        *(
            pytest.param(state, marks=pytest.mark.slow)
            for state in ("SynthesizeOversized", "EditOversized", "CritiqueOversized")
        ),
    ],
)
def test_the_task_of_a_state_of_the_whole_repository_ends_with_its_execution_and_not_before(
    cloud: LocalCloud, answers: Console, state: str
) -> None:
    session, execution = working_on_the_repository(cloud, state)
    reap(cloud, False, answers)
    assert fargate.tasks_of(cloud, session)[0]["lastStatus"] == "RUNNING"
    cloud.client("stepfunctions").stop_execution(executionArn=execution)
    ended(cloud, execution)
    reap(cloud, False, answers)
    (task,) = fargate.stopped(cloud, session)
    assert task["stoppedReason"] == "the execution of this task's session is over"
    assert error_of(cloud, session) == "ExecutionLost"


@pytest.mark.parametrize("stopped_by_open_session", [pytest.param(True, marks=pytest.mark.slow), False])
def test_a_newer_commit_ends_a_session_whose_task_edits_a_large_repository(
    cloud: LocalCloud, answers: Console, stopped_by_open_session: bool
) -> None:
    session, execution = working_on_the_repository(cloud, "EditOversized")
    superseded = fargate.store_of(cloud).withdraw(session, BRANCH, PUSH)
    assert superseded is not None
    if stopped_by_open_session:
        cloud.client("stepfunctions").stop_execution(executionArn=execution, error="Superseded", cause="a newer commit")
    reap(cloud, False, answers)
    assert ended(cloud, execution)["status"] == "ABORTED"
    fargate.stopped(cloud, session)
    assert fargate.store_of(cloud).session(session).status is SessionStatus.SUPERSEDED
    assert error_of(cloud, session) == "Superseded"


def error_of(cloud: LocalCloud, session: str) -> str:
    record = SessionRecord.model_validate_json(fargate.blobs_of(cloud).read(keys.record(session)))
    assert record.error is not None
    return record.error.name


def test_a_living_session_and_its_task_survive_the_reaper(cloud: LocalCloud, answers: Console) -> None:
    session, execution = working(cloud)
    assert reap(cloud, False, answers) is ExitCode.DONE
    assert "Nothing to end" in text_of(answers)
    assert fargate.store_of(cloud).session(session).status is SessionStatus.RUNNING
    assert fargate.tasks_of(cloud, session)[0]["lastStatus"] == "RUNNING"
    cloud.client("stepfunctions").stop_execution(executionArn=execution)
    reap(cloud, False, answers)


def test_a_task_that_no_longer_beats_is_stopped_when_its_execution_is_over(cloud: LocalCloud, answers: Console) -> None:
    session, execution = working(cloud)
    cloud.client("stepfunctions").stop_execution(executionArn=execution)
    ended(cloud, execution)
    assert fargate.tasks_of(cloud, session)[0]["lastStatus"] == "RUNNING"  # stopping an execution stops no task
    reap(cloud, False, answers)
    (task,) = fargate.stopped(cloud, session)
    assert task["stoppedReason"] == "the execution of this task's session is over"
    assert fargate.store_of(cloud).session(session).status is SessionStatus.FAILED
    assert error_of(cloud, session) == "ExecutionLost"
    assert f"ended session {session}" in text_of(answers)


def test_cancelling_ends_execution_task_and_session(cloud: LocalCloud, answers: Console) -> None:
    session, execution = working(cloud)
    other, _ = working(cloud)
    assert cancel(cloud, request_for(session), answers) is ExitCode.DONE
    assert ended(cloud, execution)["status"] == "ABORTED"
    fargate.stopped(cloud, session)
    assert error_of(cloud, session) == "Cancelled"
    assert fargate.store_of(cloud).session(other).status is SessionStatus.RUNNING
    assert fargate.tasks_of(cloud, other)[0]["lastStatus"] == "RUNNING"
    cancel(cloud, request_for(other), answers)


def test_a_cancelled_session_can_be_claimed_again(cloud: LocalCloud, answers: Console) -> None:
    session, _ = working(cloud)
    cancel(cloud, request_for(session), answers)
    held = fargate.store_of(cloud).session(session)
    assert (
        fargate.store_of(cloud).claim(
            held.model_copy(update={"execution": "arn:next", "status": SessionStatus.RUNNING})
        )
        is None
    )
    fargate.store_of(cloud).close(fargate.store_of(cloud).session(session), SessionStatus.FAILED)


def test_cancelling_twice_is_reported_and_harmless(cloud: LocalCloud, answers: Console) -> None:
    session, _ = working(cloud)
    cancel(cloud, request_for(session), answers)
    cancel(cloud, request_for(session), answers)
    assert "was not running" in text_of(answers)


def test_an_unknown_session_is_a_sentence(cloud: LocalCloud) -> None:
    with pytest.raises(ReaperFailed, match="SessionUnknown: sffff"):
        ask_reaper(cloud, request_for("s" + "f" * 20))


def test_what_is_no_id_is_refused_before_anything_is_asked() -> None:
    with pytest.raises(BadInput, match="not a session id"):
        request_for("yesterday's")


def test_the_schedule_calls_the_reapers_alias_every_few_minutes(cloud: LocalCloud) -> None:
    (schedule,) = cloud.client("scheduler").list_schedules()["Schedules"]
    described = cloud.client("scheduler").get_schedule(Name=schedule["Name"])
    assert described["ScheduleExpression"] == "rate(5 minutes)"
    assert described["Target"]["Arn"].endswith("-reap:live")


def test_a_cancelled_sessions_reservations_come_back_at_once(cloud: LocalCloud, answers: Console) -> None:
    session, _ = working(cloud)
    ledger = DynamoDbLedger(
        cloud.client("dynamodb"), str(cloud.outputs["context_table"]), SystemClock(), "local", (10.0, 100.0)
    )
    for _ in range(3):
        ledger.reserve(session, 0.5)
    cancel(cloud, request_for(session), answers)
    assert ledger.session(session) == (0.0, 0.0)
    assert "returned 1.5000 USD" in text_of(answers)


@pytest.fixture
def swarm(cloud: LocalCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command line, which finds the laptop's cloud as it would find a deployed stack."""
    outputs = tmp_path / "outputs.json"
    outputs.write_text(json.dumps(dict(cloud.outputs)), encoding="utf-8")
    for name, value in cloud.variables().items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(app, [*arguments, "--stack", "local", "--outputs", str(outputs)])

    return run


def test_swarm_reap_ends_what_is_left_and_says_what(cloud: LocalCloud, swarm: Callable[..., Result]) -> None:
    session, execution = working(cloud)
    cloud.client("stepfunctions").stop_execution(executionArn=execution)
    ended(cloud, execution)
    first, second = swarm("reap"), swarm("reap", "--json")
    assert first.exit_code == ExitCode.DONE, first.stderr
    assert f"ended session {session}" in first.stdout
    assert "ended task arn:" in first.stdout
    fargate.stopped(cloud, session)
    assert second.exit_code == ExitCode.DONE, second.stderr
    assert json.loads(second.stdout)["sessions"] == 0


def test_swarm_cancel_ends_one_session_and_a_second_time_says_that_it_was_not_running(
    cloud: LocalCloud, swarm: Callable[..., Result]
) -> None:
    session, execution = working(cloud)
    first, second = swarm("cancel", session), swarm("cancel", session)
    assert (first.exit_code, second.exit_code) == (ExitCode.DONE, ExitCode.DONE), first.stderr + second.stderr
    assert f"ended session {session}" in first.stdout
    assert f"Session {session} was not running." in second.stdout
    assert ended(cloud, execution)["status"] == "ABORTED"
    assert error_of(cloud, session) == "Cancelled"


@pytest.mark.parametrize(
    ("arguments", "exit_code", "sentence"),
    [
        (("cancel", "yesterday's"), ExitCode.BAD_INPUT, "not a session id"),
        (("cancel", "s" + "f" * 20), ExitCode.BAD_INPUT, "There is no session"),
    ],
)
def test_a_session_that_cannot_be_is_a_sentence_and_an_exit_code(
    swarm: Callable[..., Result], arguments: tuple[str, ...], exit_code: ExitCode, sentence: str
) -> None:
    result = swarm(*arguments)
    assert result.exit_code == exit_code
    assert sentence in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("command", [("reap",), ("cancel", "s" + "0" * 20)], ids=lambda command: command[0])
@pytest.mark.parametrize("text", [None, "{}", "no JSON"], ids=["no file", "no stack", "no JSON"])
def test_without_a_stack_nothing_is_asked_and_a_sentence_says_so(
    tmp_path: Path, command: tuple[str, ...], text: str | None
) -> None:
    outputs = tmp_path / "outputs.json"
    if text is not None:
        outputs.write_text(text)
    result = CliRunner().invoke(app, [*command, "--stack", "dev", "--outputs", str(outputs)])
    assert result.exit_code == ExitCode.BAD_INPUT
    assert "outputs.json" in result.stderr.replace("\n", "")
    assert "Traceback" not in result.stderr

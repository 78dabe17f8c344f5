"""The reaper on the whole cloud: orphaned tasks end, sessions without an execution end, cancelling ends everything."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest
from rich.console import Console

from agents import keys
from agents.contracts.session import SessionRecord, SessionStatus
from cli.cancel import cancel, request_for
from cli.errors import BadInput, ExitCode
from cli.reap import ReaperFailed, ask_reaper, reap
from local.cloud import LocalCloud
from tests.chaos import fargate_cloud as fargate
from tests.chaos.fargate_cloud import analysts_machine, ended, item, python

pytestmark = [pytest.mark.slow, pytest.mark.local]


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
    fargate.store_of(cloud).close(session, SessionStatus.FAILED)


def test_cancelling_twice_is_told_and_harmless(cloud: LocalCloud, answers: Console) -> None:
    session, _ = working(cloud)
    cancel(cloud, request_for(session), answers)
    cancel(cloud, request_for(session), answers)
    assert "was not running" in text_of(answers)


def test_an_unknown_session_is_a_sentence(cloud: LocalCloud) -> None:
    with pytest.raises(ReaperFailed, match="SessionUnknown: sffff"):
        ask_reaper(cloud, request_for("s" + "f" * 20))


def test_what_is_no_id_is_refused_before_anything_is_asked() -> None:
    with pytest.raises(BadInput, match="no session's id"):
        request_for("yesterday's")


def test_the_schedule_calls_the_reapers_alias_every_few_minutes(cloud: LocalCloud) -> None:
    (schedule,) = cloud.client("scheduler").list_schedules()["Schedules"]
    described = cloud.client("scheduler").get_schedule(Name=schedule["Name"])
    assert described["ScheduleExpression"] == "rate(5 minutes)"
    assert described["Target"]["Arn"].endswith("-reap:live")

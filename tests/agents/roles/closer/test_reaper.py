"""The reaper ends what nobody ends any more, and nothing that somebody works on."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from agents import keys
from agents.contracts.batch_inference import BatchJob, JobProgress, JobReservation, JobStatus
from agents.contracts.reaping import Ending, ReapInput, ReapOutput, RunningTask
from agents.contracts.session import Session, SessionRecord, SessionStatus
from agents.errors import SessionUnknown
from agents.roles.closer.reap import ORPHANED, run
from tests.agents.fakes import EXECUTION, SESSION_ID, FakePorts, fake_ports, running_session, settings

OTHER = "s" + "1" * 20
LIVING = "arn:aws:states:eu-central-1:000000000000:execution:documentation:living"


def world(*sessions: Session, tasks: tuple[str, ...] = ()) -> FakePorts:
    """Sessions, of which LIVING's are alive, and one task for each name."""
    ports = fake_ports()
    ports.store.sessions = {session.session_id: session for session in sessions}
    ports.executions.running.add(LIVING)
    ports.tasks.tasks = [RunningTask(arn=f"task-of-{name}", session_id=name) for name in tasks]
    return ports


def reaped(ports: FakePorts, **request: object) -> ReapOutput:
    return run(ReapInput.model_validate(request), ports, settings("Reap"))


def record(ports: FakePorts, session_id: str = SESSION_ID) -> SessionRecord:
    return SessionRecord.model_validate_json(ports.blobs.blobs[keys.record(session_id)])


def test_a_session_whose_execution_is_gone_ends_as_failed_and_says_so() -> None:
    ports = world(running_session())
    assert reaped(ports).ended_sessions == (SESSION_ID,)
    assert ports.store.sessions[SESSION_ID].status is SessionStatus.FAILED
    error = record(ports).error
    assert error is not None
    assert (error.name, error.cause) == ("ExecutionLost", "nothing is known of its execution any more")


def test_the_executions_own_error_is_kept_where_aws_knows_one() -> None:
    ports = world(running_session())
    ports.executions.endings[EXECUTION] = Ending(error="States.Timeout", cause="the execution is TIMED_OUT")
    reaped(ports)
    error = record(ports).error
    assert error is not None
    assert (error.name, error.cause) == ("States.Timeout", "the execution is TIMED_OUT")


def test_a_session_that_is_worked_on_and_its_tasks_are_left_alone() -> None:
    ports = world(running_session(execution=LIVING), tasks=(SESSION_ID,))
    assert reaped(ports) == ReapOutput()
    assert ports.tasks.stopped == {}


def test_a_session_that_ended_is_not_ended_again() -> None:
    ports = world(running_session(status=SessionStatus.PUBLISHED))
    assert reaped(ports) == ReapOutput()
    assert ports.store.sessions[SESSION_ID].status is SessionStatus.PUBLISHED


@pytest.mark.parametrize("status", [SessionStatus.PUBLISHED, SessionStatus.FAILED, SessionStatus.RUNNING])
def test_a_task_whose_execution_is_over_is_stopped_with_its_reason(status: SessionStatus) -> None:
    ports = world(running_session(status=status), tasks=(SESSION_ID,))
    assert reaped(ports).stopped_tasks == (f"task-of-{SESSION_ID}",)
    assert ports.tasks.stopped == {f"task-of-{SESSION_ID}": ORPHANED}


def test_a_session_that_somebody_else_has_claimed_meanwhile_is_left_alone() -> None:
    ports = world(running_session())
    taken = running_session(execution=LIVING)
    ports.executions.is_running = lambda execution: bool(  # type: ignore[method-assign]  # claimed while we ask
        ports.store.sessions.update({SESSION_ID: taken}) or execution == LIVING
    )
    assert reaped(ports).sessions == 0
    assert ports.store.sessions[SESSION_ID] == taken


def test_a_session_that_was_opened_after_the_look_at_tasks_loses_none() -> None:
    ports = world(tasks=())
    before = ports.tasks.running

    def running() -> list[RunningTask]:
        seen = list(before())
        ports.store.sessions[OTHER] = running_session(OTHER, execution=LIVING)
        ports.tasks.tasks.append(RunningTask(arn="new", session_id=OTHER))
        return seen

    ports.tasks.running = running  # type: ignore[method-assign]  # a fake is changed for this test
    assert reaped(ports) == ReapOutput()


def test_cancelling_stops_the_execution_the_tasks_and_the_session_and_nothing_of_others() -> None:
    mine, theirs = running_session(execution=LIVING), running_session(OTHER, execution=EXECUTION)
    ports = world(mine, theirs, tasks=(SESSION_ID, OTHER))
    assert reaped(ports, session_id=SESSION_ID, cancel=True) == ReapOutput(
        ended_sessions=(SESSION_ID,), stopped_tasks=(f"task-of-{SESSION_ID}",), sessions=1, tasks=1
    )
    assert LIVING not in ports.executions.running
    assert ports.executions.endings[LIVING].error == "Cancelled"
    error = record(ports).error
    assert error is not None
    assert error.name == "Cancelled"
    assert ports.store.sessions[OTHER].status is SessionStatus.RUNNING


def test_cancelling_a_session_that_is_over_changes_nothing() -> None:
    ports = world(running_session(status=SessionStatus.PUBLISHED, execution=LIVING))
    assert reaped(ports, session_id=SESSION_ID, cancel=True) == ReapOutput()
    assert LIVING in ports.executions.running


def test_an_unknown_session_is_an_error() -> None:
    with pytest.raises(SessionUnknown):
        reaped(fake_ports(), session_id=SESSION_ID, cancel=True)


def test_nobody_can_cancel_every_session_at_once() -> None:
    with pytest.raises(ValidationError, match="name the session to cancel"):
        ReapInput(cancel=True)


def test_a_report_names_a_hundred_and_counts_all() -> None:
    ports = world(*(running_session(f"s{number:020x}") for number in range(150)))
    report = reaped(ports)
    assert (report.sessions, len(report.ended_sessions)) == (150, 100)


@pytest.mark.parametrize("request_", [{}, {"session_id": SESSION_ID, "cancel": True}], ids=["dead", "cancelled"])
def test_what_was_held_back_for_a_session_that_is_ended_is_given_back_and_of_no_other(
    request_: dict[str, object],
) -> None:
    ports = world(running_session(), running_session(OTHER, execution=LIVING))
    mine, theirs = ports.ledger.reserve(SESSION_ID, 0.25), ports.ledger.reserve(OTHER, 0.5)
    assert reaped(ports, **request_).returned_usd == 0.25
    assert list(ports.ledger.held) == [theirs.lease]
    ports.ledger.settle(mine, 0.1)
    assert reaped(ports).returned_usd == 0


def test_the_batch_inference_job_of_a_dead_session_is_stopped_and_its_money_comes_back() -> None:
    ports = world(running_session())
    held = ports.ledger.reserve(SESSION_ID, 2.0)
    job = BatchJob(
        session_id=SESSION_ID,
        execution=EXECUTION,
        name="job",
        records=2,
        most_usd=2.0,
        submitted_at=0,
        deadline=1,
        arn=ports.jobs.arn,
        held=JobReservation(lease=held.lease, usd=2.0, expires_at=0),
    )
    ports.blobs.blobs[keys.batch_inference_job(SESSION_ID)] = job.model_dump_json().encode()
    ports.jobs.progress = JobProgress(status=JobStatus.IN_PROGRESS, processed=1)
    reaped(ports)
    assert ports.jobs.stopped == [ports.jobs.arn]
    assert (ports.ledger.held, ports.ledger.spent) == ({}, 1.0)


@pytest.mark.parametrize(
    ("superseded", "ending", "cause"),
    [
        (True, Ending(), "a newer commit of the same branch was pushed"),
        (True, Ending(error="Superseded", cause="pushed to main"), "pushed to main"),
        (False, Ending(error="Superseded", cause="pushed to main"), "pushed to main"),
    ],
    ids=["marked", "both", "stopped"],
)
def test_a_session_that_was_stopped_for_a_newer_commit_ends_as_superseded_and_leaves_nothing(
    superseded: bool, ending: Ending, cause: str
) -> None:
    ports = world(running_session(superseded=superseded), tasks=(SESSION_ID,))
    ports.executions.endings[EXECUTION] = ending
    ports.ledger.reserve(SESSION_ID, 0.25)
    output = reaped(ports)
    assert (output.ended_sessions, output.tasks, output.returned_usd) == ((SESSION_ID,), 1, 0.25)
    assert ports.store.sessions[SESSION_ID].status is record(ports).status is SessionStatus.SUPERSEDED
    error = record(ports).error
    assert error is not None
    assert (error.name, error.cause) == ("Superseded", cause)


def test_a_superseded_session_ends_at_once_though_its_execution_was_not_stopped_yet() -> None:
    ports = world(running_session(superseded=True))
    ports.executions.running.add(EXECUTION)
    output = reaped(ports)
    assert output.ended_sessions == (SESSION_ID,)
    assert EXECUTION not in ports.executions.running
    assert record(ports).status is SessionStatus.SUPERSEDED

"""`swarm watch SESSION`: the progress of a session, as `swarm run` shows it, until it ends."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError
from rich.console import Console

from agents.aws.failures import code_of
from agents.contracts.session import Session, SessionRecord, SessionStatus
from agents.errors import SessionUnknown
from cli.errors import ExitCode, may_succeed_again
from cli.output.progress import view_for
from cli.output.summary import summary
from cli.session import run_outcome
from cli.session.execution_history import Event
from cli.session.execution_watch import events_of, follow
from cli.session.run_outcome import RunOutcome
from cli.session.run_outcome_loader import stored_outcome
from cli.stack.clients import Cloud, Stack, stack_of
from cli.stack.location import Location

#: DescribeExecution is shared by everyone in the account, about 15 a second.
_POLL_SECONDS = 1.5
#: Between the end of an execution and what the session's item says lies the reaper, which comes every five minutes.
_GONE = frozenset({"ExecutionDoesNotExist"})


def watch(
    cloud: Cloud, session_id: str, where: Location, as_json: bool, messages: Console, answers: Console
) -> ExitCode:
    """Follow the session to its end and print what it came to; exit codes as those of `swarm run`.

    Raises:
        BadInput: there is no such session.
    """
    stack = stack_of(cloud)
    session = session_in_stack(stack, session_id, where)
    described = execution_in_stack(stack, session)
    if described is not None and described["status"] == "RUNNING":
        age = (datetime.now(UTC) - described["startDate"]).total_seconds()
        with view_for(messages) as view:
            follow(stack, session.execution, view, time.monotonic() - max(0.0, age), poll_seconds=_POLL_SECONDS)
        session = session_in_stack(stack, session_id, where)
    outcome = stored_outcome(stack, session, events_in_stack(stack, session))
    _print(outcome, where, as_json, answers)
    return exit_code_of(outcome)


def session_in_stack(stack: Stack, session_id: str, where: Location) -> Session:
    """The session's own item. Raises BadInput when there is none."""
    try:
        return stack.store.session(session_id)
    except SessionUnknown:
        raise where.unknown(session_id) from None


def execution_in_stack(stack: Stack, session: Session) -> Mapping[str, Any] | None:
    """The session's execution as DescribeExecution returns it; None for one that no longer exists."""
    try:
        return stack.states.describe_execution(executionArn=session.execution)
    except ClientError as error:
        if code_of(error) in _GONE:
            return None
        raise


def events_in_stack(stack: Stack, session: Session) -> list[Event]:
    """The history of the session's execution; AWS keeps it for 90 days, a cloud on a laptop until it ends."""
    try:
        return list(events_of(stack, session.execution))
    except ClientError as error:
        if code_of(error) in _GONE:
            return []
        raise


def exit_code_of(outcome: RunOutcome) -> ExitCode:
    """As `swarm run`'s: a session that failed is 1."""
    return ExitCode.SESSION_FAILED if outcome.record.status is SessionStatus.FAILED else ExitCode.DONE


def _print(outcome: RunOutcome, where: Location, as_json: bool, answers: Console) -> None:
    record = outcome.record
    if as_json:
        answers.file.write(json.dumps(json.loads(run_outcome.as_json(record))) + os.linesep)
        return
    answers.print(summary(outcome, None, record.timings.wall_s))
    answers.print(f"\nnext: {_next(record, where)}", markup=False, soft_wrap=True)


def _next(record: SessionRecord, where: Location) -> str:
    if record.status.published:
        return f"swarm fetch {record.session_id}{where.options} --out {record.session_id}"
    if record.error is not None and not may_succeed_again(record.error.name):
        return f"swarm submit PATH{where.options}"
    return f"swarm redrive {record.session_id}{where.options}"

"""Waits until an execution has opened its session: what `swarm submit` can name when it ends."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from cli.errors import CommandError, advice
from cli.session import execution_history as history
from cli.session.execution_watch import events_of
from cli.stack.clients import Stack

#: A cold start of the first function, or its retries in an account whose functions are busy.
OPENING_PATIENCE_SECONDS = 180.0
_POLL_SECONDS = 0.5


class SessionNotOpened(CommandError):
    """The execution failed, or waited too long, before it had a session."""


@dataclass(frozen=True)
class OpenedSession:
    """A session and the execution that asked for it; a duplicate belongs to an earlier execution."""

    session_id: str
    execution: str
    duplicate: bool


def opened_session(
    stack: Stack,
    execution: str,
    patience: float = OPENING_PATIENCE_SECONDS,
    sleep: Callable[[float], None] = time.sleep,
) -> OpenedSession:
    """The session of this execution, as soon as it has one.

    Raises:
        SessionNotOpened: the execution ended without a session, or has none after `patience` seconds.
    """
    deadline = time.monotonic() + patience
    while True:
        events = events_of(stack, execution)
        reached = history.state_of(events)
        if reached.session_id:
            return OpenedSession(reached.session_id, execution, reached.duplicate)
        error = history.error(events)
        if error is not None:
            cause = error.cause.strip().splitlines()
            failure = f"{error.name}: {cause[0][:300]}" if cause else error.name
            raise SessionNotOpened(f"The session was not opened: {failure}. {advice(error.name, error.cause)}")
        if time.monotonic() >= deadline:
            raise SessionNotOpened(
                f"The execution {execution} has opened no session within {patience:.0f} s: look at it in the console of"
                " Step Functions, or run `swarm sessions` later"
            )
        sleep(_POLL_SECONDS)

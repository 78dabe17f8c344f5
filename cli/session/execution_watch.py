"""Follows one execution to its end: its history for the state, the context store for the batches."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from agents.contracts.session import SessionStatus
from agents.errors import SessionUnknown, StoreThrottled
from agents.roster import ROSTER
from cli.output.progress import PHASES, Progress, ProgressView
from cli.session import execution_history as history
from cli.stack.clients import Stack

_POLL_SECONDS = 0.1
#: The history is whole in every answer, and the service gives it less often than an execution's status. The first
#: looks are close together: a session's first states are short.
_LOOK_SECONDS, _FIRST_LOOK_SECONDS, _LONGER = 1.5, 0.1, 1.6
#: States of the progress line: those with a phase, but for branches of ReviewRepository. Others set a value or choose.
_SHOWN_STATES = PHASES.keys() - {state for state, row in ROSTER.items() if row.role == "reviewer"}


@dataclass(frozen=True)
class EndedExecution:
    """How an execution ended: its status in AWS's words, its history, and what the history says."""

    status: str
    events: list[dict[str, Any]]
    state: history.ExecutionState


def follow(
    stack: Stack,
    execution: str,
    view: ProgressView,
    started: float,
    sleep: Callable[[float], None] = time.sleep,
    poll_seconds: float = _POLL_SECONDS,
    on_plan: Callable[[str], None] = lambda _: None,
    on_wait: Callable[[str], None] = lambda _: None,
) -> EndedExecution:
    """Show the execution's progress until it is over; `started` is when time.monotonic() began to count.

    Both calls get the session's id: `on_plan` once, when the scanner has planned, `on_wait` at each look at which a
    draft waits for a person.
    """
    looked, pause, planned = -_LOOK_SECONDS, _FIRST_LOOK_SECONDS, False
    while True:
        status = stack.states.describe_execution(executionArn=execution)["status"]
        now = time.monotonic()
        if status != "RUNNING" or now - looked >= pause:
            events = events_of(stack, execution)
            reached = history.state_of(events)
            if reached.planned and not planned:
                planned = True
                on_plan(reached.session_id)
            view.show(_progress(stack, reached, time.monotonic() - started))
            if status == "RUNNING" and "AwaitApproval" in reached.states:
                on_wait(reached.session_id)
            if status != "RUNNING":
                return EndedExecution(status, events, reached)
            looked, pause = now, min(_LOOK_SECONDS, pause * _LONGER)
        sleep(poll_seconds)


def events_of(stack: Stack, execution: str) -> list[dict[str, Any]]:
    """The execution's whole history. The parent's stays under 500 events, so this is one call."""
    events: list[dict[str, Any]] = []
    for page in stack.states.get_paginator("get_execution_history").paginate(executionArn=execution):
        events += [dict(event) for event in page["events"]]
    return events


def _progress(stack: Stack, reached: history.ExecutionState, seconds: float) -> Progress:
    state = next((name for name in reversed(reached.states) if name in _SHOWN_STATES), "")
    if not reached.planned_batches or reached.duplicate:
        return Progress(seconds, state)
    try:
        outcomes, lost = stack.store.batches(reached.session_id)
    except StoreThrottled:  # the next look asks again
        return Progress(seconds, state, batches_planned=reached.planned_batches)
    return Progress(
        seconds,
        state,
        batches_done=min(len(outcomes) + len(lost), reached.planned_batches),
        batches_planned=reached.planned_batches,
        gaps=sum(len(outcome.gaps) for outcome in outcomes),
        usd=sum(outcome.usage.usd for outcome in outcomes),
    )


def wait_for_other_run(
    stack: Stack, session_id: str, view: ProgressView, sleep: Callable[[float], None] = time.sleep
) -> SessionStatus:
    """The session's status, once no execution works on it any more: another run may have begun it just now."""
    announced = False
    while True:
        try:
            status = stack.store.session(session_id).status
        except SessionUnknown:
            return SessionStatus.FAILED
        if not status.open:
            return status
        if not announced:
            view.say("Another run is documenting this snapshot just now; waiting for it to end.")
            announced = True
        sleep(_POLL_SECONDS)

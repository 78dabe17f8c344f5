"""AWS Lambda: one handler for every state, contract in and contract out; in between the role's code runs."""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Protocol

from aws_lambda_powertools import Logger

from agents.aws.models import finish_calls, settle_calls
from agents.aws.wiring import aws_ports
from agents.contracts.http import HttpResponse
from agents.errors import BatchTooLong, InternalError, ModelUnavailable, SwarmError
from agents.ports import Ports
from agents.roster import ROSTER
from agents.settings import AgentSettings
from agents.shells.garbage import collect_left_behind, collect_seldom
from agents.shells.http_events import http_answer, http_request
from agents.shells.signals import StateCall
from agents.shells.states import (
    JsonObject,
    Pause,
    context_of_event,
    load,
    request_of_event,
    run_state,
    session_of,
    state_of_event,
)

#: Set where Lambda, or the laptop's stand-in, starts this process; not where something imports the module.
_STARTED_BY_LAMBDA = "AWS_LAMBDA_RUNTIME_API"
#: An error's message travels through the state machine, whose payload stays small.
MESSAGE_LIMIT = 2_000
#: The analyst begins no file when less than this is left of the function's time, or less than a fifth of it.
_RESERVE_MS = 30_000
#: Model calls without an answer are cancelled and settled this long before the function's end.
_SETTLING_MS = 8_000
#: How long a process that is asked to end waits for calls to a model; the local cloud kills it 3 s later.
_FINISH_SECONDS = 5.0
#: What a shell's process that ended by SIGTERM reports.
_TERMINATED = 143

logger = Logger(service="swarm")


class LambdaContext(Protocol):
    """What we use of Lambda's context object."""

    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int:
        """Until Lambda ends the process."""


@cache
def wired() -> tuple[AgentSettings, Ports]:
    """Settings and ports, once a process."""
    settings = AgentSettings.from_variables(os.environ)
    return settings, aws_ports(settings)


def handler(event: JsonObject, context: LambdaContext) -> JsonObject:
    """Run the state that SWARM_STATE names, or one that shares its function and names itself in the event."""
    call = StateCall(context_of_event(event))
    collect_left_behind()
    try:
        settings, ports = wired()
        state = state_of_event(event, settings.state)
        call.begin(settings, state, context.aws_request_id)
        request = http_request(event) if ROSTER[state].http else request_of_event(state, event)
        with _settled_in_time(state, context):
            output = run_state(state, request, ports, settings, _pause(context))
    except Exception as error:  # every error is logged, then goes on to the state machine under its own name
        logger.exception("state failed", error=type(error).__name__)
        call.end(error=error)
        # Lambda sends the traceback on as the cause; the log has it, and the state machine's payload must stay small.
        raise _outward(error).with_traceback(None) from None
    call.add(session_id=session_of(request) or session_of(output))
    call.end(output)
    logger.info("state done", seconds=call.seconds)
    return http_answer(output) if isinstance(output, HttpResponse) else output.model_dump(mode="json")


@contextmanager
def _settled_in_time(state: str, context: LambdaContext) -> Iterator[None]:
    """Settle the reservations of pending model calls before Lambda ends the function, which gives no signal."""
    if not ROSTER[state].model_role:
        yield
        return
    late = "the function's time was up before the model answered"
    reason = BatchTooLong(late) if state == "AnalyseBatch" else ModelUnavailable(late)
    left = context.get_remaining_time_in_millis()
    timer = threading.Timer((left - min(_SETTLING_MS, left // 5)) / 1000, settle_calls, (reason,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _end(_signal: int, _frame: object) -> None:
    """SIGTERM, from the local cloud: calls that are pending are paid for, so they may finish."""
    finish_calls(_FINISH_SECONDS)
    os._exit(_TERMINATED)


def _pause(context: LambdaContext) -> Pause:
    reserve = min(_RESERVE_MS, context.get_remaining_time_in_millis() // 5)

    def pause() -> None:
        left = context.get_remaining_time_in_millis()
        if left < reserve:
            raise BatchTooLong(f"{left / 1000:.0f} s of the function's time are left; finished files are stored")

    return pause


def _outward(error: Exception) -> Exception:
    """The error as the state machine may see it: its own class, a bounded message, nothing internal."""
    message = str(error)
    if isinstance(error, InternalError):
        return RuntimeError(f"{type(error).__name__}: {message}"[:MESSAGE_LIMIT])
    if len(message) <= MESSAGE_LIMIT:
        return error
    cut = message[:MESSAGE_LIMIT]
    return type(error)(cut) if isinstance(error, SwarmError) else RuntimeError(f"{type(error).__name__}: {cut}")


if _STARTED_BY_LAMBDA in os.environ:  # Lambda gives the start-up more processor time than the calls
    signal.signal(signal.SIGTERM, _end)
    load(wired()[0])
    gc.freeze()  # loaded modules stay: no call has to scan them for garbage
    collect_seldom()

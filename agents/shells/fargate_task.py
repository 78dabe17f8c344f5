"""ECS Fargate: `python -m agents.shells.fargate_task`.

State and settings come from the task definition, the request from SWARM_REQUEST. With SWARM_TASK_TOKEN the task beats
its heart and answers the state machine itself; without, its exit code is the answer.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import nullcontext
from types import FrameType
from typing import NoReturn

from aws_lambda_powertools import Logger

from agents.aws.wiring import aws_ports, task_callback
from agents.contracts.base import Contract
from agents.environment import REQUEST_VARIABLE, TASK_TOKEN_VARIABLE, AgentEnvironment
from agents.errors import InternalError, TaskInterrupted, TaskTokenRejected
from agents.ports import Ports, TaskCallback
from agents.shells.states import request_of_pointer, run_state, session_of

DONE = 0
FAILED = 3
TOKEN_REJECTED = 4
INTERRUPTED = 143
#: ECS kills a task 30 s after SIGTERM unless its definition says more: the token is answered before that.
GRACE_SECONDS = 20.0
_CAUSE_LIMIT = 2_000

logger = Logger(service="swarm")


class Interruption:
    """Whether the machine is being taken back: Fargate Spot, a stopped task, Ctrl-C."""

    def __init__(self, callback: TaskCallback | None, grace_seconds: float = GRACE_SECONDS) -> None:
        self._callback = callback
        self._grace_seconds = grace_seconds
        self._asked = threading.Event()
        self._timer: threading.Timer | None = None

    def __enter__(self) -> None:
        """Take the signal over; as a container's first process we would not get it otherwise."""
        signal.signal(signal.SIGTERM, self.ask)

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if self._timer is not None:
            self._timer.cancel()

    def ask(self, _signal: int = signal.SIGTERM, _frame: FrameType | None = None) -> None:
        """Stop after the current file. A file that takes longer than the grace period is given up."""
        if self._callback is None:
            raise SystemExit(INTERRUPTED)
        self._asked.set()
        if self._timer is None:
            self._timer = threading.Timer(self._grace_seconds, self._give_up)
            self._timer.daemon = True
            self._timer.start()

    def pause(self) -> None:
        """Raises TaskInterrupted once asked."""
        if self._asked.is_set():
            raise TaskInterrupted("the task was stopped; what is finished is stored")

    def _give_up(self) -> None:
        if self._callback is not None:
            try:
                self._callback.fail(TaskInterrupted.__name__, "the task was stopped in the middle of a file")
            finally:
                end_at_once(INTERRUPTED)


class Heartbeat:
    """Beats beside the work: a dead container is noticed by its silence, a dead execution by its answer."""

    def __init__(self, callback: TaskCallback, interval_seconds: float) -> None:
        self._callback = callback
        self._interval_seconds = interval_seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(self._interval_seconds)

    def _beat(self) -> None:
        while not self._over.is_set():
            try:
                self._callback.beat()
            except TaskTokenRejected:
                logger.warning("the execution no longer waits for this task")
                end_at_once(TOKEN_REJECTED)
                return
            except Exception:  # a beat that did not get through is followed by the next one
                logger.exception("heartbeat failed")
            self._over.wait(self._interval_seconds)


def end_at_once(code: int) -> None:
    """End the process now, from any thread, whatever the others do."""
    sys.stderr.flush()
    os._exit(code)


def perform(pointer: str, ports: Ports, settings: AgentEnvironment, callback: TaskCallback | None) -> int:
    """Run the state, answer the token if there is one, and give back the exit code."""
    interruption = Interruption(callback)
    logger.append_keys(state=settings.state, request=pointer)
    heartbeat = Heartbeat(callback, settings.heartbeat_seconds / 3) if callback else nullcontext()
    with interruption, heartbeat:
        return _attempt(pointer, ports, settings, interruption, callback)


def _attempt(
    pointer: str, ports: Ports, settings: AgentEnvironment, interruption: Interruption, callback: TaskCallback | None
) -> int:
    try:
        request = request_of_pointer(settings.state, pointer)
        output = run_state(request, ports, settings, interruption.pause)
        _succeed(output, callback)
    except TaskTokenRejected as error:
        return _ended(TOKEN_REJECTED, error)
    except Exception as error:  # the token must be answered and the exit code must tell, whatever happened
        logger.exception("state failed", error=type(error).__name__)
        try:
            _fail(error, callback)
        except TaskTokenRejected as rejected:
            return _ended(TOKEN_REJECTED, rejected)
        return _ended(INTERRUPTED if isinstance(error, TaskInterrupted) else FAILED, error)
    logger.info("state done", session_id=session_of(request))
    return DONE


def _succeed(output: Contract, callback: TaskCallback | None) -> None:
    if callback is not None:
        callback.succeed(output)


def _fail(error: Exception, callback: TaskCallback | None) -> None:
    if callback is not None:
        name = RuntimeError.__name__ if isinstance(error, InternalError) else type(error).__name__
        callback.fail(name, f"{error}"[:_CAUSE_LIMIT] or name)


def _ended(code: int, error: Exception) -> int:
    line = " ".join(str(error).split())[:_CAUSE_LIMIT]
    print(f"{type(error).__name__}: {line}", file=sys.stderr)  # noqa: T201 (the line that ECS shows a person)
    return code


def main() -> NoReturn:
    """The container's command."""
    settings = AgentEnvironment.from_variables(os.environ)
    token = os.environ.get(TASK_TOKEN_VARIABLE, "")
    callback = task_callback(token) if token else None
    sys.exit(perform(os.environ[REQUEST_VARIABLE], aws_ports(settings), settings, callback))


if __name__ == "__main__":
    main()

"""ECS Fargate: `python -m agents.shells.fargate_task`.

State and settings come from the task definition, the request from SWARM_REQUEST. With SWARM_TASK_TOKEN the task
sends heartbeats and reports success or failure to the state machine. Without a token its exit code is the result, and
the error's name is written to the session's items, where the state ReadScanFailure reads it.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from aws_lambda_powertools import Logger

from agents.aws.wiring import aws_ports, task_callback
from agents.contracts.base import Contract
from agents.errors import InternalError, TaskInterrupted, TaskTokenRejected
from agents.ports import Ports, TaskCallback
from agents.settings import (
    EXECUTION_VARIABLE,
    REQUEST_VARIABLE,
    RETRIES_VARIABLE,
    TASK_TOKEN_VARIABLE,
    AgentSettings,
)
from agents.shells.garbage import collect_seldom
from agents.shells.heartbeat import TOKEN_REJECTED, Heartbeat, interval_seconds
from agents.shells.interruption import INTERRUPTED, Interruption
from agents.shells.signals import StateCall
from agents.shells.states import fields_of_pointer, request_of_pointer, run_state

DONE = 0
FAILED = 3
_CAUSE_LIMIT = 2_000

logger = Logger(service="swarm")


def perform(pointer: str, ports: Ports, settings: AgentSettings, callback: TaskCallback | None) -> int:
    """Run the state, report to the task token if there is one, and return the exit code."""
    interruption = Interruption(callback)
    call = StateCall(_context(settings.state, pointer))
    call.begin(settings, settings.state)
    if callback is None:
        with interruption:
            return _attempt(pointer, ports, settings, interruption, call, None)
    with interruption, Heartbeat(callback, interval_seconds(settings.heartbeat_seconds)) as heartbeat:
        return _attempt(pointer, ports, settings, interruption, call, _FinalAnswer(callback, heartbeat))


class _FinalAnswer:
    """Reports the task's result, and stops the heartbeat first: an answered token accepts none."""

    def __init__(self, callback: TaskCallback, heartbeat: Heartbeat) -> None:
        self._callback = callback
        self._heartbeat = heartbeat
        self.beat = callback.beat

    def succeed(self, output: Contract) -> None:
        """SendTaskSuccess. Raises TaskTokenRejected."""
        self._heartbeat.stop()
        self._callback.succeed(output)

    def fail(self, error: str, cause: str) -> None:
        """SendTaskFailure. Raises TaskTokenRejected."""
        self._heartbeat.stop()
        self._callback.fail(error, cause)


def _context(state: str, pointer: str) -> dict[str, object]:
    fields = fields_of_pointer(state, pointer)
    context: dict[str, object] = {name: fields.get(name, "") for name in ("session_id", "batch_id")}
    if EXECUTION_VARIABLE in os.environ:
        execution, retries = os.environ[EXECUTION_VARIABLE], os.environ.get(RETRIES_VARIABLE, "0")
        context |= {"execution": execution, "attempt": int(retries) + 1}
    return context


def _attempt(
    pointer: str,
    ports: Ports,
    settings: AgentSettings,
    interruption: Interruption,
    call: StateCall,
    callback: TaskCallback | None,
) -> int:
    try:
        request = request_of_pointer(settings.state, pointer)
        output = run_state(settings.state, request, ports, settings, interruption.pause)
        call.end(output)
        _succeed(output, callback)
    except TaskTokenRejected as error:
        return _ended(TOKEN_REJECTED, error)
    except SystemExit:  # SIGTERM without a task token
        stopped = TaskInterrupted("the task was stopped before its work was done")
        _save_failure(pointer, ports, stopped)
        return _ended(INTERRUPTED, stopped)
    except Exception as error:  # every failure must reach the token and the exit code
        logger.exception("state failed", error=type(error).__name__)
        call.end(error=error)
        try:
            _fail(pointer, ports, error, callback)
        except TaskTokenRejected as rejected:
            return _ended(TOKEN_REJECTED, rejected)
        return _ended(INTERRUPTED if isinstance(error, TaskInterrupted) else FAILED, error)
    logger.info("state done", seconds=call.seconds)
    return DONE


def _succeed(output: Contract, callback: TaskCallback | None) -> None:
    if callback is not None:
        callback.succeed(output)


def _fail(pointer: str, ports: Ports, error: Exception, callback: TaskCallback | None) -> None:
    if callback is None:
        _save_failure(pointer, ports, error)
    else:
        callback.fail(_outward_name(error), _cause(error))


def _save_failure(pointer: str, ports: Ports, error: Exception) -> None:
    """Write the error where the state machine reads it for this execution: `.sync` does not pass it on."""
    try:
        session = ports.store.session(pointer.partition("/")[0])
        ports.store.save_failure(session.session_id, session.execution, _outward_name(error), _cause(error))
    except Exception:  # the exit code still reports the failure, and the log its reason
        logger.exception("the failure could not be written to the store")


def _outward_name(error: Exception) -> str:
    return RuntimeError.__name__ if isinstance(error, InternalError) else type(error).__name__


def _cause(error: Exception) -> str:
    return f"{error}"[:_CAUSE_LIMIT] or type(error).__name__


def _ended(code: int, error: Exception) -> int:
    line = " ".join(str(error).split())[:_CAUSE_LIMIT]
    print(f"{type(error).__name__}: {line}", file=sys.stderr)  # noqa: T201 (people read this line in ECS)
    return code


def main() -> NoReturn:
    """The container's command."""
    collect_seldom()
    settings = AgentSettings.from_variables(os.environ)
    token = os.environ.get(TASK_TOKEN_VARIABLE, "")
    callback = task_callback(token) if token else None
    sys.exit(perform(os.environ[REQUEST_VARIABLE], aws_ports(settings), settings, callback))


if __name__ == "__main__":
    main()

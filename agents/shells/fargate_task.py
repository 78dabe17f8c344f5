"""ECS Fargate: `python -m agents.shells.fargate_task`.

State and settings come from the task definition, the request from SWARM_REQUEST. With SWARM_TASK_TOKEN the task
sends heartbeats and reports success or failure to the state machine. Without a token its exit code is the result, and
the error's name is written to the session's items, where the state ReadScanFailure reads it.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
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
from agents.shells.heartbeat import NOBODY_WAITS, TOKEN_REJECTED, Heartbeat, interval_seconds
from agents.shells.interruption import INTERRUPTED, Interruption
from agents.shells.signals import StateCall
from agents.shells.states import fields_of_pointer, request_of_pointer, run_state

DONE = 0
FAILED = 3
_CAUSE_LIMIT = 2_000

logger = Logger(service="swarm")


def perform(pointer: str, ports: Ports, settings: AgentSettings, callback: TaskCallback | None) -> int:
    """Run the state, report to the task token if there is one, and return the exit code."""
    call = StateCall(_context(settings.state, pointer))
    call.begin(settings, settings.state)
    interruption = Interruption(callback, call.fail)
    if callback is None:
        with interruption:
            return _Task(pointer, ports, settings, call).attempt(interruption)
    with (
        interruption,
        Heartbeat(callback, interval_seconds(settings.heartbeat_seconds), call.fail) as heartbeat,
    ):
        return _Task(pointer, ports, settings, call, _FinalAnswer(callback, heartbeat)).attempt(interruption)


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


@dataclass(frozen=True)
class _Task:
    """The one call of a state that this process is for."""

    pointer: str
    ports: Ports
    settings: AgentSettings
    call: StateCall
    answer: TaskCallback | None = None

    def attempt(self, interruption: Interruption) -> int:
        """The exit code. Metrics and spans come after the answer: nobody waits for a collector of traces."""
        state = self.settings.state
        try:
            request = request_of_pointer(state, self.pointer)
            output = run_state(state, request, self.ports, self.settings, interruption.pause)
            interruption.finish()
            if self.answer is not None:
                self.answer.succeed(output)
        except SystemExit:  # SIGTERM without a task token
            interruption.finish()
            stopped = TaskInterrupted("the task was stopped before its work was done")
            logger.exception("state failed", error=TaskInterrupted.__name__, exc_info=stopped)
            return self._failed(stopped)
        except Exception as error:  # every failure must reach the token and the exit code
            interruption.finish()
            logger.exception("state failed", error=type(error).__name__)
            return self._failed(error)
        self.call.end(output)
        logger.info("state done", seconds=self.call.seconds)
        return DONE

    def _failed(self, error: Exception) -> int:
        try:
            return _ended(self._report(error), error)
        finally:
            self.call.end(error=error)

    def _report(self, error: Exception) -> int:
        """Tell the state machine, and return the exit code."""
        if isinstance(error, TaskTokenRejected):
            return TOKEN_REJECTED
        if self.answer is None:
            self._save_failure(error)
        else:
            try:
                self.answer.fail(_outward_name(error), _cause(error))
            except TaskTokenRejected:
                logger.warning(NOBODY_WAITS)
                return TOKEN_REJECTED
        return INTERRUPTED if isinstance(error, TaskInterrupted) else FAILED

    def _save_failure(self, error: Exception) -> None:
        """Write the error where the state machine reads it for this execution: `.sync` does not pass it on."""
        store = self.ports.store
        try:
            session = store.session(self.pointer.partition("/")[0])
            store.save_failure(session.session_id, session.execution, _outward_name(error), _cause(error))
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

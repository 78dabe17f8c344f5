"""RedriveExecution, which moto has not: an execution that did not succeed goes on where it ended.

Names, messages, fields and events follow recorded answers of AWS; tests/local/test_redrive.py names their source. Two
differences remain: the iterations of an inline map all run again, and a child of a Distributed Map that had not
succeeded starts at its beginning.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.core.responses import ActionResult
from moto.stepfunctions.exceptions import AWSError, InvalidArn
from moto.stepfunctions.parser.api import ExecutionStatus
from moto.stepfunctions.parser.asl.component.common.flow.start_at import StartAt
from moto.stepfunctions.parser.asl.component.program.program import Program
from moto.stepfunctions.parser.asl.component.state.exec.state_map import state_map
from moto.stepfunctions.parser.asl.component.state.state_continue_with import ContinueWithEnd
from moto.stepfunctions.parser.backend.execution import Execution
from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker
from moto.stepfunctions.responses import StepFunctionResponse

from local.moto.continued_history import ContinuedHistory
from local.moto.map_run_children import child_named
from local.moto.map_runs import go_on, map_run
from local.moto.repairs.step_functions_versions import version_arn
from local.moto.replacements import replaces

#: RedriveExecution, "conditions": days since the end, and events in the history.
_REDRIVABLE, _MOST_EVENTS = timedelta(days=14), 24_999
_lock = threading.Lock()

replaces(state_map, "MapRunRecord")(map_run)


class _Redrives:
    """How often an execution was redriven, when last, and the answers by client token."""

    def __init__(self) -> None:
        self.count = 0
        self.date: datetime | None = None
        self.by_token: dict[str, datetime] = {}


def redrives_of(execution: Execution) -> _Redrives:
    redrives: _Redrives = vars(execution).setdefault("redrives", _Redrives())
    return redrives


@replaces(StepFunctionResponse, "redrive_execution")
def _redrive_execution(self: Any) -> ActionResult:
    """moto answers NotImplementedError. A client token that has redriven before is answered as it was then."""
    arn, token = self._get_param("executionArn"), self._get_param("clientToken") or ""
    execution = self.stepfunction_backend.describe_execution(arn)
    if execution.state_machine.type != "STANDARD":
        raise InvalidArn(f"Invalid Arn: 'Resource type not valid in this context: {arn}'")
    with _lock:
        redrives = redrives_of(execution)
        if token and token in redrives.by_token:
            return ActionResult({"redriveDate": redrives.by_token[token]})
        reason = _refusal(execution)
        if reason:
            raise AWSError(f"Execution {arn} invalid for redrive as: {reason}", "ExecutionNotRedrivable", 400)
        redrives.count, redrives.date = redrives.count + 1, datetime.now(UTC)
        redrives.by_token[token] = redrives.date
        execution.exec_worker = _RedrivenWorker(execution.exec_worker, redrives.count, redrives.date)
        execution.exec_status = ExecutionStatus.RUNNING
        execution.stop_date = execution.error = execution.cause = None
        execution.exec_worker.start()
    return ActionResult({"redriveDate": redrives.date})


def _refusal(execution: Execution) -> str:
    """Why AWS would not redrive the execution, in its words; empty where it would."""
    if execution.exec_status in {ExecutionStatus.RUNNING, ExecutionStatus.SUCCEEDED}:
        return f"Execution is {execution.status} and cannot be redriven"
    if execution.stop_date and datetime.now(UTC) - execution.stop_date > _REDRIVABLE:
        return "Execution redrivable period exceeded"
    if len(execution.exec_worker.env.event_manager._history_event_list) >= _MOST_EVENTS:
        return "Execution history event limit exceeded"
    return ""


_original_describe = StepFunctionResponse.describe_execution


@replaces(StepFunctionResponse, "describe_execution")
def _describe_execution(self: Any) -> ActionResult:
    """moto says nothing of redrives, versions and children of a map run, and leaves out when an execution timed out."""
    child = child_named(self.stepfunction_backend, self._get_param("executionArn"))
    if child is not None:
        return ActionResult(child.described)
    described: dict[str, Any] = _original_describe(self).result
    execution = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
    redrives, reason = redrives_of(execution), _refusal(execution)
    described |= {"redriveCount": redrives.count, "redriveStatus": "NOT_REDRIVABLE" if reason else "REDRIVABLE"}
    described |= {"redriveStatusReason": reason} if reason else {}
    described |= {"redriveDate": redrives.date} if redrives.date else {}
    described |= {"stateMachineVersionArn": version} if (version := version_arn(execution)) else {}
    described |= {"stopDate": execution.stop_date} if execution.stop_date else {}
    return ActionResult(described)


class _RedrivenWorker(ExecutionWorker):  # type: ignore[misc]  # moto is not followed
    """Runs an execution on, with the definition and the input that it began with, and with new task tokens."""

    def __init__(self, before: ExecutionWorker, redrive_count: int, at: datetime) -> None:
        super().__init__(
            before._evaluation_details,
            before._execution_communication,
            before._cloud_watch_logging_session,
            before._activity_store,
        )
        self._program = self._get_evaluation_entrypoint()
        env = self._get_evaluation_environment()
        history = ContinuedHistory(
            before.env.event_manager.get_event_history(), self._program.states.states, redrive_count
        )
        env.event_manager = history
        env.event_history_context.source_event_id = len(history.get_event_history())
        env.variable_store = before.env.variable_store
        env.map_run_record_pool_manager = before.env.map_run_record_pool_manager
        env.states.context_object.context_object_data["Execution"] |= {
            "RedriveCount": redrive_count,
            "RedriveTime": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }
        record = env.map_run_record_pool_manager.get(history.map_run)
        if record is not None:
            go_on(self._evaluation_details.execution_details.arn, record)
        self.env = env

    def _execution_logic(self) -> None:
        self._program.eval(self.env)
        self._execution_communication.terminated()


_original_eval = Program.eval


@replaces(Program, "eval")
def _eval(self: Any, env: Any) -> None:
    """A redriven execution, and each of its branches, goes on at its last state; moto knows the first state only."""
    history = env.event_manager
    place = history.take_place(self.states.states) if isinstance(history, ContinuedHistory) else None
    if place is None:
        _original_eval(self, env)
        return
    succeeded = place.left and isinstance(self.states.states[place.state].continue_with, ContinueWithEnd)
    env.states.reset(place.output if succeeded else place.given)
    if succeeded:  # a branch that has nothing left to do
        env.next_state_name = place.state
        env.set_ended()
        return
    start = StartAt(place.state)
    _original_eval(
        Program(self.query_language, start, self.states, self.timeout_seconds, self.comment, self.version), env
    )

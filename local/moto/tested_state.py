"""Evaluates one state as an execution would, by the same interpreter, and notes what becomes of its data on the way.

The program is this request's own, so that its parts can answer in place of a service: no other execution sees them. A
Wait does not wait, as the answer has no place for its length.
"""

from __future__ import annotations

import copy
import threading
import uuid
from datetime import UTC, datetime
from typing import Any

from moto.stepfunctions.parser.api import StateMachineType
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEventException
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.evaluation_details import AWSExecutionDetails
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventHistoryContext
from moto.stepfunctions.parser.asl.eval.program_state import ProgramRunning
from moto.stepfunctions.parser.asl.eval.states import ContextObjectData, ExecutionData, StateMachineData
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str

from local.moto.repairs.definitions import parsed_anew
from local.moto.tested_state_errors import Retried, watch_errors
from local.moto.tested_state_mocks import put_mock
from local.moto.tested_state_request import Asked

#: "The TestState API can run for up to five minutes. If the execution of a state exceeds this duration, it fails with
#: the States.Timeout error."
_LONGEST_SECONDS = 300


class TestedState:
    """One state and what is seen of it."""

    __test__ = False

    def __init__(self, asked: Asked, account: str, region: str) -> None:
        self._asked = asked
        self._state = parsed_anew(asked.machine).states.states[asked.name]
        self._env = _environment(asked, account, region)
        self._data: dict[str, Any] = {"input": asked.given}
        self._answer: dict[str, Any] = {}
        self._watch()

    def run(self) -> dict[str, Any]:
        """TestState's answer."""
        thread = threading.Thread(target=self._run, name="tested-state", daemon=True)
        thread.start()
        thread.join(_LONGEST_SECONDS)
        if thread.is_alive():
            self._env.set_timed_out()
            self._answer = {"status": "FAILED", "error": "States.Timeout", "cause": "The test ran for five minutes"}
        answer = {name: value for name, value in self._answer.items() if value is not None}
        return answer if self._asked.level == "INFO" else answer | {"inspectionData": self._inspected()}

    def _run(self) -> None:
        """What a program does with each of its states."""
        env = self._env
        try:
            env.next_state_name = self._asked.name
            self._state.eval(env)
        except Retried as retried:
            self._answer = {"status": "RETRIABLE", **retried.failure}
        except FailureEventException as failure:
            self._answer = {"status": "FAILED", **failed(failure)}
        except Exception as problem:  # noqa: BLE001  as the interpreter's own program
            cause = f"{type(problem).__name__}({problem})"
            self._answer = {"status": "FAILED", "error": "States.Runtime", "cause": cause}
        else:
            state, caught = env.program_state(), self._data.pop("caught", None)
            self._answer = {
                "status": "SUCCEEDED" if caught is None else "CAUGHT_ERROR",
                **(caught or {}),
                "output": to_json_str(env.states.get_input()),
                "nextState": state.next_state_name if isinstance(state, ProgramRunning) else None,
            }

    def _inspected(self) -> dict[str, Any]:
        known = {name: value for name, value in self._data.items() if name != "caught"}
        store = self._env.variable_store
        variables = dict(store._outer_scope | store._inner_scope)
        known |= {"variables": variables} if variables else {}
        return {name: value if name in _NOT_JSON else to_json_str(value) for name, value in known.items()}

    def _watch(self) -> None:
        state, body = self._state, self._asked.body
        watch_errors(state, self._asked.retries, self._data)
        for part, name in _NOTED.items():
            self._note_after(getattr(state, part, None), name)
        if body["Type"] == "Pass" and "Parameters" in body:
            self._note_after(state.parameters, "afterParameters")
        if body["Type"] == "Wait":
            state.wait_function._wait_interval = lambda *_, **__: None
        if self._asked.mock is not None:
            put_mock(state, self._asked, self._data)
        if hasattr(state, "_eval_execution"):
            evaluate = state._eval_execution

            def noting(env: Any) -> None:
                evaluate(env)
                self._data["result"] = copy.deepcopy(env.stack[-1])

            state._eval_execution = noting

    def _note_after(self, part: Any, name: str) -> None:
        """Keep what is on top of the interpreter's stack once a part of the state is evaluated."""
        if part is None:
            return
        evaluate = part._eval_body

        def noting(env: Any) -> None:
            evaluate(env)
            if env.stack:
                self._data[name] = copy.deepcopy(env.stack[-1])

        part._eval_body = noting


#: Parts of a state, and what AWS calls the data after them.
_NOTED = {
    "input_path": "afterInputPath",
    "parargs": "afterParameters",
    "result": "result",
    "result_selector": "afterResultSelector",
    "result_path": "afterResultPath",
    "items_path": "afterItemsPath",
    "item_selector": "afterItemSelector",
}
_NOT_JSON = {"errorDetails", "maxConcurrency", "toleratedFailureCount", "toleratedFailurePercentage"}


def failed(failure: FailureEventException) -> dict[str, Any]:
    """Error and cause, as an execution would fail with."""
    details = failure.get_execution_failed_event_details() or {}
    return {"error": details.get("error"), "cause": details.get("cause")}


def _environment(asked: Asked, account: str, region: str) -> Any:
    name = str(uuid.uuid4())
    arn = f"arn:aws:states:{region}:{account}"
    machine, role = f"{arn}:stateMachine:{name}", asked.role or f"arn:aws:iam::{account}:role/none"
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    env = Environment(
        aws_execution_details=AWSExecutionDetails(account=account, region=region, role_arn=role),
        execution_type=StateMachineType.STANDARD,
        context=ContextObjectData(
            Execution=ExecutionData(
                Id=f"{arn}:execution:{name}:{name}", Input=asked.given, Name=name, RoleArn=role, StartTime=now
            ),
            StateMachine=StateMachineData(Id=machine, Name=name),
        ),
        event_history_context=EventHistoryContext.of_program_start(),
        cloud_watch_logging_session=None,
        activity_store={},
    )
    context = env.states.context_object.context_object_data
    for part, value in asked.context.items():
        context[part] = {**context.get(part, {}), **value} if isinstance(value, dict) else value
    for variable, value in asked.variables.items():
        env.variable_store.set(variable, value)
    env.states.reset(input_value=asked.given)
    return env

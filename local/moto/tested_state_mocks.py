"""What a tested state's service answers in place of the service: a result, or an error."""

from __future__ import annotations

import copy
import json
import sys
from typing import Any

from moto.stepfunctions.parser.api import HistoryEventType, TaskFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import CustomErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.state_map import StateMap
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import StateTaskService
from moto.stepfunctions.parser.asl.component.state.exec.state_task.state_task import StateTask
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails

from local.moto.repairs.step_functions_refusals import UNLIMITED, too_many_failed
from local.moto.repairs.step_functions_values import named
from local.moto.tested_state_request import Asked, Mock


class _Mocked(FailureEventException):  # type: ignore[misc]  # moto is not followed
    """A mocked error, whose name is final."""


def put_mock(state: Any, asked: Asked, data: dict[str, Any]) -> None:
    """Let a state answer by its mock; what surrounds the answer is evaluated as ever."""
    mock = asked.mock
    assert mock is not None  # noqa: S101  asked by who has one
    name_error = state._from_error

    def error_of(env: Any, ex: Exception) -> Any:
        return ex.failure_event if isinstance(ex, _Mocked) else name_error(env=env, ex=ex)

    state._from_error = error_of
    if isinstance(state, StateTaskService):
        state._eval_service_task = lambda env, **_: _give(env, mock)
        state._eval_integration_pattern = lambda **_: None
    elif isinstance(state, StateTask):

        def evaluate(env: Any) -> None:
            state._eval_parameters(env=env)
            _give(env, mock)

        state._eval_execution = evaluate
    elif isinstance(state, StateMap):
        state._eval_execution = lambda env: _evaluate_map(state, env, asked, mock, data)
    else:
        state._eval_execution = lambda env: _give(env, mock)


def _give(env: Any, mock: Mock) -> None:
    if not mock.fails:
        env.stack.append(copy.deepcopy(mock.result))
        return
    details = TaskFailedEventDetails(error=mock.error, cause=mock.cause)
    reserved = mock.error is not None and mock.error.startswith("States.")
    raise _Mocked(
        FailureEvent(
            env=env,
            error_name=named(mock.error) if reserved else CustomErrorName(mock.error),
            event_type=HistoryEventType.TaskFailed,
            event_details=EventDetails(taskFailedEventDetails=details),
        )
    )


def _evaluate_map(state: Any, env: Any, asked: Asked, mock: Mock, data: dict[str, Any]) -> None:
    """The fields of a Map around its iterations, and whether more of these failed than it tolerates."""
    data["maxConcurrency"] = _value(state.max_concurrency_decl, env)
    items = json.loads(asked.items) if asked.items else None
    if state.item_reader is None and state.items_path is not None:
        items = _value(state.items_path, env)
    count = _value(state.tolerated_failure_count_decl, env)
    percentage = _value(state.tolerated_failure_percentage_decl, env)
    if {"ToleratedFailureCount", "ToleratedFailureCountPath"} & asked.body.keys():
        data["toleratedFailureCount"] = count
    if {"ToleratedFailurePercentage", "ToleratedFailurePercentagePath"} & asked.body.keys():
        data["toleratedFailurePercentage"] = percentage
    if asked.failed_iterations is not None:
        known = items if isinstance(items, list) else mock.result if isinstance(mock.result, list) else None
        total = len(known) if known is not None else sys.maxsize
        if asked.failed_iterations > min(UNLIMITED if count is None else count, total * percentage / 100):
            raise too_many_failed(env)
    _give(env, mock)


def _value(part: Any, env: Any) -> Any:
    part.eval(env=env)
    return env.stack.pop()

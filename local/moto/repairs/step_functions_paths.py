"""A path that leads nowhere: AWS ends the execution as States.Runtime, which no retrier and no catcher takes.

tests/corpus/executions has the cases; moto lets `States.ALL` catch and retry it, in DynamoDB tasks under another name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEventException
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.state.exec.execute_state import ExecutionState
from moto.stepfunctions.parser.asl.component.state.exec.state_map.state_map import StateMap
from moto.stepfunctions.parser.asl.component.state.exec.state_parallel.state_parallel import StateParallel
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_dynamodb import (
    StateTaskServiceDynamoDB,
)
from moto.stepfunctions.parser.asl.utils.json_path import NoSuchJsonPathError

from local.moto.replacements import replaces


class Uncaught(FailureEventException):  # type: ignore[misc]  # moto is not followed
    """States.Runtime that is no path's."""


def _failed_inside(state: Any, error: Exception) -> bool:
    """A Map or a Parallel does not catch States.Runtime of an item or a branch either."""
    if not isinstance(state, (StateMap, StateParallel)) or not isinstance(error, FailureEventException):
        return False
    name = error.failure_event.error_name
    return name is not None and name.error_name == StatesErrorNameType.StatesRuntime.to_name()


def _naming(original: Callable[..., Any]) -> Callable[..., Any]:
    def name(self: Any, env: Any, ex: Exception) -> Any:
        """Outside of the retriers and catchers, moto itself turns the path's error into States.Runtime."""
        if isinstance(ex, (NoSuchJsonPathError, Uncaught)) or _failed_inside(self, ex):
            raise ex
        return original(self, env=env, ex=ex)

    return name


for _kind in (ExecutionState, StateTaskServiceDynamoDB):
    replaces(_kind, "_from_error")(_naming(_kind._from_error))

"""Repairs of `ecs:runTask` in moto's Step Functions interpreter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError
from moto.stepfunctions.parser.api import HistoryEventType, TaskFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import CustomErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_ecs
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (
    StateTaskServiceCallback,
)
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str

from local.moto.repairs.ecs import NOT_STARTED
from local.moto.repairs.step_functions import client_for
from local.moto.replacements import replaces
from workflow.integrations import INTEGRATIONS

StateTaskServiceEcs = state_task_service_ecs.StateTaskServiceEcs


_original_supported = StateTaskServiceEcs._get_supported_parameters


def _shapes(self: Any, action: str | None) -> Any:
    api = client_for("us-east-1", "ecs").meta.service_model
    wanted = (action or self.resource.api_action).replace("_", "").lower()
    return next(api.operation_model(name) for name in api.operation_names if name.lower() == wanted)


@replaces(StateTaskServiceEcs, "_normalise_parameters")
def _normalise_parameters(self: Any, parameters: Any, _service: Any = None, service_action_name: Any = None) -> None:
    """ECS's API is camelCase and ASL's parameters are PascalCase; moto passes them on as they are: KeyError."""
    self._to_boto_request(parameters, _shapes(self, service_action_name).input_shape)


@replaces(StateTaskServiceEcs, "_normalise_response")
def _normalise_response(self: Any, response: Any, _service: Any = None, service_action_name: Any = None) -> None:
    """The same for the answer, whose times are milliseconds since 1970; moto leaves Python's, which are not JSON."""
    self._from_boto_response(response, _shapes(self, service_action_name).output_shape)
    _times_as_numbers(response)


def _times_as_numbers(value: Any) -> None:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, entry in list(entries):
        if isinstance(entry, datetime):
            value[name] = int(entry.timestamp() * 1000)
        else:
            _times_as_numbers(entry)


@replaces(StateTaskServiceEcs, "_get_supported_parameters")
def _supported_parameters(self: Any) -> set[str] | None:
    """moto silently drops CapacityProviderStrategy and Tags, which Step Functions passes on, and Count with a token."""
    integration = INTEGRATIONS.get(self.resource.resource_arn)
    return set(integration.parameters) if integration else _original_supported(self)


_original_task = StateTaskServiceEcs._eval_service_task


@replaces(StateTaskServiceEcs, "_eval_service_task")
def _run_task(self: Any, env: Any, resource_runtime_part: Any, normalised_parameters: Any, **rest: Any) -> None:
    """`failures` in RunTask's answer fail the state as AmazonECS.Unknown (AWS, connect-ecs); moto reads past them."""
    try:
        _original_task(self, env, resource_runtime_part, normalised_parameters, **rest)
    except IndexError as problem:  # no task to describe
        error = "AmazonECS.Unknown"
        details = TaskFailedEventDetails(
            resource=self._get_sfn_resource(),
            resourceType=self._get_sfn_resource_type(),
            error=error,
            cause=NOT_STARTED,
        )
        raise FailureEventException(
            FailureEvent(
                env=env,
                error_name=CustomErrorName(error),
                event_type=HistoryEventType.TaskFailed,
                event_details=EventDetails(taskFailedEventDetails=details),
            )
        ) from problem


@replaces(StateTaskServiceEcs, "_from_error")
def _named_error(self: Any, env: Any, ex: Exception) -> FailureEvent:
    """What ECS refuses is named after it, which retriers and catchers know; moto calls all of it States.Runtime."""
    if not isinstance(ex, ClientError):
        return StateTaskServiceCallback._from_error(self, env=env, ex=ex)
    answer = ex.response["Error"]
    cause = (
        f"{answer['Message']} (Service: AmazonECS; Status Code: {ex.response['ResponseMetadata']['HTTPStatusCode']}; "
        f"Error Code: {answer['Code']}; Request ID: none; Proxy: null)"
    )
    error = f"ECS.{answer['Code']}"
    details = TaskFailedEventDetails(
        resource=self._get_sfn_resource(), resourceType=self._get_sfn_resource_type(), error=error, cause=cause
    )
    return FailureEvent(
        env=env,
        error_name=CustomErrorName(error),
        event_type=HistoryEventType.TaskFailed,
        event_details=EventDetails(taskFailedEventDetails=details),
    )


_original_resolver = StateTaskServiceEcs._build_sync_resolver


def task_failed(task: dict[str, Any]) -> bool:
    """Whether a stopped task did not do its work: a container without exit code 0."""
    return any(container.get("ExitCode") != 0 for container in task.get("Containers", []))


@replaces(StateTaskServiceEcs, "_build_sync_resolver")
def _build_sync_resolver(self: Any, env: Any, **kwargs: Any) -> Callable[[], Any]:
    """With `.sync`, a container that exits with 3 fails the state; moto reports success for whatever is STOPPED."""
    resolver = _original_resolver(self, env=env, **kwargs)

    def resolve() -> Any:
        task = resolver()
        if task is None or not task_failed(task):
            return task
        kind = StatesErrorNameType.StatesTaskFailed
        details = TaskFailedEventDetails(
            resource=self._get_sfn_resource(),
            resourceType=self._get_sfn_resource_type(),
            error=kind.to_name(),
            cause=to_json_str(task)[:32_768],
        )
        raise FailureEventException(
            FailureEvent(
                env=env,
                error_name=StatesErrorName(typ=kind),
                event_type=HistoryEventType.TaskFailed,
                event_details=EventDetails(taskFailedEventDetails=details),
            )
        )

    return resolve

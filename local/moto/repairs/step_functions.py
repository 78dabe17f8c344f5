"""Repairs of moto's Step Functions interpreter that concern every kind of state."""

from __future__ import annotations

import datetime
import random
import sys
import threading
import uuid
from functools import cache, lru_cache
from typing import Any

import boto3
from botocore.config import Config
from moto.core.responses import ActionResult, EmptyResult
from moto.settings import moto_server_port
from moto.stepfunctions.exceptions import StateMachineDoesNotExist
from moto.stepfunctions.models import StepFunctionBackend
from moto.stepfunctions.parser.asl.component.common.error_name.error_name import ErrorName
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.itemprocessor import (
    distributed_item_processor_worker,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.iteration_worker import IterationWorker
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_callback
from moto.stepfunctions.parser.asl.component.state.fail import state_fail
from moto.stepfunctions.parser.asl.eval.callback.callback import (
    CallbackConsumerLeft,
    CallbackEndpoint,
    CallbackNotifyConsumerError,
    CallbackPoolManager,
)
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.program_state import ProgramStopped
from moto.stepfunctions.parser.asl.utils import boto_client
from moto.stepfunctions.parser.backend.execution import Execution
from moto.stepfunctions.parser.models import StepFunctionsParserBackend
from moto.stepfunctions.responses import StepFunctionResponse

from local.moto import bridge as moto_bridge
from local.moto.replacements import replaces
from local.privileges import AccessKey

DistributedItemProcessorWorker = distributed_item_processor_worker.DistributedItemProcessorWorker
StateTaskServiceCallback = state_task_service_callback.StateTaskServiceCallback

_clients = threading.Lock()
_original_client_for = boto_client.boto_client_for


#: One for all clients: each session reads botocore's partitions and endpoints anew.
_session = cache(boto3.session.Session)


@lru_cache(maxsize=64)
def _cached_client(region: str, service: str, port: str, key: AccessKey) -> Any:
    return _session().client(
        service,  # type: ignore[call-overload]  # a name known only at run time
        region_name=region,
        endpoint_url=f"http://127.0.0.1:{port}",
        aws_access_key_id=key.id,
        aws_secret_access_key=key.secret,
        config=Config(
            parameter_validation=False,
            retries={"max_attempts": 0, "total_max_attempts": 1},
            connect_timeout=60,
            read_timeout=24 * 3600,
            max_pool_connections=64,
        ),
    )


def client_for(region: str, service: str, state_credentials: Any = None) -> Any:
    """One client a service and role: what the interpreter calls, it calls under the state machine's role.

    moto builds a boto3 client for every task, about 20 ms each under the interpreter's lock, so that 40 map workers
    keep 9 busy; and it says `localhost`, which asks for an IPv6 address first.
    """
    keys = moto_bridge.current().keys
    role = getattr(state_credentials, "role_arn", None)
    key = keys.of_role(role) if role else keys.operator
    with _clients:
        return _cached_client(region, service, moto_server_port(), key)


def forget_clients() -> None:
    """A cloud's clients end with it: a later one on the same port would be asked over connections that are closed."""
    with _clients:
        _cached_client.cache_clear()


# moto's modules alone: looking into pulumi_aws's lazy ones imports all of them, ten seconds of it.
for _name, _module in list(sys.modules.items()):
    if _name.startswith("moto.") and getattr(_module, "boto_client_for", None) is _original_client_for:
        replaces(_module, "boto_client_for")(client_for)


@replaces(IterationWorker, "_eval_pool")
def _iterate(self: Any, job: Any, worker_frame: Any) -> None:
    """moto recurses once per item: a worker hangs beyond about 900 items, at Python's recursion limit."""
    while job is not None:
        job_frame = worker_frame.open_inner_frame()
        self._eval_job(env=job_frame, job=job)
        worker_frame.close_frame(job_frame)
        faulty = isinstance(job.job_output, Exception) or self.stopped()
        following = None if faulty else self._job_pool.next_job()
        if following is None:
            if not faulty:
                worker_frame.event_history_context.source_event_id = (
                    job_frame.event_history_context.last_published_event_id
                )
            self._env.close_frame(worker_frame)
            self._job_pool.close_job(job)
            return
        self._job_pool.close_job(job)
        job = following
    self._env.close_frame(worker_frame)


@replaces(DistributedItemProcessorWorker, "_eval_pool")
def _iterate_distributed(self: Any, job: Any, worker_frame: Any) -> None:
    """The same recursion in a Distributed Map."""
    while job is not None:
        job_frame = worker_frame.open_inner_frame()
        self._eval_job(env=job_frame, job=job)
        worker_frame.delete_frame(job_frame)
        faulty = isinstance(job.job_output, Exception) or self.stopped()
        following = None if faulty else self._job_pool.next_job()
        if following is None:
            self._env.delete_frame(worker_frame)
        self._job_pool.close_job(job)
        job = following
        if following is None:
            return
    self._env.delete_frame(worker_frame)


@replaces(StepFunctionResponse, "send_task_failure")
def _send_task_failure(self: Any) -> ActionResult:
    """moto drops `cause` between the request and its backend, so a catcher sees an empty Cause."""
    self.stepfunction_backend.send_task_failure(
        self._get_param("taskToken"), error=self._get_param("error"), cause=self._get_param("cause")
    )
    return EmptyResult()


_original_notify = CallbackPoolManager.notify
_answers = threading.Lock()


@replaces(CallbackPoolManager, "notify")
def _notify(self: Any, callback_id: str, outcome: Any) -> bool:
    """A token takes one answer; moto takes any number until the interpreter's thread wakes, and the last one wins."""
    with _answers:
        endpoint = self.get(callback_id)
        if endpoint is not None and endpoint.get_outcome() is not None:
            raise CallbackNotifyConsumerError(callback_consumer_error=CallbackConsumerLeft())
        return bool(_original_notify(self, callback_id, outcome))


_original_evaluate = StateTaskServiceCallback._evaluate_with_timeout


@replaces(StateTaskServiceCallback, "_evaluate_with_timeout")
def _attempt(self: Any, env: Any) -> None:
    """Each attempt has a token of its own; moto keeps the first attempt's, whose answer then fails every retry."""
    context = env.states.context_object
    if "Task" in context.context_object_data and context.context_object_data["State"]["RetryCount"]:
        env.callback_pool_manager.add(context.update_task_token())
    _original_evaluate(self, env)


_original_beat = CallbackEndpoint.notify_heartbeat


@replaces(CallbackEndpoint, "notify_heartbeat")
def _beat(self: Any) -> bool:
    """A task may beat before its state has begun to wait; moto calls the token invalid until then."""
    return self._heartbeat_endpoint is None or _original_beat(self)


_original_wait = CallbackEndpoint.setup_heartbeat_endpoint


@replaces(CallbackEndpoint, "setup_heartbeat_endpoint")
def _wait(self: Any, heartbeat_seconds: int) -> Any:
    """An answer may come before its state waits; moto waits for a beat first then, until that is late."""
    endpoint = _original_wait(self, heartbeat_seconds)
    if self._notify_event.is_set():
        endpoint.notify()
    return endpoint


@replaces(state_fail, "CustomErrorName")
def _name_of_failure(error_name: str) -> ErrorName:
    """A Fail state may pass on what another state failed with, `States.Timeout` too; moto fails with a ValueError."""
    return PassedOn(error_name=error_name)


class PassedOn(ErrorName):  # type: ignore[misc]  # moto is not followed
    """Any name."""


_original_executions = StepFunctionsParserBackend._get_executions


@replaces(StepFunctionsParserBackend, "_get_executions")
def _executions_with_environment(self: Any, execution_status: Any = None) -> list[Any]:
    """An execution has no environment until its definition is parsed; moto trips over it when any token is answered."""
    executions = _original_executions(self, execution_status)
    return [execution for execution in executions if execution.exec_worker and execution.exec_worker.env is not None]


_original_stop = Execution.stop


@replaces(Execution, "stop")
def _stop(self: Any, stop_date: datetime.datetime, error: str | None, cause: str | None) -> None:
    """moto leaves a stopped execution's token waits asleep until their timeout, and the execution RUNNING with them."""
    if self.exec_worker is None or self.exec_worker.env is None:
        return
    _original_stop(self, stop_date, error or self.error, cause or self.cause)
    for endpoint in list(self.exec_worker.env.callback_pool_manager._pool.values()):
        endpoint.interrupt_all()


_original_stop_execution = StepFunctionResponse.stop_execution


@replaces(StepFunctionResponse, "stop_execution")
def _stop_execution(self: Any) -> Any:
    """moto drops the error and the cause that StopExecution was called with."""
    execution = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
    if execution.status == "RUNNING":
        execution.error, execution.cause = self._get_param("error"), self._get_param("cause")
    return _original_stop_execution(self)


_original_set_error = Environment.set_error


@replaces(Environment, "set_error")
def _set_error(self: Any, error: Any) -> None:
    """What a stopped execution's woken task reports must not turn ABORTED into FAILED."""
    if not isinstance(self._program_state, ProgramStopped):
        _original_set_error(self, error)


_original_describe = StepFunctionBackend.describe_state_machine


@replaces(StepFunctionBackend, "describe_state_machine")
def _describe_by_any_arn(self: Any, arn: str) -> Any:
    """moto describes no state machine by its alias, whose ARN stands for the state machine here."""
    machine, qualifier = machine_and_qualifier(arn)
    return _original_describe(self, arn if qualifier.isdecimal() else machine)


_original_start = StepFunctionsParserBackend.start_execution
#: Held while an execution starts: until then nothing says which version it runs.
STARTS = threading.Lock()
#: Seeded: the same starts in the same order choose the same versions.
_choice = random.Random(0)  # noqa: S311 (no secret)


@replaces(StepFunctionsParserBackend, "start_execution")
def _start_execution(self: Any, state_machine_arn: str, name: str | None = None, *args: Any, **kwargs: Any) -> Any:
    """Without a name, moto calls every execution `None` and refuses the second; Step Functions makes one up.

    moto starts neither a version nor an alias, which chooses one of its versions by their weights: it copies the state
    machine's definition when an execution starts, and finds the version's there.
    """
    arn, qualifier = machine_and_qualifier(state_machine_arn)
    machine = _original_describe(self, arn)
    with STARTS:
        present, version = machine.definition, _version_of(machine, qualifier)
        machine.definition = (version or machine).definition
        try:
            execution = _original_start(self, arn, name or str(uuid.uuid4()), *args, **kwargs)
        finally:
            machine.definition = present
        vars(execution).setdefault("version_arn", version.arn if version else None)
        return execution


def machine_and_qualifier(arn: str) -> tuple[str, str]:
    parts = arn.split(":")
    return ":".join(parts[:7]), parts[7] if len(parts) == 8 else ""


def _version_of(machine: Any, qualifier: str) -> Any:
    """A version, or the one that an alias chooses; None without either."""
    if qualifier in machine.aliases:
        routes = machine.aliases[qualifier].routing_configuration
        weights = [int(route["weight"]) for route in routes]
        (route,) = _choice.choices(routes, weights)
        qualifier = str(route["stateMachineVersionArn"]).rpartition(":")[2]
    version = machine.versions.get(int(qualifier)) if qualifier.isdecimal() else None
    if qualifier and version is None:
        raise StateMachineDoesNotExist(f"State Machine Does Not Exist: '{machine.arn}:{qualifier}'")
    return version

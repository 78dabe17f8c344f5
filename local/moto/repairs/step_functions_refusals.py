"""What Step Functions refuses and moto accepts: choices, tolerated failures, answers to old tokens.

Each follows an answer of AWS itself; tests/corpus/aws_recorded holds those, with their sources.
"""

from __future__ import annotations

import sys
import threading
from typing import Any

from moto.stepfunctions.exceptions import AWSError
from moto.stepfunctions.parser import models
from moto.stepfunctions.parser.api import (
    EvaluationFailedEventDetails,
    HistoryEventType,
    MapRunFailedEventDetails,
)
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.state.choice.comparison.comparison_operator_type import (
    ComparisonOperatorType,
)
from moto.stepfunctions.parser.asl.component.state.choice.comparison.comparison_variable import ComparisonVariable
from moto.stepfunctions.parser.asl.component.state.choice.comparison.variable import NoSuchVariable
from moto.stepfunctions.parser.asl.component.state.choice.state_choice import StateChoice
from moto.stepfunctions.parser.asl.component.state.exec.state_map.state_map import StateMap
from moto.stepfunctions.parser.asl.component.state.exec.state_map.tolerated_failure import (
    ToleratedFailureCountDecl,
    ToleratedFailureCountInt,
    ToleratedFailurePercentage,
    ToleratedFailurePercentageDecl,
)
from moto.stepfunctions.parser.asl.eval.callback.callback import CallbackEndpoint, CallbackPoolManager
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.eval.program_state import ProgramEnded
from moto.stepfunctions.parser.asl.eval.states import ContextObject

from local.moto.map_run_children import begin, end
from local.moto.map_runs import count_finished, finished_children
from local.moto.repairs.step_functions import DistributedItemProcessorWorker
from local.moto.replacements import replaces
from local.moto.task_tokens import remember_token

Backend = models.StepFunctionsParserBackend
#: A number that no Map has items of.
UNLIMITED = sys.maxsize


@replaces(ComparisonVariable, "_eval_body")
def _compare(self: Any, env: Any) -> None:
    """A choice on a missing variable ends the execution on AWS, in spite of a Default; moto calls it false."""
    self.variable.eval(env)
    missing = env.stack[-1]
    if (
        isinstance(missing, NoSuchVariable)
        and self.comparison_function.operator_type is not ComparisonOperatorType.IsPresent
    ):
        path = missing.path.split(",", 1)[0]
        problem = "The choice state's condition path references an invalid value."
        raise FailureEventException(runtime_failure(env, f"Invalid path '{path}': {problem}"))
    self.comparison_function.eval(env)


_original_choose = StateChoice._eval_state


@replaces(StateChoice, "_eval_state")
def _choose(self: Any, env: Any) -> None:
    """A choice that nothing matches and that has no Default is States.Runtime; moto fails with a text of Python's."""
    try:
        _original_choose(self, env)
    except RuntimeError as problem:
        if self.default_state is not None:
            raise
        cause = "Failed to transition out of the state. The state does not point to a next state."
        raise FailureEventException(runtime_failure(env, cause)) from problem


def runtime_failure(env: Any, cause: str) -> FailureEvent:
    """What a state machine fails with that reads what is not there."""
    kind = StatesErrorNameType.StatesRuntime
    details = EvaluationFailedEventDetails(error=kind.to_name(), cause=cause)
    return FailureEvent(
        env=env,
        error_name=StatesErrorName(typ=kind),
        event_type=HistoryEventType.EvaluationFailed,
        event_details=EventDetails(evaluationFailedEventDetails=details),
    )


_original_map = StateMap.from_state_props


@replaces(StateMap, "from_state_props")
def _read_map(self: Any, state_props: Any) -> None:
    """Only a tolerance that is written counts, and either ends the Map Run; moto fills the other in with 0."""
    _original_map(self, state_props)
    count, percentage = state_props.get(ToleratedFailureCountDecl), state_props.get(ToleratedFailurePercentageDecl)
    if count is None and percentage is not None:
        self.tolerated_failure_count_decl = ToleratedFailureCountInt(UNLIMITED)
    if percentage is None and count is not None:
        self.tolerated_failure_percentage_decl = ToleratedFailurePercentage(100.0)


_original_job = DistributedItemProcessorWorker._eval_job


@replaces(DistributedItemProcessorWorker, "_eval_job")
def _run_child(self: Any, env: Any, job: Any) -> None:
    """AWS fails a Map Run when more children failed than are tolerated, none by default; moto only counts them."""
    context = env.states.context_object.context_object_data
    # As recorded on AWS, a child's `$$.StateMachine.Id` has the map's label behind the name.
    context["StateMachine"] = {**context["StateMachine"], "Id": self._map_run_record.map_state_machine_arn}
    finished = finished_children(self._map_run_record)
    if job.job_index in finished:  # before its execution was redriven
        count_finished(self._map_run_record)
        job.job_output = finished[job.job_index]
        return
    child = begin(self._map_run_record, job.job_index, self._job_pool._jobs_number)
    vars(env)["child"] = child
    _original_job(self, env, job)
    end(child, env.program_state(), job.job_output)
    if isinstance(env.program_state(), ProgramEnded):
        finished[job.job_index] = job.job_output
    record, items = self._map_run_record, self._map_run_record.item_counter
    failed, total = items.failed.get() + items.timed_out.get(), self._job_pool._jobs_number
    tolerated = min(record.tolerated_failure_count, total * record.tolerated_failure_percentage / 100)
    if failed > tolerated and not self.stopped():
        job.job_output = too_many_failed(env)


def too_many_failed(env: Any) -> FailureEventException:
    """What a Map Run ends with of whose children too many failed."""
    kind = StatesErrorNameType.StatesExceedToleratedFailureThreshold
    details = MapRunFailedEventDetails(
        error=kind.to_name(), cause="The specified tolerated failure threshold was exceeded"
    )
    return FailureEventException(
        FailureEvent(
            env=env,
            error_name=StatesErrorName(typ=kind),
            event_type=HistoryEventType.MapStateFailed,
            event_details=EventDetails(mapRunFailedEventDetails=details),
        )
    )


_original_token = ContextObject.update_task_token


@replaces(ContextObject, "update_task_token")
def _new_token(self: Any) -> str:
    """IAM checks a call on a child's token against `stateMachine:NAME/LABEL`; moto knows no such state machine."""
    token = str(_original_token(self))
    remember_token(token, str(self.context_object_data["StateMachine"]["Id"]))
    return token


_original_add = CallbackPoolManager.add
_issued: set[str] = set()
_lock = threading.Lock()


@replaces(CallbackPoolManager, "add")
def _add(self: Any, callback_id: str) -> Any:
    """AWS tells a token that is over from one that never was; moto forgets the first with its execution."""
    with _lock:
        _issued.add(callback_id)
    return _original_add(self, callback_id)


_original_interrupt = CallbackEndpoint.interrupt_all


@replaces(CallbackEndpoint, "interrupt_all")
def _interrupt(self: Any) -> None:
    """A wait that has ended takes no answer any more; moto accepts one as long as nobody answered before."""
    self.over = True
    _original_interrupt(self)


def _answering(original: Any) -> Any:
    def answer(self: Any, task_token: str, *args: Any, **kwargs: Any) -> Any:
        """An answer to a token that is done, timed out or stopped is TaskTimedOut; moto accepts it, or answers 500."""
        with _lock:
            issued = task_token in _issued
        if issued and not _is_waited_for(self, task_token):
            raise AWSError("Task Timed Out", "TaskTimedOut", 400)
        try:
            return original(self, task_token, *args, **kwargs)
        except TypeError as problem:  # moto builds its own TaskDoesNotExist without the message it needs
            raise AWSError("Task Timed Out", "TaskTimedOut", 400) from problem

    return answer


def _is_waited_for(backend: Any, token: str) -> bool:
    for execution in backend._get_executions("RUNNING"):
        endpoint = execution.exec_worker.env.callback_pool_manager.get(token)
        if endpoint is not None:
            return not getattr(endpoint, "over", False) and endpoint.get_outcome() is None
    return False


for _name in ("send_task_success", "send_task_failure", "send_task_heartbeat"):
    replaces(Backend, _name)(_answering(getattr(Backend, _name)))

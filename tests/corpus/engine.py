"""Runs a case on the laptop's Step Functions engine, in this process: mocked answers, and a clock that never waits."""

from __future__ import annotations

import copy
import io
import json
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NoReturn
from unittest import mock

import boto3
from moto.stepfunctions.parser.api import HistoryEventType, StateMachineType, TaskFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.catch.catch_decl import CatchDecl
from moto.stepfunctions.parser.asl.component.common.catch.catch_outcome import CatchOutcome
from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import CustomErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent, FailureEventException
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.retry import jitter_strategy_decl, retrier_decl
from moto.stepfunctions.parser.asl.component.common.retry.retry_decl import RetryDecl
from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import EvalTimeoutError
from moto.stepfunctions.parser.asl.component.eval_component import EvalComponent
from moto.stepfunctions.parser.asl.component.state.exec.execute_state import ExecutionState
from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader.eval import (
    resource_eval_s3 as reader,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.result_writer.resource_eval import (
    resource_eval_s3 as writer,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.state_map import StateMap
from moto.stepfunctions.parser.asl.component.state.exec.state_parallel.state_parallel import StateParallel
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_dynamodb import (
    StateTaskServiceDynamoDB,
)
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import WaitFunction
from moto.stepfunctions.parser.asl.eval.callback.callback import HeartbeatTimeoutError
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.evaluation_details import AWSExecutionDetails
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventHistoryContext
from moto.stepfunctions.parser.asl.eval.program_state import ProgramEnded, ProgramError
from moto.stepfunctions.parser.asl.eval.states import ContextObjectData, ExecutionData, StateMachineData
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser, ASLParserException
from moto.stepfunctions.parser.asl.utils import json_path

from local.moto import repairs
from local.moto.definition_problems import problems_of
from local.moto.repairs import step_functions_ecs
from tests.corpus.cases import Answer, Case, Expected, expanded

#: What ends the inside of a Map or a Parallel. A Map that is retried starts again after its Map Run has failed.
_LEFT = {"MapRunFailed", "MapStateSucceeded", "MapStateFailed", "ParallelStateSucceeded", "ParallelStateFailed"}
EXECUTION = "arn:aws:states:eu-west-1:111122223333:execution:corpus:one"
MACHINE = "arn:aws:states:eu-west-1:111122223333:stateMachine:corpus"
ROLE = "arn:aws:iam::111122223333:role/corpus"


class Retried(BaseException):
    """Ends the evaluation in front of the retry that a case is about; no `except Exception` of the engine takes it."""


@dataclass
class Run:
    """What a run was given, and what is seen of it."""

    answers: dict[str, deque[Answer]]
    objects: dict[str, Any]
    retries_wanted: int = 0
    retries: int = 0
    retrier: int | None = None
    catcher: int | None = None
    error: str | None = None
    delay: float | None = None
    jitter: bool = False
    waits: list[float] = field(default_factory=list)

    @property
    def state_mocked_responses(self) -> dict[str, deque[Answer]]:
        """Under the name by which the engine asks whether a state has mocked answers."""
        return self.answers

    def sleep(self, seconds: float) -> None:
        """In place of the wait before a retry."""
        self.retries += 1
        self.delay = seconds
        if self.retries == self.retries_wanted:
            raise Retried

    def get_object(self, Key: str, **_: Any) -> dict[str, Any]:  # noqa: N803  (boto3's name)
        """What a Map's ItemReader reads."""
        return {"Body": io.BytesIO(json.dumps(self.objects[Key]).encode())}

    def put_object(self, Key: str, Body: bytes, **_: Any) -> None:  # noqa: N803  (boto3's names)
        """What a Map's ResultWriter writes."""
        self.objects[Key] = json.loads(Body)


def answer_of(case: Case) -> Expected:
    """What the engine does with the case; every field is filled in.

    Raises:
        AssertionError: a task was called more often than it has answers.
    """
    try:
        program = _program(json.dumps(case.machine))
    except (ASLParserException, ValueError) as refusal:
        return Expected(status="REFUSED", cause=str(refusal))
    answers = {name: deque(given) for name, given in case.tasks.items()}
    if case.mock is not None:
        answers[case.state_name] = deque([case.mock] * (case.attempt + 1))
    wanted = case.attempt + 1 if case.is_one_state else 0
    run = Run(answers, expanded(copy.deepcopy(case.objects)), wanted)
    env = _environment(case, run)
    with _mocked(run):
        env.next_state_name = program.start_at.start_at_name
        try:
            EvalComponent.eval(program, env)
        except Retried:
            return Expected(
                status="RETRIABLE",
                retrier=run.retrier,
                error=run.error,
                **{"delay_at_most" if run.jitter else "delay": run.delay},
            )
    return _ended(case, run, env)


def _ended(case: Case, run: Run, env: Any) -> Expected:
    state, path = env.program_state(), _path(env)
    seen: dict[str, Any] = {"path": path, "waits": tuple(run.waits)}
    if case.is_one_state:
        seen["next"] = path[1] if len(path) > 1 else ""
        seen["retrier"] = run.retrier
    if isinstance(state, ProgramError):
        error = state.error or {}
        return Expected(status="FAILED", error=error.get("error"), cause=error.get("cause"), **seen)
    assert isinstance(state, ProgramEnded), state
    caught = case.is_one_state and run.catcher is not None
    return Expected(
        status="CAUGHT_ERROR" if caught else "SUCCEEDED",
        output=json.loads(json.dumps(env.states.get_input())),
        error=run.error,
        catcher=run.catcher if case.is_one_state else None,
        variables=dict(env.variable_store._outer_scope | env.variable_store._inner_scope),
        **seen,
    )


def _path(env: Any) -> tuple[str, ...]:
    """The states that were entered in the state machine itself: an event inside a Map or Parallel follows its start."""
    inside, path = 0, []
    for event in env.event_manager.get_event_history():
        kind = event["type"]
        if kind in {"MapStateStarted", "ParallelStateStarted"}:
            inside += 1
        if kind in _LEFT:
            inside = max(0, inside - 1)
        if kind.endswith("StateEntered") and not inside:
            path.append(event["stateEnteredEventDetails"]["name"])
    return tuple(path)


@cache
def _program(text: str) -> Any:
    problems = problems_of(text)
    if problems:
        raise ValueError("; ".join(each.text for each in problems))
    return AmazonStateLanguageParser.parse(text)[0]


def _environment(case: Case, run: Run) -> Any:
    env = Environment(
        aws_execution_details=AWSExecutionDetails(account="111122223333", region="eu-west-1", role_arn=ROLE),
        execution_type=StateMachineType.STANDARD,
        context=ContextObjectData(
            Execution=ExecutionData(
                Id=EXECUTION, Input=case.given, Name="one", RoleArn=ROLE, StartTime="2026-01-01T00:00:00.000Z"
            ),
            StateMachine=StateMachineData(Id=MACHINE, Name="corpus"),
        ),
        event_history_context=EventHistoryContext.of_program_start(),
        cloud_watch_logging_session=None,
        activity_store={},
        mock_test_case=run,
    )
    for name, value in (case.variables or {}).items():
        env.variable_store.set(name, value)
    return env


@contextmanager
def engine() -> Iterator[None]:
    """The laptop's engine: moto with our repairs, which are taken out again."""
    repairs.apply()
    try:
        with mock.patch.object(json_path, "parse", cache(json_path.parse)):  # 2 ms for each path that is read
            yield
    finally:
        repairs.take_out()


@contextmanager
def _mocked(run: Run) -> Iterator[None]:
    places: list[tuple[Any, str, Any]] = [
        (Environment, "get_current_mocked_response", _next_answer),
        (state_task_service, "eval_mocked_response", _give),
        (StateMap, "_eval_execution", _or_mocked(StateMap._eval_execution)),
        (StateParallel, "_eval_execution", _or_mocked(StateParallel._eval_execution)),
        (StateTaskServiceDynamoDB, "_from_error", _passing_on(StateTaskServiceDynamoDB._from_error)),
        (step_functions_ecs, "client_for", lambda *_: _ecs()),
        (WaitFunction, "_wait_interval", lambda *_, wait_seconds, **__: run.waits.append(wait_seconds)),
        (retrier_decl, "time", mock.Mock(sleep=run.sleep)),
        (jitter_strategy_decl, "random", mock.Mock(uniform=_upper_bound(run))),
        (RetryDecl, "_eval_body", _noting_retrier(run, RetryDecl._eval_body)),
        (CatchDecl, "_eval_body", _noting_catcher(run, CatchDecl._eval_body)),
        (reader.ResourceEvalS3, "_get_s3_client", staticmethod(lambda *_, **__: run)),
        (writer.ResourceEvalS3, "_get_s3_client", staticmethod(lambda *_, **__: run)),
    ]
    with ExitStack() as stack:
        for owner, attribute, replacement in places:
            stack.enter_context(mock.patch.object(owner, attribute, replacement))
        yield


def _next_answer(env: Any) -> Answer:
    waiting: deque[Answer] = env.mock_test_case.answers[env.next_state_name]
    assert waiting, f"{env.next_state_name} was called more often than the case has answers"
    return waiting.popleft()


def _give(env: Any, mocked_response: Answer) -> None:
    """In place of the service: push the result, or raise what the engine raises for such an end."""
    answer = mocked_response
    if answer.silence:
        raise EvalTimeoutError if answer.silence == "timeout" else HeartbeatTimeoutError
    if answer.names("error"):
        _raise(env, answer)
    env.stack.append(expanded(copy.deepcopy(answer.result)))


def _raise(env: Any, answer: Answer) -> NoReturn:
    name = answer.error
    reserved = name is not None and name.startswith("States.")
    details = TaskFailedEventDetails(error=name, cause=answer.cause)
    raise FailureEventException(
        FailureEvent(
            env=env,
            error_name=StatesErrorName.from_name(name) if reserved else CustomErrorName(name),
            event_type=HistoryEventType.TaskFailed,
            event_details=EventDetails(taskFailedEventDetails=details),
        )
    )


def _passing_on(original: Callable[..., Any]) -> Callable[..., Any]:
    def failure(self: ExecutionState, env: Any, ex: Exception) -> Any:
        """moto names whatever is no answer of DynamoDB's after DynamoDB; a mocked error has its name already."""
        return ex.failure_event if isinstance(ex, FailureEventException) else original(self, env=env, ex=ex)

    return failure


@cache
def _ecs() -> Any:
    """A client that calls nobody: the engine reads the names of parameters in its model."""
    return boto3.client("ecs", region_name="eu-west-1", aws_access_key_id="none", aws_secret_access_key="none")


def _or_mocked(original: Callable[..., None]) -> Callable[..., None]:
    def evaluate(self: ExecutionState, env: Any) -> None:
        if env.is_mocked_mode():
            _give(env, env.get_current_mocked_response())
        else:
            original(self, env)

    return evaluate


def _upper_bound(run: Run) -> Callable[[float, float], float]:
    def uniform(_lowest: float, highest: float) -> float:
        run.jitter = True
        return highest

    return uniform


def _noting_retrier(run: Run, original: Callable[..., None]) -> Callable[..., None]:
    def evaluate(self: Any, env: Any) -> None:
        error = env.stack[-1]
        run.error = error.error_name
        run.retrier = next(
            (index for index, each in enumerate(self.retriers) if _matches(each.error_equals, error)), None
        )
        original(self, env)

    return evaluate


def _matches(error_equals: Any, error: Any) -> bool:
    """The engine's own answer, from a stack of its own."""
    env = mock.Mock(stack=[error])
    error_equals._eval_body(env)
    return bool(env.stack.pop())


def _noting_catcher(run: Run, original: Callable[..., None]) -> Callable[..., None]:
    def evaluate(self: Any, env: Any) -> None:
        error = env.stack[-1].error_name
        run.error = getattr(error, "error_name", None)  # a Fail state may have no name
        index = next((index for index, each in enumerate(self.catchers) if _matches(each.error_equals, error)), None)
        original(self, env)
        run.catcher = index if env.stack[-1] is CatchOutcome.Caught else None

    return evaluate

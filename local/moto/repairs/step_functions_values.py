"""What AWS makes of values that moto reads otherwise: tests/corpus/aws_recorded names the answers that it gave.

A `Result` of null, a ResultPath into a scalar, items that are no list, and the names of what failed inside a Map or a
Parallel.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from moto.stepfunctions.parser.api import HistoryEventType, TaskFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.error_name import ErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.path.items_path import ItemsPath
from moto.stepfunctions.parser.asl.component.common.path.result_path import ResultPath
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration import iteration_worker
from moto.stepfunctions.parser.asl.component.state.exec.state_parallel import branches_decl
from moto.stepfunctions.parser.asl.component.state.state_pass.result import Result
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.seconds_path import SecondsPath
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.utils import json_path
from moto.stepfunctions.parser.asl.utils.json_path import NoSuchJsonPathError

from local.moto.language.paths import LeadsNowhere, parse
from local.moto.language.places import NoPlace, placed
from local.moto.repairs.step_functions import PassedOn
from local.moto.repairs.step_functions_paths import Uncaught
from local.moto.repairs.step_functions_refusals import runtime_failure
from local.moto.replacements import replaces

_original_result = Result._eval_body


@replaces(Result, "_eval_body")
def _result(self: Any, env: Any) -> None:
    """A `Result` of null gives on the input on AWS; moto gives on null."""
    if self.result_obj is not None:
        _original_result(self, env)


@replaces(ResultPath, "_eval_body")
def _place(self: Any, env: Any) -> None:
    """A path through what is no object is an error with a name of its own on AWS; moto fails, or overwrites it."""
    value, path = env.states.get_input(), self.result_path_src
    if path is None:
        env.stack.clear()
        env.stack.append(value)
        return
    try:
        env.stack.append(placed(path, value, env.stack.pop()))
    except NoPlace as problem:
        error, given = "States.ReferencePathConflict", json.dumps(value)
        details = TaskFailedEventDetails(error=error, cause=f"Unable to apply ReferencePath {path} to input {given}")
        raise FailureEventException(
            FailureEvent(
                env=env,
                error_name=PassedOn(error_name=error),
                event_type=HistoryEventType.TaskFailed,
                event_details=EventDetails(taskFailedEventDetails=details),
            )
        ) from problem


_original_items = ItemsPath._eval_body


@replaces(ItemsPath, "_eval_body")
def _items(self: Any, env: Any) -> None:
    """Items that are no list end the execution on AWS; moto has a name for them that `States.ALL` catches."""
    _original_items(self, env)
    if not isinstance(env.stack[-1], list):
        path = self.string_sampler.literal_value
        raise Uncaught(runtime_failure(env, f'Reference path "{path}" must point to array.'))


def named(error_name: str | None) -> ErrorName:
    """A Map or a Parallel fails by the name of what failed inside, `States.Timeout` too; moto raises a ValueError."""
    try:
        return StatesErrorName.from_name(error_name)
    except ValueError:
        return PassedOn(error_name=error_name)


for _module in (iteration_worker, branches_decl):
    replaces(_module, "CustomErrorName")(named)


_original_seconds = SecondsPath._get_wait_seconds


@replaces(SecondsPath, "_get_wait_seconds")
def _seconds(self: Any, env: Any) -> int:
    """AWS takes a number that is written as a text; moto takes numbers only."""
    try:
        self.string_sampler.eval(env)
        value = env.stack.pop()
    except NoSuchJsonPathError:
        value = None
    if isinstance(value, bool):
        problem = "The SecondsPath parameter cannot be parsed as a long value"
        shown = json.dumps(value)
        raise FailureEventException(runtime_failure(env, f"{problem}: {self.string_sampler.literal_value} == {shown}"))
    return int(value) if isinstance(value, str) and value.isdecimal() else int(_original_seconds(self, env))


_original_extract = json_path.extract_json


def _extract(path: str, data: Any) -> Any:
    """moto reads paths with another library, which has no `length()` and no regular expressions, takes no name with a
    letter beyond ASCII, and cannot tell a path of one place from others: it guesses by what it found.
    """
    try:
        return parse(path).read(data)
    except LeadsNowhere as lost:
        error = NoSuchJsonPathError(json_path=path, data=data)
        vars(error)["reason"] = str(lost)
        raise error from lost


for _name_of_module, _each in list(sys.modules.items()):
    if _name_of_module.startswith("moto.") and getattr(_each, "extract_json", None) is _original_extract:
        replaces(_each, "extract_json")(_extract)


_original_failed = FailureEventException.get_execution_failed_event_details


@replaces(FailureEventException, "get_execution_failed_event_details")
def _failed(self: Any) -> Any:
    """What failed in a branch without error and cause is caught as null and null; moto makes empty texts of them."""
    failed, (given,) = _original_failed(self), (self.failure_event.event_details or {"": {}}).values()
    if failed is not None:
        failed.update({name: None for name in ("error", "cause") if given.get(name, "") is None})
    return failed

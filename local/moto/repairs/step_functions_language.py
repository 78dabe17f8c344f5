"""Repairs of how moto reads the text of a definition, and evaluates the functions, comparisons and times in it.

What the language wants is in local.moto.language; here it takes the place of moto's own.
"""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import Any

from moto.stepfunctions.parser.asl.antlr.runtime.ASLLexer import ASLLexer
from moto.stepfunctions.parser.asl.antlt4utils.antlr4utils import is_terminal
from moto.stepfunctions.parser.asl.component.common.assign.assign_decl import AssignDecl
from moto.stepfunctions.parser.asl.component.common.assign.assign_template_binding import (
    AssignTemplateBindingStringExpressionSimple,
)
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEventException
from moto.stepfunctions.parser.asl.component.common.path.input_path import InputPath
from moto.stepfunctions.parser.asl.component.common.path.output_path import OutputPath
from moto.stepfunctions.parser.asl.component.common.string.string_expression import (
    StringIntrinsicFunction,
    StringVariableSample,
)
from moto.stepfunctions.parser.asl.component.eval_component import EvalComponent
from moto.stepfunctions.parser.asl.component.intrinsic.functionname.state_function_name_types import (
    StatesFunctionNameType,
)
from moto.stepfunctions.parser.asl.component.intrinsic.functionname.states_function_name import StatesFunctionName
from moto.stepfunctions.parser.asl.component.state.choice.choice_rule import ChoiceRule
from moto.stepfunctions.parser.asl.component.state.choice.comparison.comparison_func import (
    ComparisonFuncStringVariableSample,
    ComparisonFuncValue,
)
from moto.stepfunctions.parser.asl.component.state.choice.comparison.variable import NoSuchVariable
from moto.stepfunctions.parser.asl.component.state.fail.cause_decl import Cause
from moto.stepfunctions.parser.asl.component.state.fail.error_decl import Error
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.timestamp import Timestamp
from moto.stepfunctions.parser.asl.eval.variable_store import NoSuchVariable as Unassigned
from moto.stepfunctions.parser.asl.parse import preprocessor
from moto.stepfunctions.parser.asl.utils.json_path import NoSuchJsonPathError

from local.moto.language.calls import VARIABLE, CallFailed, FunctionCall, read_call
from local.moto.language.comparisons import compares
from local.moto.language.paths import LeadsNowhere, parse
from local.moto.language.timestamps import moment
from local.moto.repairs.step_functions_paths import Uncaught
from local.moto.repairs.step_functions_refusals import runtime_failure
from local.moto.replacements import replaces

Preprocessor = preprocessor.Preprocessor
_original_init = Preprocessor.__init__


@replaces(Preprocessor, "__init__")
def _begin(self: Any) -> None:
    """Each definition has a query language of its own. moto keeps it for all of them together: one that is refused in
    its middle leaves its own behind, and every later one is read in it.
    """
    _original_init(self)
    self._query_language_per_scope = []


def _decoded(parser_rule_context: Any) -> Any:
    """A text is JSON; moto reads it as one of Python's, in which a character may be two halves."""
    text = parser_rule_context.getText()
    return json.loads(text) if text.startswith('"') and text.endswith('"') else text


@replaces(Preprocessor, "_inner_string_of")
def _inner_string(_: Any, parser_rule_context: Any) -> Any:
    """moto takes a text with its backslashes, where it is JSON."""
    return None if is_terminal(parser_rule_context, ASLLexer.NULL) else _decoded(parser_rule_context)


replaces(preprocessor, "from_string_literal")(_decoded)


_original_rule = Preprocessor.visitChoice_rule_comparison_variable


@replaces(Preprocessor, "visitChoice_rule_comparison_variable")
def _visit_rule(self: Any, ctx: Any) -> Any:
    """moto leaves out what a rule of a Choice assigns."""
    rule = _original_rule(self, ctx)
    if rule.assign is None:
        rule.assign = next((part for part in map(self.visit, ctx.children) if isinstance(part, AssignDecl)), None)
    return rule


@replaces(ChoiceRule, "_eval_body")
def _rule(self: Any, env: Any) -> None:
    """A rule assigns of the state's input; moto reads its own verdict there."""
    self.comparison.eval(env)
    if not env.stack[-1]:
        return
    if self.assign:
        verdict = env.stack.pop()
        self.assign.eval(env=env)
        env.stack.append(verdict)
    if self.output:
        self.output.eval(env=env)


@replaces(AssignTemplateBindingStringExpressionSimple, "_field_name")
def _field(self: Any) -> str:
    """A path's error names the field; moto names its own class."""
    return f"{self.identifier}.$"


class CalledFunction(EvalComponent):  # type: ignore[misc]  # moto is not followed
    """A call of an intrinsic function in the interpreter's tree."""

    def __init__(self, call: FunctionCall) -> None:
        self.call = call
        self.name = StatesFunctionName(function_type=StatesFunctionNameType[call.name])

    def _field_name(self) -> None:
        """The field is that in which the call stands."""

    def _eval_body(self, env: Any) -> None:
        try:
            env.stack.append(self.call.value(lambda path: _read(path, env)))
        except CallFailed as problem:
            raise Uncaught(runtime_failure(env, str(problem))) from problem


@replaces(Preprocessor, "visitString_intrinsic_function")
def _visit_function(_: Any, ctx: Any) -> StringIntrinsicFunction:
    """moto's grammar of calls knows no null, no decimal and no escape, and its functions differ from AWS's."""
    text = _decoded(ctx.STRINGINTRINSICFUNC())
    return StringIntrinsicFunction(intrinsic_function_derivation=text, function=CalledFunction(read_call(text)))


def _read(path: str, env: Any) -> Any:
    """What is at a path of the input, of the context or of a variable.

    Raises:
        LeadsNowhere: nothing is; the message has what was looked at, as JSON in quotes.
    """
    match = VARIABLE.match(path)
    if match is not None:
        data, rest = _variable(match[1], env), f"${path[match.end() :]}"
    elif path.startswith("$$"):
        data, rest = env.states.context_object.context_object_data, path[1:]
    else:
        data, rest = env.stack[-1], path
    try:
        return parse(rest).read(data)
    except LeadsNowhere as lost:
        raise LeadsNowhere(f"'{json.dumps(data, separators=(',', ':'), ensure_ascii=False)}'") from lost


def _variable(name: str, env: Any) -> Any:
    try:
        return env.variable_store.get(name)
    except Unassigned as problem:
        raise LeadsNowhere("'{}'") from problem


@replaces(StringVariableSample, "_eval_body")
def _sample(self: Any, env: Any) -> None:
    """A path may begin at a variable; moto evaluates it with a Java library for JSONata that is not installed."""
    try:
        env.stack.append(_read(self.expression, env))
    except LeadsNowhere as lost:
        raise NoSuchJsonPathError(json_path=self.expression, data=json.loads(str(lost)[1:-1])) from lost


@replaces(ComparisonFuncValue, "_eval_body")
def _compare(self: Any, env: Any) -> None:
    """moto compares a value with one of another kind by Python's rules, which fail; it takes a pattern for one of a
    shell, and a timestamp without fraction and offset only.
    """
    value, name = env.stack.pop(), self.operator_type.name
    if name == "IsPresent":
        env.stack.append(isinstance(value, NoSuchVariable) is not self.value)
        return
    by_path = name.endswith("Path")
    other = _beside(str(self.value), env) if by_path else self.value
    env.stack.append(compares(name.removesuffix("Path"), value, other))


@replaces(ComparisonFuncStringVariableSample, "_eval_body")
def _compare_with_variable(self: Any, env: Any) -> None:
    """moto compares the variable with the value in place of the value with the variable."""
    value = env.stack.pop()
    other = _beside(self.string_variable_sample.expression, env)
    env.stack.append(compares(self.operator_type.name.removesuffix("Path"), value, other))


def _beside(path: str, env: Any) -> Any:
    try:
        return _read(path, env)
    except LeadsNowhere as lost:
        problem = "The choice state's condition path references an invalid value."
        raise Uncaught(runtime_failure(env, f"Invalid path '{path}': {problem}")) from lost


@replaces(Timestamp, "_from_timestamp_string")
def _moment(_: Any, timestamp: Any) -> datetime | None:
    """moto takes no offset, and trips over what is no text."""
    return moment(timestamp)


@replaces(Timestamp, "_get_wait_seconds")
def _seconds_until(self: Any, env: Any) -> int:
    """moto takes a moment of UTC for one of this machine's time zone."""
    self.string.eval(env=env)
    given = env.stack.pop()
    until = moment(given)
    if until is None:
        raise FailureEventException(self._create_failure_event(env, given))
    return math.ceil((until - datetime.now(tz=UTC)).total_seconds())


def _text_or_nothing(original: Any) -> Any:
    def evaluate(self: Any, env: Any) -> None:
        """Error and Cause are texts; moto ends an execution with a number for its error, which is no answer of AWS."""
        original(self, env)
        if not isinstance(env.stack[-1], str | None):
            field = type(self).__name__
            raise Uncaught(runtime_failure(env, f"The value for the field '{field}' must be a string"))

    return evaluate


for _part in (Error, Cause):
    replaces(_part, "_eval_body")(_text_or_nothing(_part._eval_body))


def _naming_the_place(original: Any) -> Any:
    def evaluate(self: Any, env: Any) -> None:
        """The cause says how far the path got; moto puts the path itself there."""
        try:
            original(self, env)
        except FailureEventException as failure:
            lost = failure.__context__
            if isinstance(lost, NoSuchJsonPathError) and hasattr(lost, "reason"):
                (details,) = failure.failure_event.event_details.values()
                details["cause"] = f"Invalid path '{lost.json_path}' : {lost.reason}"
            raise

    return evaluate


for _path in (InputPath, OutputPath):
    replaces(_path, "_eval_body")(_naming_the_place(_path._eval_body))

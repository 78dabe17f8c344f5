"""What is written in the fields of a state: paths, templates, the rules of a Choice, variables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from local.moto.definition_fields import LONGEST_NAME
from local.moto.diagnostics import Diagnostic, wrong
from local.moto.language.calls import MalformedCall, check_path, read_call
from local.moto.language.comparisons import operand_of
from local.moto.language.paths import MalformedPath, parse
from workflow.definition import State

_PATHS = ("InputPath", "OutputPath")
_REFERENCES = (
    "ItemsPath", "SecondsPath", "TimestampPath", "TimeoutSecondsPath", "HeartbeatSecondsPath", "MaxConcurrencyPath",
    "ToleratedFailureCountPath", "ToleratedFailurePercentagePath",
)  # fmt: skip
_PATHS_OR_CALLS = ("ErrorPath", "CausePath")
_TEMPLATES = ("Parameters", "ResultSelector", "ItemSelector", "Credentials", "Assign")
_INNER_TEMPLATES = (("ItemReader", "Parameters"), ("ResultWriter", "Parameters"), ("ItemBatcher", "BatchInput"))
_BESIDE_A_RULE = {"Next", "Comment", "Assign", "Output"}
_VARIABLE = re.compile(r"[^\W\d]\w*")
_NO_PATH_OR_CALL = "must be a valid JSONPath or a valid intrinsic function call"
NO_JSONATA = "The laptop's engine evaluates no JSONata"


def expression_problems(state: State, language: str) -> Iterator[Diagnostic]:
    """What is wrong in what the fields of a state say."""
    if language != "JSONPath":
        if any(text.startswith("{%") for _, text in texts_of(state.body)):
            yield wrong(NO_JSONATA, state.path)
        return
    yield from _paths(state.body, state.path)
    for name in _TEMPLATES:
        yield from _template(state.body.get(name), name, state.path)
    for outer, inner in _INNER_TEMPLATES:
        yield from _template(state.body.get(outer, {}).get(inner), f"{outer}/{inner}", state.path)
    for number, catcher in enumerate(state.body.get("Catch", [])):
        yield from _paths(catcher, state.path)
        yield from _template(catcher.get("Assign"), f"Catch[{number}]/Assign", state.path)
        if "Output" in catcher:
            yield wrong("Field 'Output' is not supported", state.path, f"Catch[{number}]")
    for number, rule in enumerate(state.body.get("Choices", [])):
        where = f"Choices[{number}]"
        if "Next" not in rule:
            yield wrong("These fields are required: [Next]", state.path, where)
        yield from _template(rule.get("Assign"), f"{where}/Assign", state.path)
        yield from _rule(rule, state.path, where, allowed=_BESIDE_A_RULE - {"Output"})


def _paths(body: dict[str, Any], path: str) -> Iterator[Diagnostic]:
    for name in body.keys() & {*_PATHS, *_REFERENCES, *_PATHS_OR_CALLS, "ResultPath"}:
        value = body[name]
        if value is None and name in {*_PATHS, "ResultPath"}:
            continue
        if name in {"ResultPath", *_REFERENCES} and not _is_reference(value, plain=name == "ResultPath"):
            yield wrong("Value is not a Reference Path", path, name)
        elif name in _PATHS and not _is_path(value):
            yield wrong(f"The value for the field '{name}' must be a valid JSONPath", path, name)
        elif name in _PATHS_OR_CALLS and not is_path_or_call(value):
            yield wrong(f"The value for the field '{name}' {_NO_PATH_OR_CALL}", path)


def _is_path(value: Any) -> bool:
    try:
        check_path(value)
    except (MalformedPath, TypeError, AttributeError):
        return False
    return True


def _is_reference(value: Any, *, plain: bool = False) -> bool:
    """A path by names and numbers alone; a plain one is one of the input."""
    if not _is_path(value):
        return False
    if not plain and not value.startswith(("$.", "$[")) and value != "$":
        return True  # of the context, or of a variable
    try:
        return parse(value).plain
    except MalformedPath:
        return False


def is_path_or_call(value: Any) -> bool:
    """Whether it may stand beside a name that ends with `.$`."""
    if _is_path(value):
        return True
    try:
        read_call(value)
    except (MalformedCall, MalformedPath, TypeError):
        return False
    return True


def _template(value: Any, field: str, path: str) -> Iterator[Diagnostic]:
    if isinstance(value, list):
        for item in value:
            yield from _template(item, field, path)
    if not isinstance(value, dict):
        return
    for name, inner in value.items():
        if not name.endswith(".$"):
            yield from _template(inner, field, path)
            continue
        if name[:-2] in value:
            yield wrong(f"The field '{name[:-2]}' is there twice", path, field)
        if not is_path_or_call(inner):
            yield wrong(f"The value for the field '{name}' {_NO_PATH_OR_CALL}", path, field)


def _rule(rule: Any, path: str, where: str, allowed: set[str]) -> Iterator[Diagnostic]:
    """One rule of a Choice: a variable with one operator, or And, Or or Not."""
    composite = sorted(rule.keys() & {"And", "Or", "Not"})
    if composite:
        for name in sorted(rule.keys() - allowed - {composite[0]}):
            yield wrong(f"Field '{name}' is not supported beside {composite[0]}", path, where)
        inner = [rule["Not"]] if composite[0] == "Not" else rule[composite[0]]
        if not inner:
            yield wrong(f"{composite[0]} must not be empty", path, where)
        for number, each in enumerate(inner):
            yield from _rule(each, path, f"{where}/{composite[0]}[{number}]", allowed=set())
        return
    if not _is_path(rule.get("Variable")):
        yield wrong("The value for the field 'Variable' must be a valid JSONPath", path, where)
    operators = sorted(rule.keys() - allowed - {"Variable", "Comment"})
    if len(operators) != 1:
        yield wrong(f"A rule has one comparison, and not {len(operators)}", path, where)
    for name in operators:
        yield from _operand(name, rule[name], path, where)


def _operand(name: str, value: Any, path: str, where: str) -> Iterator[Diagnostic]:
    try:
        fits = operand_of(name.removesuffix("Path"))
    except KeyError:
        yield wrong(f"Field '{name}' is not supported", path, where)
        return
    if not (_is_path(value) if name.endswith("Path") else fits(value)):
        yield wrong(f"The value of the field '{name}' is not allowed", path, where)


def texts_of(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Each text below a state with its field; states inside of it are looked at on their own."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for field, inner in value.items():
            if field not in {"States", "Branches"}:
                yield from texts_of(inner, field)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of(inner, name)


def assigned(body: dict[str, Any]) -> Iterator[str]:
    """The names of the variables that a state assigns, its catchers and rules included."""
    for place in (body, *body.get("Catch", []), *body.get("Choices", [])):
        for name in place.get("Assign", {}):
            yield name.removesuffix(".$")


def variable_problems(state: State, outside: set[str]) -> Iterator[Diagnostic]:
    """A variable has a name of letters, digits and underscores, and none of a scope around its own."""
    for name in assigned(state.body):
        if not _VARIABLE.fullmatch(name) or len(name) > LONGEST_NAME or name == "states":
            yield wrong(f"'{name}' is no name for a variable", state.path, "Assign")
        if name in outside:
            yield wrong(f"The variable name '{name}' was already defined in a parent scope.", state.path, "Assign")

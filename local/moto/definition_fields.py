"""Which fields a state may have, which exclude each other, and what may stand in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType

from local.moto.diagnostics import SCHEMA, Diagnostic, wrong
from local.moto.language.comparisons import is_number
from local.moto.language.timestamps import moment
from workflow.definition import Machine, State

_ALL = StatesErrorNameType.StatesALL.to_name()
MOST_SECONDS = 99_999_999
LONGEST_DELAY = 31_622_400
LONGEST_NAME = 80
_COMMON = {"Type", "Comment", "QueryLanguage"}
_GOES_ON = _COMMON | {"Next", "End", "Assign", "InputPath", "OutputPath", "Output"}
_EXECUTED = _GOES_ON | {"ResultPath", "ResultSelector", "Parameters", "Retry", "Catch", "Arguments"}
_TOLERANCES = {f"ToleratedFailure{what}{path}" for what in ("Count", "Percentage") for path in ("", "Path")}
_DISTRIBUTED = _TOLERANCES | {"ItemReader", "ItemBatcher", "ResultWriter", "Label"}
_TIMES = {"TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath"}
_WAITS = ("SecondsPath", "Seconds", "TimestampPath", "Timestamp")
#: The fields of each type of state.
FIELDS = {
    "Pass": _GOES_ON | {"Result", "ResultPath", "Parameters"},
    "Task": _EXECUTED | _TIMES | {"Resource", "Credentials"},
    "Choice": (_GOES_ON - {"Next", "End"}) | {"Choices", "Default"},
    "Wait": _GOES_ON | set(_WAITS),
    "Succeed": _COMMON | {"InputPath", "OutputPath", "Output"},
    "Fail": _COMMON | {"Error", "ErrorPath", "Cause", "CausePath"},
    "Parallel": _EXECUTED | {"Branches"},
    "Map": (_EXECUTED - {"Arguments"})
    | _DISTRIBUTED
    | {"ItemProcessor", "Iterator", "ItemsPath", "Items", "ItemSelector", "MaxConcurrency", "MaxConcurrencyPath"},
}
_EXCLUSIVE = (
    ("TimeoutSeconds", "TimeoutSecondsPath"),
    ("HeartbeatSeconds", "HeartbeatSecondsPath"),
    ("ToleratedFailureCount", "ToleratedFailureCountPath"),
    ("ToleratedFailurePercentage", "ToleratedFailurePercentagePath"),
    ("MaxConcurrency", "MaxConcurrencyPath"),
    ("Error", "ErrorPath"),
    ("Cause", "CausePath"),
    ("ItemProcessor", "Iterator"),
    ("ItemSelector", "Parameters"),
    ("Next", "End"),
    _WAITS,
)
_JSONPATH_ALONE = {"InputPath", "OutputPath", "ResultPath", "ResultSelector", "Parameters", "ItemsPath"}
_JSONATA_ALONE = {"Output", "Arguments", "Items"}


Check = Callable[[Any], str]


def whole(least: int, most: int) -> Check:
    """What is wrong with a value that should be a whole number between the two, both included; else nothing."""

    def check(value: Any) -> str:
        if not isinstance(value, int) or isinstance(value, bool):
            return "Expected value of type Integer"
        if value < least:
            return f"Minimum value is {least}"
        return f"Maximum value is {most}" if value > most else ""

    return check


def _unless(fits: Callable[[Any], bool], problem: str) -> Check:
    return lambda value: "" if fits(value) else problem


_TIME, _COUNT = whole(1, MOST_SECONDS), whole(0, MOST_SECONDS)
_TEXT = _unless(lambda value: isinstance(value, str), "Expected value of type String")
_NO_LABEL = re.compile(r"[\s?*<>{}\[\]:;,\\|^~$#%&`\"]")
#: What may stand in a field of a state.
_VALUES: dict[str, Check] = {
    "TimeoutSeconds": _TIME,
    "HeartbeatSeconds": _TIME,
    "Seconds": _COUNT,
    "Timestamp": _unless(lambda value: moment(value) is not None, "String does not match RFC3339 timestamp"),
    "MaxConcurrency": _COUNT,
    "ToleratedFailureCount": _COUNT,
    "ToleratedFailurePercentage": _unless(
        lambda value: is_number(value) and 0 <= value <= 100, "Expected a number between 0 and 100"
    ),
    "Label": _unless(
        lambda value: isinstance(value, str) and 0 < len(value) <= 40 and not _NO_LABEL.search(value),
        "Expected at most 40 characters, without blanks and wildcards",
    ),
    "End": _unless(lambda value: value is True, "Expected true"),
    **dict.fromkeys(("Comment", "Error", "Cause"), _TEXT),
}
_RETRIER: dict[str, Check] = {
    "IntervalSeconds": _TIME,
    "MaxAttempts": _COUNT,
    "BackoffRate": _unless(lambda value: is_number(value) and value >= 1, "Minimum value is 1.0"),
    "MaxDelaySeconds": whole(1, LONGEST_DELAY - 1),
    "JitterStrategy": _unless(lambda value: value in {"FULL", "NONE"}, "Expected FULL or NONE"),
}


def field_problems(state: State, language: str) -> Iterator[Diagnostic]:
    """What is wrong with the fields of a state, but for what is written in them."""
    body, kind = state.body, state.body["Type"]
    if not 0 < len(state.name) <= LONGEST_NAME:
        yield wrong(f"A state's name has 1 to {LONGEST_NAME} characters", state.path)
    other = _JSONATA_ALONE if language == "JSONPath" else _JSONPATH_ALONE
    for name in body:
        if (kind in FIELDS and name not in FIELDS[kind]) or name in other:
            yield wrong(f"Field '{name}' is not supported", state.path)
    for names in _EXCLUSIVE:
        present = [name for name in names if name in body]
        if len(present) > 1:
            yield wrong(f"There should only be one of the following fields: [{', '.join(names)}]", state.path)
    for name in sorted(body.keys() & _VALUES.keys()):
        problem = _VALUES[name](body[name])
        if problem and not (isinstance(body[name], str) and body[name].startswith("{%")):
            yield wrong(problem, state.path, name)
    yield from _missing(state)
    yield from _times(state)
    yield from _rules(state)
    if kind == "Map":
        yield from _map_problems(state)


def _missing(state: State) -> Iterator[Diagnostic]:
    kind, body = state.body["Type"], state.body
    needed = {"Choice": ("Choices",), "Task": ("Resource",), "Parallel": ("Branches",)}.get(kind, ())
    for name in needed:
        if not body.get(name):
            yield wrong(f"These fields are required: [{name}]", state.path)
    if kind == "Wait" and not body.keys() & set(_WAITS):
        fields = ", ".join(_WAITS)
        yield wrong(f"This object should have only one of the following fields: [{fields}]", state.path)


def _times(state: State) -> Iterator[Diagnostic]:
    timeout, heartbeat = (state.body.get(name, 0) for name in ("TimeoutSeconds", "HeartbeatSeconds"))
    if is_number(timeout) and is_number(heartbeat) and heartbeat >= timeout > 0:
        yield wrong("HeartbeatSeconds must be smaller than TimeoutSeconds", state.path)


def _rules(state: State) -> Iterator[Diagnostic]:
    """Of retriers and catchers: States.ALL stands alone and last."""
    for field in ("Retry", "Catch"):
        rules = state.body.get(field, [])
        for number, rule in enumerate(rules):
            where, names = f"{field}[{number}]", rule.get("ErrorEquals")
            if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
                yield wrong("ErrorEquals is a list of texts, which is not empty", state.path, where)
            elif _ALL in names and (len(names) > 1 or number < len(rules) - 1):
                yield wrong(f"{_ALL} must appear alone, and in the last rule", state.path, where)
            if field == "Retry":
                yield from _retrier(rule, state.path, where)


def _retrier(rule: dict[str, Any], path: str, where: str) -> Iterator[Diagnostic]:
    for name in sorted(rule.keys() & _RETRIER.keys()):
        if problem := _RETRIER[name](rule[name]):
            yield wrong(problem, path, f"{where}/{name}")
    longest, interval = rule.get("MaxDelaySeconds"), rule.get("IntervalSeconds", 1)
    if is_number(longest) and is_number(interval) and longest <= interval:
        yield wrong("MaxDelaySeconds must be greater than IntervalSeconds", path, where)


def _map_problems(state: State) -> Iterator[Diagnostic]:
    body = state.body
    if not body.keys() & {"ItemProcessor", "Iterator"}:
        yield wrong("These fields are required: [ItemProcessor]", state.path)
        return
    config = body.get("ItemProcessor", {}).get("ProcessorConfig", {})
    distributed = config.get("Mode") == "DISTRIBUTED"
    if distributed and config.get("ExecutionType") not in {"STANDARD", "EXPRESS"}:
        yield wrong("These fields are required: [ExecutionType]", state.path, "ItemProcessor/ProcessorConfig")
    if not distributed:
        for name in sorted(body.keys() & _DISTRIBUTED):
            yield wrong(f"Field '{name}' is not supported by an INLINE Map", state.path)
        if "ExecutionType" in config:
            yield wrong(
                "Field 'ExecutionType' is not supported by an INLINE Map", state.path, "ItemProcessor/ProcessorConfig"
            )
    for name, resource in (("ItemReader", r".*:s3:(getObject|listObjectsV2)"), ("ResultWriter", r".*:s3:putObject")):
        given = body.get(name, {}).get("Resource")
        if name in body and given is not None and not re.fullmatch(resource, str(given)):
            yield wrong(f"The resource {given} is not supported", state.path, f"{name}/Resource")
    yield from _reader(body.get("ItemReader", {}).get("ReaderConfig", {}), state.path)


def _reader(config: dict[str, Any], path: str) -> Iterator[Diagnostic]:
    """The headers of a CSV file belong to a CSV file, and are given where they are called given."""
    location, headers, where = config.get("CSVHeaderLocation"), "CSVHeaders" in config, "ItemReader/ReaderConfig"
    if (location or headers) and config.get("InputType") != "CSV":
        yield wrong("CSVHeaderLocation and CSVHeaders are supported for InputType CSV only", path, where)
    if (location == "GIVEN") != headers:
        yield wrong("CSVHeaders are required when CSVHeaderLocation is GIVEN, and only then", path, where)


def machine_problems(machine: dict[str, Any], nested: Iterator[Machine]) -> Iterator[Diagnostic]:
    """What is wrong with the fields beside States."""
    for name, check, usual in (("TimeoutSeconds", _TIME, 1), ("Comment", _TEXT, "")):
        if problem := check(machine.get(name, usual)):
            yield Diagnostic(SCHEMA, problem, f"/{name}")
    for part in nested:
        if not part.states:
            yield Diagnostic(SCHEMA, "States must not be empty", f"/States/{part.path}")


def branches(state: State) -> Iterator[tuple[str, dict[str, Any]]]:
    """The machines in a state, each with its place."""
    for number, branch in enumerate(state.body.get("Branches", [])):
        yield f"Branches[{number}]", branch
    for name in ("ItemProcessor", "Iterator"):
        if name in state.body:
            yield name, state.body[name]


def branch_problems(state: State) -> Iterator[Diagnostic]:
    """A machine in a state has no deadline and no version of its own."""
    for where, branch in branches(state):
        for name in sorted(branch.keys() & {"TimeoutSeconds", "Version"}):
            yield wrong(f"Field '{name}' is not supported", state.path, where)

"""What Step Functions finds wrong in a definition, as diagnostics: of one that is validated, created or updated.

Codes are those of the API reference, ValidateStateMachineDefinitionDiagnostic; where AWS's own words are recorded
(tests/corpus/aws_recorded/README.md), the words are those.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from moto.stepfunctions.parser.api import InvalidDefinition
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

from workflow import definition as machine_definition
from workflow.integrations import INTEGRATIONS, RESERVED_WITH_SYNC, TASK_SYNC, unsupported

SCHEMA = "SCHEMA_VALIDATION_FAILED"
NO_DEFINITION = (
    "1 validation error detected: Value at 'definition' failed to satisfy constraint: Member must not be null"
)
_EXECUTED, _PASSING = {"Task", "Parallel", "Map"}, {"Task", "Parallel", "Map", "Pass"}
#: Fields that stand in some types of state only.
_HOMES = {
    **dict.fromkeys(("ResultSelector", "Retry", "Catch"), _EXECUTED),
    **dict.fromkeys(("ResultPath", "Parameters"), _PASSING),
}
_CALL = re.compile(r"States\.[A-Za-z0-9]+\(")
_WRONG_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\[^'{}\\]")
_WAITING = (".sync", ".sync:2", ".waitForTaskToken")


class Diagnostic(NamedTuple):
    """One thing that is wrong, or that looks wrong; `location` is a path of the definition."""

    code: str
    message: str
    location: str = ""
    severity: str = "ERROR"

    @property
    def text(self) -> str:
        """As the message of InvalidDefinition has it."""
        return f"{self.code}: {self.message}{f' at {self.location}' if self.location else ''}"


def problems_of(text: str, kind: str = "STANDARD") -> list[Diagnostic]:
    """Every error of the definition; empty where a state machine of it can be made."""
    machine, broken = read(text)
    if broken:
        return broken
    try:
        found = list(_problems(machine, kind))
    except (KeyError, TypeError, AttributeError, RecursionError):
        found = []  # no state machine at all: the interpreter's grammar says so
    return found or _refused(text)


def read(text: str) -> tuple[dict[str, Any], list[Diagnostic]]:
    """The definition, or why it is none."""
    machine, broken = read_json(text)
    missing = [name for name in ("States", "StartAt") if name not in machine]
    if broken or not missing:
        return machine, broken
    return {}, [Diagnostic(SCHEMA, f"These fields are required: [{', '.join(missing)}]", "/")]


def read_json(text: str) -> tuple[dict[str, Any], list[Diagnostic]]:
    """The JSON object that a definition is, or why it is none."""
    try:
        machine = json.loads(text) if text else None
    except ValueError as problem:
        where = f"line: {problem.lineno}, column: {problem.colno}" if isinstance(problem, json.JSONDecodeError) else ""
        location = f"[Source: (String); {where}]"
        return {}, [Diagnostic("INVALID_JSON_DESCRIPTION", f"{problem}", location)]
    except RecursionError:
        return {}, [Diagnostic("INVALID_JSON_DESCRIPTION", "The definition is nested too deeply")]
    if not isinstance(machine, dict):
        return {}, [Diagnostic(SCHEMA, "Definition must be a valid JSON object")]
    return machine, []


def _refused(text: str) -> list[Diagnostic]:
    """What the interpreter itself cannot read."""
    try:
        StepFunctionsParserBackend._validate_definition(text)
    except InvalidDefinition as refusal:
        return [Diagnostic(SCHEMA, str(refusal.message)[:2_000], "/")]
    except RecursionError:
        return [Diagnostic(SCHEMA, "The definition is nested too deeply", "/")]
    return []


def _problems(machine: dict[str, Any], kind: str) -> Iterator[Diagnostic]:
    seen: set[str] = set()
    for state in machine_definition.states(machine):
        if state.name in seen:
            yield Diagnostic("DUPLICATE_STATE_NAME", f"Duplicate State name: {state.name}", state.path)
        seen.add(state.name)
        yield from _misplaced(state)
        yield from _wrong_escapes(state)
        yield from _wrong_parameters(state)
        if kind == "EXPRESS":
            yield from _unfit_for_express(state)
    for part in machine_definition.machines(machine):
        yield from _transitions(part)


def _transitions(part: machine_definition.Machine) -> Iterator[Diagnostic]:
    """A state that is named and not there; one that nothing leads to; a way without an end."""
    where = f"/States/{part.path}" if part.path else "/States/"
    leads = {name: machine_definition.successors(body) for name, body in part.states.items()}
    if part.start_at not in leads:
        yield Diagnostic("MISSING_TRANSITION_TARGET", f"Missing 'StartAt' target: {part.start_at}", where)
        return
    for name, following in leads.items():
        for absent in sorted(following - leads.keys()):
            place = f"{where}{name}{'/Next' if part.states[name].get('Next') == absent else ''}"
            yield Diagnostic("MISSING_TRANSITION_TARGET", f"Missing 'Next' target: {absent}", place)
    for name in sorted(leads.keys() - machine_definition.reachable(part.start_at, part.states)):
        yield Diagnostic("MISSING_TRANSITION_TARGET", f'State "{name}" is not reachable.', f"{where}{name}")
    if not any(body.get("End") or body["Type"] in {"Succeed", "Fail"} for body in part.states.values()):
        yield Diagnostic("MISSING_END_STATE", "The workflow does not have a terminal state", where)


def _wrong_parameters(state: machine_definition.State) -> Iterator[Diagnostic]:
    resource, parameters = str(state.body.get("Resource", "")), state.body.get("Parameters", {})
    refused = set(unsupported(resource, parameters)) if resource in INTEGRATIONS else set()
    if resource == TASK_SYNC:
        refused |= {name.removesuffix(".$") for name in parameters} & RESERVED_WITH_SYNC
    for name in sorted(refused):
        where = f"/States/{state.path}/Parameters"
        yield Diagnostic(SCHEMA, f"The field '{name}' is not supported by Step Functions", where)


def _misplaced(state: machine_definition.State) -> Iterator[Diagnostic]:
    for name, homes in _HOMES.items():
        if name in state.body and state.body["Type"] not in homes:
            yield Diagnostic(SCHEMA, f"Field '{name}' is not supported", f"/States/{state.path}")


def _unfit_for_express(state: machine_definition.State) -> Iterator[Diagnostic]:
    resource = str(state.body.get("Resource", ""))
    if resource.endswith(_WAITING):
        pattern = next(each for each in _WAITING if resource.endswith(each))
        message = f"Express state machine does not support '{pattern}' service integration"
        yield Diagnostic(SCHEMA, message, f"/States/{state.path}/Resource")
    if state.body.get("ItemProcessor", {}).get("ProcessorConfig", {}).get("Mode") == "DISTRIBUTED":
        message = "Express state machine does not support a Distributed Map"
        yield Diagnostic(SCHEMA, message, f"/States/{state.path}/ItemProcessor")


def _wrong_escapes(state: machine_definition.State) -> Iterator[Diagnostic]:
    """Of a call of a function, of which a backslash may escape a quote, a brace or a backslash only."""
    for name, value in texts_of(state.body):
        if name.endswith((".$", "Path")) and _CALL.match(value) and _WRONG_ESCAPE.search(value):
            yield Diagnostic(
                SCHEMA,
                f"The value for the field '{name}' must be a valid JSONPath or a valid intrinsic function call",
                f"/States/{state.path}",
            )


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

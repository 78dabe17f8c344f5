"""What Step Functions finds wrong in a definition, as diagnostics: of one that is validated, created or updated.

Codes are those of the API reference, ValidateStateMachineDefinitionDiagnostic; where AWS's own words are recorded
(tests/corpus/aws_recorded/README.md), the words are those.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from moto.stepfunctions.parser.api import InvalidDefinition
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

from local.moto.definition_expressions import assigned, expression_problems, variable_problems
from local.moto.definition_fields import branch_problems, branches, field_problems, machine_problems
from local.moto.definition_resources import resource_problems
from local.moto.diagnostics import SCHEMA, Diagnostic, wrong
from workflow import definition as machine_definition
from workflow.definition import State
from workflow.integrations import INTEGRATIONS, RESERVED_WITH_SYNC, TASK_SYNC, unsupported

JSONPATH = "JSONPath"
NO_DEFINITION = (
    "1 validation error detected: Value at 'definition' failed to satisfy constraint: Member must not be null"
)
_WAITING = (".sync", ".sync:2", ".waitForTaskToken")


def problems_of(text: str, kind: str = "STANDARD") -> list[Diagnostic]:
    """Every error of the definition; empty where a state machine of it can be made."""
    machine, broken = read(text)
    if broken:
        return broken
    try:
        return list(_problems(machine, kind)) or _refused(text)
    except (KeyError, TypeError, AttributeError, RecursionError):
        return _refused(text) or [Diagnostic(SCHEMA, "A field has a value of another kind than the language's", "/")]


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
    yield from machine_problems(machine, machine_definition.machines(machine))
    seen: set[str] = set()
    for state, language, outside in _scoped(machine, str(machine.get("QueryLanguage", JSONPATH))):
        if state.name in seen:
            yield Diagnostic("DUPLICATE_STATE_NAME", f"Duplicate State name: {state.name}", state.path)
        seen.add(state.name)
        if language == JSONPATH != machine.get("QueryLanguage", JSONPATH):
            message = "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine"
            yield wrong(message, state.path)
        yield from field_problems(state, language)
        yield from expression_problems(state, language)
        yield from variable_problems(state, outside)
        yield from branch_problems(state)
        yield from resource_problems(state)
        yield from _wrong_parameters(state)
        if kind == "EXPRESS":
            yield from _unfit_for_express(state)
    for part in machine_definition.machines(machine):
        yield from _transitions(part)


def _scoped(
    machine: dict[str, Any], language: str, path: str = "", outside: frozenset[str] = frozenset()
) -> Iterator[tuple[State, str, set[str]]]:
    """Every state with its query language, and with the variables of the scopes around its own."""
    inner = outside | {name for body in machine["States"].values() for name in assigned(body)}
    for name, body in machine["States"].items():
        state, own = State(path + name, name, body), str(body.get("QueryLanguage", language))
        yield state, own, set(outside)
        for _, branch in branches(state):
            yield from _scoped(branch, own, f"{path}{name}/", frozenset(inner))


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


def _unfit_for_express(state: machine_definition.State) -> Iterator[Diagnostic]:
    resource = str(state.body.get("Resource", ""))
    if resource.endswith(_WAITING):
        pattern = next(each for each in _WAITING if resource.endswith(each))
        message = f"Express state machine does not support '{pattern}' service integration"
        yield Diagnostic(SCHEMA, message, f"/States/{state.path}/Resource")
    if state.body.get("ItemProcessor", {}).get("ProcessorConfig", {}).get("Mode") == "DISTRIBUTED":
        message = "Express state machine does not support a Distributed Map"
        yield Diagnostic(SCHEMA, message, f"/States/{state.path}/ItemProcessor")

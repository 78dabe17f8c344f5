"""What Step Functions refuses in definitions, and in calls about state machines, that moto accepts or names otherwise.

Each follows an answer of AWS itself; tests/corpus/aws_recorded/README.md has the table of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from moto.stepfunctions.exceptions import AWSError
from moto.stepfunctions.parser.api import InvalidDefinition
from moto.stepfunctions.parser.models import StepFunctionsParserBackend as Backend
from moto.stepfunctions.responses import StepFunctionResponse

from local.moto.replacements import replaces
from workflow import definition as machine_definition
from workflow.integrations import INTEGRATIONS, RESERVED_WITH_SYNC, TASK_SYNC, unsupported


def _checked(original: Any) -> Any:
    def keep(self: Any, *args: Any, **kwargs: Any) -> Any:
        """AWS refuses a state's name that stands twice, and parameters that it reserves; moto takes both."""
        definition = kwargs.get("definition") or (args[1] if len(args) > 1 else None)
        try:
            problems = list(_problems(json.loads(definition))) if definition else []
        except (ValueError, KeyError, TypeError, AttributeError):
            problems = []  # no state machine at all: moto says so itself
        if problems:
            raise AWSError("; ".join(problems), "InvalidDefinition", 400)
        try:
            return original(self, *args, **kwargs)
        except InvalidDefinition as refusal:  # moto's answer has no code
            raise AWSError(str(refusal.message), "InvalidDefinition", 400) from refusal

    return keep


def _problems(machine: dict[str, Any]) -> Iterator[str]:
    seen: set[str] = set()
    for state in machine_definition.states(machine):
        if state.name in seen:
            yield f"DUPLICATE_STATE_NAME: Duplicate State name: {state.name} at {state.path}"
        seen.add(state.name)
        yield from _misplaced(state)
        yield from _wrong_escapes(state)
        resource, parameters = str(state.body.get("Resource", "")), state.body.get("Parameters", {})
        refused = set(unsupported(resource, parameters)) if resource in INTEGRATIONS else set()
        if resource == TASK_SYNC:
            refused |= {name.removesuffix(".$") for name in parameters} & RESERVED_WITH_SYNC
        for name in sorted(refused):
            yield (
                f"SCHEMA_VALIDATION_FAILED: The field '{name}' is not supported by Step Functions "
                f"at /States/{state.path}/Parameters"
            )


_EXECUTED, _PASSING = {"Task", "Parallel", "Map"}, {"Task", "Parallel", "Map", "Pass"}
#: Fields that stand in some types of state only.
_HOMES = {
    **dict.fromkeys(("ResultSelector", "Retry", "Catch"), _EXECUTED),
    **dict.fromkeys(("ResultPath", "Parameters"), _PASSING),
}
_CALL = re.compile(r"States\.[A-Za-z0-9]+\(")
_WRONG_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\[^'{}\\]")


def _misplaced(state: machine_definition.State) -> Iterator[str]:
    for name, homes in _HOMES.items():
        if name in state.body and state.body["Type"] not in homes:
            yield f"SCHEMA_VALIDATION_FAILED: Field '{name}' is not supported at /States/{state.path}"


def _wrong_escapes(state: machine_definition.State) -> Iterator[str]:
    """Of a call of a function, of which a backslash may escape a quote, a brace or a backslash only."""
    for name, value in _texts(state.body):
        if name.endswith((".$", "Path")) and _CALL.match(value) and _WRONG_ESCAPE.search(value):
            yield (
                f"SCHEMA_VALIDATION_FAILED: The value for the field '{name}' must be a valid JSONPath or a valid "
                f"intrinsic function call at /States/{state.path}"
            )


def _texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Each text below a state with its field; states inside of it are looked at on their own."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for field, inner in value.items():
            if field not in {"States", "Branches"}:
                yield from _texts(inner, field)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, name)


_original_create = Backend.create_state_machine
_checked_create = _checked(_original_create)


@replaces(Backend, "create_state_machine")
def _create(self: Any, name: str, definition: str, *args: Any, **kwargs: Any) -> Any:
    """AWS refuses the name of a state machine with another definition, to the byte; moto answers with the old one."""
    for machine in self.state_machines:
        if machine.name == name and (definition, kwargs.get("sm_type") or "STANDARD") != (
            machine.definition,
            machine.type,
        ):
            raise AWSError(f"State Machine Already Exists: '{machine.arn}'", "StateMachineAlreadyExists", 400)
    return _checked_create(self, *args, name=name, definition=definition, **kwargs)


replaces(Backend, "update_state_machine")(_checked(Backend.update_state_machine))


_original_alias = Backend.create_state_machine_alias


@replaces(Backend, "create_state_machine_alias")
def _create_alias(self: Any, name: str, routing_configuration: list[dict[str, Any]], description: str | None) -> Any:
    """AWS keeps an alias that is there and refuses other routes under its name; moto overwrites it."""
    first = str(routing_configuration[0]["stateMachineVersionArn"])
    machine = next((each for each in self.state_machines if each.arn == first.rpartition(":")[0]), None)
    present = machine.aliases.get(name) if machine else None
    if present is None:
        return _original_alias(self, name, routing_configuration, description)
    if (present.routing_configuration, present.description) != (routing_configuration, description):
        problem = "an alias with the same name and a different routing configuration already exists."
        raise AWSError(f"Failed to create alias because {problem}", "ConflictException", 400)
    return present


def _invalid(problem: str) -> AWSError:
    return AWSError(problem, "ValidationException", 400)


_original_routes = StepFunctionResponse._validate_routing_configuration


@replaces(StepFunctionResponse, "_validate_routing_configuration")
def _routes(self: Any, routing_configuration: list[dict[str, Any]]) -> None:
    """An alias leads to versions, each named once; moto checks their weights alone."""
    arns = [str(route["stateMachineVersionArn"]) for route in routing_configuration]
    received = f"Received: [{', '.join(arns)}]"
    if any(not arn.rpartition(":")[2].isdecimal() for arn in arns):
        raise _invalid(f"Routing configuration must contain state machine version ARNs. {received}")
    if len(set(arns)) < len(arns):
        raise _invalid(f"Routing configuration must contain distinct state machine version ARNs. {received}")
    _original_routes(self, routing_configuration)


_original_start = StepFunctionResponse.start_execution


@replaces(StepFunctionResponse, "start_execution")
def _start(self: Any) -> Any:
    """AWS names an input that is no JSON; moto's answer has no code."""
    try:
        json.loads(self._get_param("input", if_none="{}"))
    except ValueError as problem:
        text = f"Invalid State Machine Execution Input: '{problem}'"
        raise AWSError(text, "InvalidExecutionInput", 400) from problem
    return _original_start(self)

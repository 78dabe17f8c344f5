"""What Step Functions refuses in definitions, and in calls about state machines, that moto accepts or names otherwise.

Each follows an answer of AWS itself; tests/corpus/aws_recorded/README.md has the table of them.
"""

from __future__ import annotations

import json
from typing import Any

from moto.core.responses import ActionResult
from moto.stepfunctions.exceptions import AWSError
from moto.stepfunctions.parser.models import StepFunctionsParserBackend as Backend
from moto.stepfunctions.responses import StepFunctionResponse

from local.moto.definition_problems import NO_DEFINITION, problems_of
from local.moto.definition_warnings import warnings_of
from local.moto.listing import refuse_unknown
from local.moto.replacements import replaces

_MOST_DIAGNOSTICS = 100


def _checked(original: Any) -> Any:
    def keep(self: Any, *args: Any, **kwargs: Any) -> Any:
        """AWS refuses what no execution could run, and parameters that it reserves; moto takes what it can read."""
        definition = kwargs.get("definition") or (args[1] if len(args) > 1 else None)
        problems = problems_of(definition, kwargs.get("sm_type") or "STANDARD") if definition else []
        if problems:
            raise AWSError("; ".join(each.text for each in problems), "InvalidDefinition", 400)
        return original(self, *args, **kwargs)

    return keep


@replaces(StepFunctionResponse, "validate_state_machine_definition")
def _validate(self: Any) -> ActionResult:
    """moto answers NotImplementedError. What Create refuses is FAIL; a warning alone is OK."""
    refuse_unknown(self, "type", ("STANDARD", "EXPRESS"))
    refuse_unknown(self, "severity", ("ERROR", "WARNING"))
    text, most = self._get_param("definition"), self._get_param("maxResults") or 0
    if text is None or not 0 <= most <= _MOST_DIAGNOSTICS:
        raise _invalid(f"Value '{most}' at 'maxResults' is out of its range" if text is not None else NO_DEFINITION)
    found = problems_of(text, self._get_param("type") or "STANDARD")
    failed = bool(found)
    if self._get_param("severity") == "WARNING":
        found = found + warnings_of(text)
    shown = found[: most or _MOST_DIAGNOSTICS]
    diagnostics = [{name: value for name, value in each._asdict().items() if value} for each in shown]
    truncated = len(shown) < len(found)
    return ActionResult({"result": "FAIL" if failed else "OK", "diagnostics": diagnostics, "truncated": truncated})


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

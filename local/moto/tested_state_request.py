"""What TestState is asked for, and what of it AWS refuses; the words are AWS's where they are recorded.

Source of the recorded refusals: localstack/localstack, tests/aws/services/stepfunctions/v2/test_state, snapshots of
2025-12-10 and 2026-02-25.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.stepfunctions.exceptions import AWSError

from local.moto.definition_problems import NO_DEFINITION, problems_of, read_json
from local.moto.listing import refuse_unknown
from workflow import definition

_MOCKABLE = {"Task", "Map", "Parallel"}
_WAITING = (".sync", ".sync:2", ".waitForTaskToken")
_LEVELS, _MODES = ("INFO", "DEBUG", "TRACE"), ("STRICT", "PRESENT", "NONE")
#: Of a state that is given without a name.
_UNNAMED = "StateName"


@dataclass(frozen=True)
class Mock:
    """What the state's task answers, in place of the service."""

    result: Any = None
    error: str | None = None
    cause: str | None = None
    fails: bool = False
    mode: str = "STRICT"


@dataclass(frozen=True)
class Asked:
    """One state to test."""

    name: str
    body: dict[str, Any]
    given: Any
    role: str
    level: str
    mock: Mock | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)
    retries: int = 0
    failed_iterations: int | None = None
    items: str | None = None

    @property
    def machine(self) -> str:
        """A state machine of the state alone, with ends in place of those that follow."""
        ends = {name: {"Type": "Succeed"} for name in definition.successors(self.body) if name != self.name}
        return json.dumps({"StartAt": self.name, "States": {**ends, self.name: self.body}})


def asked_by(call: Any) -> Asked:
    """The state and how to test it. Raises an AWSError of AWS's name."""
    refuse_unknown(call, "inspectionLevel", _LEVELS)
    name, body = _state(call._get_param("definition"), call._get_param("stateName"))
    settings, mock = call._get_param("stateConfiguration") or {}, _mock(call, body)
    role = call._get_param("roleArn") or ""
    _refuse_unmocked(body, mock, role)
    counts = [settings.get(each) for each in ("retrierRetryCount", "mapIterationFailureCount")]
    if any(count is not None and count < 0 for count in counts):
        raise _invalid("A count of the state configuration must not be negative")
    cause = settings.get("errorCausedByState")
    if cause and cause not in {state.name for state in definition.states(_alone(name, body))}:
        raise _invalid(f"The state '{cause}' is not in the definition")
    asked = Asked(
        name,
        body,
        _json(call, "input", "InvalidExecutionInput") if call._get_param("input") else {},
        role,
        call._get_param("inspectionLevel") or "INFO",
        mock,
        _object(call, "variables"),
        _object(call, "context"),
        counts[0] or 0,
        counts[1],
        settings.get("mapItemReaderData"),
    )
    problems = problems_of(asked.machine)
    if problems:
        raise AWSError(
            f"Invalid State Machine Definition: '{', '.join(each.text for each in problems)}'", "InvalidDefinition", 400
        )
    return asked


def _alone(name: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"StartAt": name, "States": {name: body}}


def _state(text: str | None, name: str | None) -> tuple[str, dict[str, Any]]:
    if text is None:
        raise _invalid(NO_DEFINITION)
    given, broken = read_json(text)
    if not broken and "States" in given and not name:
        raise _invalid("StateName must be specified when the definition is a state machine")
    if broken:
        raise AWSError(f"Invalid State Machine Definition: '{broken[0].text}'", "InvalidDefinition", 400)
    if "States" not in given:
        return name or _UNNAMED, given
    try:
        return next((state.name, state.body) for state in definition.states(given) if state.name == name)
    except (StopIteration, KeyError, TypeError, AttributeError) as problem:
        raise _invalid("State not found in definition") from problem


def _refuse_unmocked(body: dict[str, Any], mock: Mock | None, role: str) -> None:
    kind, resource = body.get("Type"), str(body.get("Resource", ""))
    if mock is not None:
        return
    if kind in {"Map", "Parallel"}:
        raise AWSError(
            "TestState API does not support Map or Parallel states. Supported state types include: "
            "[Task, Wait, Pass, Succeed, Fail, Choice]",
            "InvalidDefinition",
            400,
        )
    if resource.endswith(_WAITING):
        raise AWSError(
            "TestState API does not support '.sync' or '.waitForTaskToken' integration patterns.",
            "InvalidDefinition",
            400,
        )
    if kind == "Task" and not role:
        raise _invalid("RoleArn must be specified when testing a Task state")
    if role and not role.startswith("arn:"):
        raise AWSError(f"Invalid Role Arn: '{role}'", "InvalidArn", 400)


def _mock(call: Any, body: dict[str, Any]) -> Mock | None:
    given = call._get_param("mock")
    if given is None:
        return None
    kind, mode = body.get("Type"), given.get("fieldValidationMode") or "STRICT"
    if kind not in _MOCKABLE:
        raise _invalid(f"State type '{kind}' is not supported when a mock is specified")
    if call._get_param("revealSecrets"):
        raise _invalid("TestState does not support RevealSecrets when a mock is specified.")
    if mode not in _MODES:
        raise _invalid(
            f"1 validation error detected: Value '{mode}' at 'mock.fieldValidationMode' failed to satisfy constraint: "
            f"Member must satisfy enum value set: [{', '.join(_MODES)}]"
        )
    if ("result" in given) == ("errorOutput" in given):
        raise _invalid("A test mock should have only one of the following fields: [result, errorOutput].")
    if "errorOutput" in given:
        error = given["errorOutput"]
        return Mock(error=error.get("error"), cause=error.get("cause"), fails=True, mode=mode)
    try:
        result = json.loads(given["result"])
    except (ValueError, RecursionError) as problem:
        raise _invalid("Mocked result must be valid JSON") from problem
    _refuse_misfit(body, result)
    return Mock(result=result, mode=mode)


def _refuse_misfit(body: dict[str, Any], result: Any) -> None:
    """A Map and a Parallel answer a list, a Map that writes its results an object."""
    written, branches = "ResultWriter" in body, body.get("Branches")
    if body.get("Type") == "Task":
        return
    if written and not isinstance(result, dict):
        raise _invalid("Mocked result must be a JSON object.")
    if not written and not isinstance(result, list):
        raise _invalid("Mocked result must be an array.")
    if branches is not None and len(result) != len(branches):
        raise _invalid("Mocked result must contain the same number of items as number of Parallel branches.")


def _object(call: Any, name: str) -> Mapping[str, Any]:
    if not call._get_param(name):
        return {}
    value = _json(call, name, "ValidationException")
    if not isinstance(value, dict):
        raise _invalid(f"The value of '{name}' must be a JSON object")
    return value


def _json(call: Any, name: str, code: str) -> Any:
    try:
        return json.loads(call._get_param(name))
    except (ValueError, RecursionError) as problem:
        raise AWSError(f"Invalid State Machine Execution Input: '{problem}'", code, 400) from problem


def _invalid(problem: str) -> AWSError:
    return AWSError(problem, "ValidationException", 400)

"""Holds a mocked result against the model of the call that it stands for, as strictly as it is asked to."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import botocore.session
from botocore.exceptions import UnknownServiceError
from botocore.model import ListShape, MapShape, OperationModel, Shape, StringShape, StructureShape
from moto.stepfunctions.exceptions import AWSError

from local.moto.tested_state_request import Asked

#: A call's resource without what waits for more than its answer: `.sync` gives the work's own result.
_CALL = re.compile(r"arn:aws[a-z-]*:states:::(?:aws-sdk:)?(?P<service>[a-z0-9-]+):(?P<call>[A-Za-z0-9]+)")
_SERVICES = {"states": "stepfunctions", "sfn": "stepfunctions", "eventbridge": "events"}
_KINDS: dict[str, tuple[type | tuple[type, ...], str]] = {
    "string": (str, "a string"),
    "timestamp": ((str, int, float), "a string"),
    "integer": (int, "a number"),
    "long": (int, "a number"),
    "float": ((int, float), "a number"),
    "double": ((int, float), "a number"),
    "boolean": (bool, "a boolean"),
}


def refuse_misfit(asked: Asked) -> None:
    """Refuse a mocked result that the service could not give. Raises ValidationException."""
    mock, found = asked.mock, _CALL.fullmatch(str(asked.body.get("Resource", "")))
    if mock is None or mock.fails or mock.mode == "NONE" or found is None:
        return
    operation = _operation(_SERVICES.get(found["service"], found["service"]), found["call"].lower())
    if operation is not None and operation.output_shape is not None:
        _check(mock.result, operation.output_shape, "result", whole=mock.mode == "STRICT")


@cache
def _operation(service: str, call: str) -> OperationModel | None:
    try:
        model = botocore.session.get_session().get_service_model(service)
    except UnknownServiceError:
        return None
    name = next((each for each in model.operation_names if each.lower() == call), None)
    return model.operation_model(name) if name else None


def _check(value: Any, shape: Shape, name: str, *, whole: bool) -> None:
    if isinstance(shape, StructureShape):
        _check_structure(value, shape, name, whole=whole)
    elif isinstance(shape, ListShape):
        _of_kind(value, list, name, "an array")
        for inner in value:
            _check(inner, shape.member, name, whole=whole)
    elif isinstance(shape, MapShape):
        _of_kind(value, dict, name, "an object")
        for inner in value.values():
            _check(inner, shape.value, name, whole=whole)
    elif shape.type_name in _KINDS:
        kind, words = _KINDS[shape.type_name]
        _of_kind(value, kind, name, words)
        if isinstance(shape, StringShape) and shape.enum and value not in shape.enum:
            raise _misfit(f"Field '{name}' is not an expected value")


def _check_structure(value: Any, shape: StructureShape, name: str, *, whole: bool) -> None:
    _of_kind(value, dict, name, "an object")
    for required in map(_cased, shape.required_members) if whole else ():
        if required not in value:
            raise _misfit(f"Required field '{required}' is missing")
    for member, inner in shape.members.items():  # a field that is unknown may be of a later model
        if _cased(member) in value:
            _check(value[_cased(member)], inner, _cased(member), whole=whole)


def _of_kind(value: Any, kind: type | tuple[type, ...], name: str, words: str) -> None:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise _misfit(f"Field '{name}' must be {words}")


def _cased(name: str) -> str:
    """As Step Functions writes an answer's fields."""
    return name[:1].upper() + name[1:]


def _misfit(problem: str) -> AWSError:
    return AWSError(f"Mock result schema validation error: {problem}", "ValidationException", 400)

"""What takes moto longer than it needs to write its answers."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from moto.core.serialize import (
    AttributePickerContext,
    JSONSerializer,
    ResponseSerializer,
    TimestampSerializer,
    XFormedAttributePicker,
)

from local.moto.replacements import saves_time

_original_structure = JSONSerializer._serialize_type_structure
_original_value = ResponseSerializer.get_value
_original_timestamp = TimestampSerializer._convert_timestamp_to_str


@saves_time(JSONSerializer, "_serialize_type_structure")
def _serialize_structure(self: Any, serialized: dict[str, Any], value: Any, shape: Any, key: str) -> None:
    """moto looks for each member that a shape can have, by up to four names, in every value.

    A value of DynamoDB has one of ten members, an event of an execution four of forty: half of the time of a query and
    nearly all of the time of a history.
    """
    if isinstance(value, dict) and shape.name == "AttributeValue" and self.service_model.service_name == "dynamodb":
        self._default_serialize(serialized, attribute_on_the_wire(value), shape, key)
    elif isinstance(value, dict) and shape.name == "HistoryEvent":
        event: dict[str, Any] = {}
        for name, member in shape.members.items():
            if name in value:
                member.parent = shape
                self._serialize_structure_member(event, value, member, name)
        self._default_serialize(serialized, event, shape, key)
    else:
        _original_structure(self, serialized, value, shape, key)


@saves_time(ResponseSerializer, "get_value")
def _get_value(self: Any, value: Any, key: str, shape: Any) -> Any:
    """moto works out for each member by which other names an answer may have it, though they are always the same."""
    picker = self._value_picker
    if type(value) is not dict or type(picker) is not XFormedAttributePicker or picker.response_transformers:
        return _original_value(self, value, key, shape)
    if key in value:
        return value[key]
    names = vars(shape).get("names_in_answers")
    if names is None:
        context = AttributePickerContext(obj={}, key=key, shape=shape)
        names = vars(shape)["names_in_answers"] = tuple(picker.get_possible_keys(context))
    return next((value[name] for name in names if name in value), None)


@saves_time(TimestampSerializer, "_convert_timestamp_to_str")
def _convert_timestamp(self: Any, value: Any, timestamp_format: str) -> Any:
    """moto keeps the times of a history as text, which it parses again in every answer."""
    if not isinstance(value, str):
        return _original_timestamp(self, value, timestamp_format)
    return _timestamp_of(value, timestamp_format)


@lru_cache(maxsize=4096)
def _timestamp_of(value: str, timestamp_format: str) -> Any:
    return _original_timestamp(TimestampSerializer(timestamp_format), value, timestamp_format)


def attribute_on_the_wire(value: Mapping[str, Any]) -> dict[str, Any]:
    """DynamoDB's JSON of a value that moto holds, in which binary is still bytes and a sum may be a number."""
    return {kind: _content(kind, content) for kind, content in value.items()}


def _content(kind: str, content: Any) -> Any:
    match kind:
        case "S" | "N":
            return str(content)
        case "SS" | "NS":
            return [str(element) for element in content]
        case "M":
            return {name: attribute_on_the_wire(element) for name, element in content.items()}
        case "L":
            return [attribute_on_the_wire(element) for element in content]
        case "B":
            return _base64(content)
        case "BS":
            return [_base64(element) for element in content]
        case _:
            return content


def _base64(content: str | bytes) -> str:
    return b64encode(content.encode() if isinstance(content, str) else content).decode()

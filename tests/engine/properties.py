"""Properties as they travel between the engine and a provider: Protobuf's Struct, with unknowns and archives. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf import struct_pb2  # type: ignore[import-untyped]  # the library has no types
from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]  # the same
from pulumi.runtime import rpc

#: What stands for a value that is not known yet, in a preview.
UNKNOWN = rpc.UNKNOWN
_SIGNATURE = "4dabf18193072939515e22adb298388d"


def plain(properties: Any) -> dict[str, Any]:
    """Dictionaries, lists and values; an archive is the hash of its content."""
    found: dict[str, Any] = MessageToDict(properties)
    return {name: _without_places(value) for name, value in found.items() if value is not None}


def python(properties: Any) -> dict[str, Any]:
    """As the mock monitor hands them to local/resources: archives are objects of Pulumi."""
    made = struct_pb2.Struct()
    made.CopyFrom(properties)
    for name, value in properties.items():
        if isinstance(value, struct_pb2.Struct) and _SIGNATURE in value and not {"path", "assets", "text"} & set(value):
            made.fields.pop(name)  # of an archive that is deployed the state keeps the hash alone
    found: dict[str, Any] = rpc.deserialize_properties(made, keep_unknowns=True)
    return found


def struct(values: Mapping[str, Any]) -> Any:
    """The form that travels."""
    made = struct_pb2.Struct()
    made.update(values)
    return made


def merged(properties: Any, values: Any) -> Any:
    """The properties with other values on top."""
    made = struct_pb2.Struct()
    made.CopyFrom(properties)
    if isinstance(values, struct_pb2.Struct):
        for name, value in values.fields.items():
            made.fields[name].CopyFrom(value)
    else:
        made.update(values)
    return made


def outputs_only(state: Any, inputs: Any) -> Any:
    """What the provider computed: the state without the inputs."""
    made = struct_pb2.Struct()
    made.CopyFrom(state)
    for name in inputs.fields:
        made.fields.pop(name, None)
    return made


def changed(before: Any, after: Any) -> set[str]:
    """The names of properties that differ; an unknown value differs from any."""
    old, new = plain(before), plain(after)
    return {name for name in {*old, *new} if _unlike(old.get(name), new.get(name))}


def _unlike(old: Any, new: Any) -> bool:
    return old != new and not (old in (None, [], {}, "") and new in (None, [], {}, ""))


def _without_places(value: Any) -> Any:
    if isinstance(value, Mapping):
        if _SIGNATURE in value and "hash" in value:
            return value["hash"]
        return {name: _without_places(inner) for name, inner in value.items() if inner is not None}
    return [_without_places(inner) for inner in value] if isinstance(value, list) else value

"""What moto works out anew in every request, under the interpreter's lock, though its answer never changes."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from moto.core.serialize import JSONSerializer
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser, Preprocessor

from local.moto_fixes.registry import replaces

_original_backend_for_host = DomainDispatcherApplication.get_backend_for_host
_original_structure = JSONSerializer._serialize_type_structure
_original_parse = AmazonStateLanguageParser.parse
_backends: dict[str | None, Any] = {}


@replaces(DomainDispatcherApplication, "get_backend_for_host")
def _backend_for_host(self: Any, host: str | None) -> Any:
    """moto lists its own folder of 170 services, and tries 200 patterns, for every request."""
    if host not in _backends:
        _backends[host] = _original_backend_for_host(self, host)
    return _backends[host]


@replaces(JSONSerializer, "_serialize_type_structure")
def _serialize_structure(self: Any, serialized: dict[str, Any], value: Any, shape: Any, key: str) -> None:
    """moto looks for each of the ten types in every DynamoDB value, by up to three names; half of a query's time."""
    if shape.name == "AttributeValue" and isinstance(value, dict) and self.service_model.service_name == "dynamodb":
        self._default_serialize(serialized, attribute_on_the_wire(value), shape, key)
    else:
        _original_structure(self, serialized, value, shape, key)


@replaces(AmazonStateLanguageParser, "parse")
def _parse(definition: str) -> tuple[Any, Any]:
    """moto reads a definition when it is created and again for each execution: a third of a second of ours.

    The program is built anew: executions must not share what they run. The tree is only looked at.
    """
    tree = _tree_of(definition)
    return Preprocessor().visit(tree), tree


@lru_cache(maxsize=8)
def _tree_of(definition: str) -> Any:
    return _original_parse(definition)[1]


def attribute_on_the_wire(value: Mapping[str, Any]) -> dict[str, Any]:
    """DynamoDB's own JSON of a value that moto holds, in which binary is still bytes and a sum may be a number."""
    return {kind: _content(kind, content) for kind, content in value.items()}


def _content(kind: str, content: Any) -> Any:
    match kind:
        case "S" | "N":
            return str(content)
        case "SS" | "NS":
            return [str(one) for one in content]
        case "M":
            return {name: attribute_on_the_wire(one) for name, one in content.items()}
        case "L":
            return [attribute_on_the_wire(one) for one in content]
        case "B":
            return _base64(content)
        case "BS":
            return [_base64(one) for one in content]
        case _:
            return content


def _base64(content: str | bytes) -> str:
    return b64encode(content.encode() if isinstance(content, str) else content).decode()

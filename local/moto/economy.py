"""What moto works out anew in every request, under the interpreter's lock, though its answer never changes."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from copy import copy
from functools import cache, lru_cache
from typing import Any

from moto.core import responses
from moto.core.serialize import JSONSerializer
from moto.dynamodb.models.table import Table
from moto.dynamodb.parsing.expressions import UpdateExpressionParser
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser, Preprocessor

from local.moto.repairs.registry import replaces

_original_backend_for_host = DomainDispatcherApplication.get_backend_for_host
_original_structure = JSONSerializer._serialize_type_structure
_original_parse = AmazonStateLanguageParser.parse
_original_query = Table.query
_original_make = UpdateExpressionParser.make
_original_method_names = responses.method_names_from_class
_WHOLE_PERCENTAGE = re.compile(r'("ToleratedFailurePercentage"\s*:\s*[0-9]+)(?![0-9.eE])')
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

    The program is built anew: executions must not share what they run. The tree is only looked at. And moto's grammar
    takes a tolerated percentage with a decimal point only, where AWS's own examples are whole numbers.
    """
    tree = _tree_of(_WHOLE_PERCENTAGE.sub(r"\1.0", definition))
    return Preprocessor().visit(tree), tree


@lru_cache(maxsize=8)
def _tree_of(definition: str) -> Any:
    return _original_parse(definition)[1]


@replaces(Table, "query")
def _query(self: Any, hash_key: Any, *arguments: Any, **named: Any) -> Any:
    """moto sorts the whole table to find the items of one partition: a session would pay for all before it."""
    index_name = named.get("index_name") or (arguments[6] if len(arguments) > 6 else None)
    if index_name is not None:
        return _original_query(self, hash_key, *arguments, **named)
    partition = copy(self)
    partition.items = {hash_key: self.items[hash_key]} if hash_key in self.items else {}
    return _original_query(partition, hash_key, *arguments, **named)


@replaces(UpdateExpressionParser, "make")
def _make(expression: str) -> Any:
    """moto reads each update twice, letter by letter; whoever changes the tree copies it first."""
    return _expression_of(expression)


@lru_cache(maxsize=128)
def _expression_of(expression: str) -> Any:
    return _original_make(expression)


@replaces(responses, "method_names_from_class")
def _method_names(kind: type) -> list[str]:
    """moto inspects its handlers' hundred methods for every request."""
    return _method_names_of(kind)


@cache
def _method_names_of(kind: type) -> list[str]:
    return list(_original_method_names(kind))


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

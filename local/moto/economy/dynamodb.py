"""What takes moto's DynamoDB longer than it needs."""

from __future__ import annotations

import copy
import threading
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from moto.core.serialize import JSONSerializer
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table
from moto.dynamodb.parsing.expressions import UpdateExpressionParser

from local.moto.replacements import saves_time
from local.state.store import changed_keys

_original_structure = JSONSerializer._serialize_type_structure
_original_query = Table.query
_original_make = UpdateExpressionParser.make
_original_transact = DynamoDBBackend.transact_write_items
_transaction = threading.Lock()


@saves_time(JSONSerializer, "_serialize_type_structure")
def _serialize_structure(self: Any, serialized: dict[str, Any], value: Any, shape: Any, key: str) -> None:
    """moto looks for each of the ten types in every DynamoDB value, by up to three names: half of a query's time."""
    if shape.name == "AttributeValue" and isinstance(value, dict) and self.service_model.service_name == "dynamodb":
        self._default_serialize(serialized, attribute_on_the_wire(value), shape, key)
    else:
        _original_structure(self, serialized, value, shape, key)


@saves_time(Table, "query")
def _query(self: Any, hash_key: Any, *arguments: Any, **named: Any) -> Any:
    """moto sorts the whole table to find the items of one partition, so each session pays for all before it."""
    index_name = named.get("index_name") or (arguments[6] if len(arguments) > 6 else None)
    if index_name is not None:
        return _original_query(self, hash_key, *arguments, **named)
    partition = copy.copy(self)
    partition.items = {hash_key: self.items[hash_key]} if hash_key in self.items else {}
    return _original_query(partition, hash_key, *arguments, **named)


@saves_time(UpdateExpressionParser, "make")
def _make(expression: str) -> Any:
    """moto parses each update expression twice, letter by letter; it copies the tree before it changes it."""
    return _expression_of(expression)


@lru_cache(maxsize=128)
def _expression_of(expression: str) -> Any:
    return _original_make(expression)


@saves_time(DynamoDBBackend, "transact_write_items")
def _transact_write_items(self: Any, transact_items: Sequence[dict[str, Any]]) -> None:
    """To be able to undo a transaction, moto copies every item of its tables: 0.4 s a call at 8,000 items.

    Only the items that the transaction names are copied here.
    """
    with _transaction, _uncopied_tables():
        keys = changed_keys(self, "TransactWriteItems", {"TransactItems": transact_items})
        before = [(name, key, copy.deepcopy(self.get_item(name, key))) for name, key in keys]
        try:
            _original_transact(self, transact_items)
        except BaseException:
            for name, key, item in before:
                _put_back(self.get_table(name), key, item)
            raise


@contextmanager
def _uncopied_tables() -> Iterator[None]:
    """A deep copy of a table is the table itself."""
    Table.__deepcopy__ = lambda self, _: self
    try:
        yield
    finally:
        del Table.__deepcopy__


def _put_back(table: Any, key: dict[str, Any], item: Any) -> None:
    first = DynamoType(key[table.hash_key_attr])
    second = DynamoType(key[table.range_key_attr]) if table.range_key_attr else None
    if item is None:
        table.delete_item(first, second)
    elif second is None:
        table.items[first] = item
    else:
        table.items[first][second] = item


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

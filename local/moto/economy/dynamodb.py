"""What takes moto's DynamoDB longer than it needs."""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table

from local.moto.replacements import saves_time
from local.state.store import changed_keys

_original_query = Table.query
_original_transact = DynamoDBBackend.transact_write_items
_transaction = threading.Lock()


@saves_time(Table, "query")
def _query(self: Any, hash_key: Any, *arguments: Any, **named: Any) -> Any:
    """moto sorts the whole table to find the items of one partition, so each session pays for all before it."""
    index_name = named.get("index_name") or (arguments[6] if len(arguments) > 6 else None)
    if index_name is not None:
        return _original_query(self, hash_key, *arguments, **named)
    partition = copy.copy(self)
    items = self.items.get(hash_key, {})
    partition.items = {hash_key: items} if items else {}
    if self.range_key_attr:
        # moto compares partition and sort keys of any two items, although the partition is the same.
        in_order = sorted(items.values(), key=lambda item: item.range_key.cast_value)
        partition.all_items = lambda: in_order
    return _original_query(partition, hash_key, *arguments, **named)


@saves_time(DynamoDBBackend, "transact_write_items")
def _transact_write_items(self: Any, transact_items: Sequence[dict[str, Any]]) -> None:
    """To be able to undo a transaction, moto copies every item of its tables.

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

"""Repairs of moto's DynamoDB."""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler

from local.moto import bridge as moto_bridge
from local.moto.repairs.registry import replaces
from local.state.store import changed_keys

_lock = threading.RLock()
_original_call_action = DynamoHandler.call_action


@replaces(DynamoHandler, "call_action")
def _call_action(self: Any) -> Any:
    """One request at a time: moto reads, changes and writes an item without a lock and loses concurrent updates
    (12 of 9,000 ADDs). What a request has changed is told to the bridge under the same lock, in order.
    """
    with _lock:
        response = _original_call_action(self)
        if response[0] < 300:
            moto_bridge.current().items_changed(self.dynamodb_backend, self._get_action(), self.body)
        return response


_original_transact = DynamoDBBackend.transact_write_items


@replaces(DynamoDBBackend, "transact_write_items")
def _transact_write_items(self: Any, transact_items: Sequence[dict[str, Any]]) -> None:
    """To be able to undo a transaction, moto copies every item of its tables; we copy the items that it names."""
    with _lock, _uncopied_tables():
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
    """A table's copy is the table itself."""
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

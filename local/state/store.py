"""The laptop's context store outlives the run: items and objects are kept in one SQLite file as they are written.

Only data is kept, never resources. Uploads and the sources of batches are not: the archive is at hand, and a batch that
is analysed needs its sources no more.
"""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from local.state.database import StateFile, StateUnusable, remove
from local.state.s3_objects import describe, revive

__all__ = ["ChangedItem", "StateStore", "StateUnusable", "changed_keys", "reset"]

#: Objects that only the run that wrote them reads.
_PASSING = re.compile(r"^uploads/|^sessions/[^/]+/sources/")
#: Objects are forgotten a week after the items that point to them expire (retention_days, 90 by default).
KEEP_SECONDS = 97 * 24 * 3600

_WRITES = {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"}


def reset(folder: Path) -> None:
    """Forget everything that is kept in the folder. Raises StateUnusable."""
    try:
        with_file = StateFile(folder)
    except StateUnusable:
        remove(folder)  # another version's file, or a broken one
        StateFile(folder).close()  # and if the folder itself is the trouble, say so
        return
    try:
        with_file.clear()
    finally:
        with_file.close()


class ChangedItem(NamedTuple):
    """An item of a table as it is now; `attributes` is None when it was deleted."""

    table: str
    key: Mapping[str, Any]
    attributes: Mapping[str, Any] | None


class StateStore:
    """What is kept of a cloud's tables and buckets.

    A write is one transaction in SQLite's write-ahead log: it survives the end of the process at any instant, and
    processes that write at once wait for each other. The last writer of a key wins.
    """

    def __init__(self, folder: Path | None) -> None:
        """Open the folder, made if need be; None keeps nothing. Raises StateUnusable."""
        self.folder = folder
        self._file = None if folder is None else StateFile(folder)

    @property
    def trouble(self) -> str:
        """Why nothing more can be kept, in a sentence; empty while all is well."""
        return "" if self._file is None else self._file.trouble

    def keep_items(self, items: Sequence[ChangedItem]) -> None:
        """Keep what one request has written, all of it or nothing; an item without attributes is deleted."""
        if self._file is None or not items:
            return
        self._file.put_items(
            [
                (
                    item.table,
                    json.dumps(item.key, sort_keys=True, default=_encode),
                    None if item.attributes is None else json.dumps(item.attributes, default=_encode),
                )
                for item in items
            ]
        )

    def keep_object(self, bucket: str, name: str, key: Any) -> None:
        """Keep an object as moto holds it; None or a delete marker forgets it."""
        if self._file is None or _PASSING.match(name):
            return
        described = describe(key)
        if described is None:
            self._file.delete_object(bucket, name)
        else:
            self._file.put_object(bucket, name, described, key.value, time.time())

    def restore_items(self, backend: Any) -> int:
        """Put what is kept into moto's tables; expired items are dropped. Returns how many there are."""
        restored = 0
        for table_name, table in list(backend.tables.items()):
            expiry = table.ttl.get("AttributeName") if isinstance(table.ttl, dict) else None
            for attributes in self._items(table_name, expiry):
                table.put_item(attributes)
                restored += 1
        return restored

    def restore_objects(self, backend: Any) -> int:
        """Put what is kept into moto's buckets; an object's bytes are read when it is. Returns how many there are."""
        if self._file is None:
            return 0
        self._file.forget_objects(before=time.time() - KEEP_SECONDS)
        restored = 0
        for bucket in list(backend.buckets):
            for name, described, size in self._file.objects(bucket):
                revive(backend, bucket, name, described, size, self._file)
                restored += 1
        return restored

    def _items(self, table: str, expiry: str | None) -> Iterator[dict[str, Any]]:
        if self._file is None:
            return
        now = time.time()
        for name, text in self._file.items(table):
            attributes = json.loads(text, object_hook=_decode)
            if expiry and float(attributes.get(expiry, {}).get("N", now + 1)) <= now:
                self._file.put_item(table, name, None)
            else:
                yield attributes

    def close(self) -> None:
        """Close the file; everything is kept already."""
        if self._file is not None:
            self._file.close()


def changed_keys(backend: Any, action: str, request: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Tables and primary keys of the items that a successful request may have written."""
    if action not in _WRITES:
        return []
    written: list[tuple[str, Mapping[str, Any]]] = []
    if action == "BatchWriteItem":
        for table, entries in request["RequestItems"].items():
            written += [(table, next(iter(entry.values()))) for entry in entries]
    elif action == "TransactWriteItems":
        for entry in request["TransactItems"]:
            if "ConditionCheck" not in entry:
                operation = next(iter(entry.values()))
                written.append((operation["TableName"], operation))
    else:
        written.append((request["TableName"], request))
    keys = []
    for table_name, operation in written:
        table = backend.get_table(table_name)
        attributes = operation.get("Key") or operation["Item"]
        names = [name for name in (table.hash_key_attr, table.range_key_attr) if name]
        keys.append((table_name, {name: attributes[name] for name in names}))
    return keys


def _encode(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"__base64__": base64.b64encode(value).decode("ascii")}
    raise TypeError(f"not an attribute value: {type(value).__name__}")


def _decode(value: dict[str, Any]) -> Any:
    with suppress(KeyError):
        return base64.b64decode(value["__base64__"])
    return value

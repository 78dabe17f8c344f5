"""What earlier runs on this computer stored: read and deleted without starting a cloud."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local.state.database import FILE_NAME, StateFile, StateUnusable

__all__ = ["StateUnusable", "StoredState", "stored_state_in"]


class StoredState:
    """Items and objects of every table and bucket in one state folder."""

    def __init__(self, file: StateFile) -> None:
        self._file = file

    def partitions(self, prefix: str, sort_key: str) -> Iterator[dict[str, Any]]:
        """The items under this sort key of every partition that begins with the prefix."""
        for name, attributes in self._file.items_from(f'{{"pk": {{"S": "{prefix}'):
            if json.loads(name)["sk"]["S"] == sort_key:
                yield dict(json.loads(attributes))

    def partition_names(self, prefix: str) -> set[str]:
        """The partitions that begin with the prefix."""
        return {str(json.loads(name)["pk"]["S"]) for name in self._file.names_from(f'{{"pk": {{"S": "{prefix}')}

    def items(self, partition: str) -> Iterator[dict[str, Any]]:
        """Every item of a partition."""
        for _, attributes in self._file.items_from(f'{{"pk": {{"S": {json.dumps(partition)}}}, "sk": '):
            yield dict(json.loads(attributes))

    def items_of(self, prefix: str) -> Iterator[dict[str, Any]]:
        """Every item of every partition that begins with the prefix."""
        for _, attributes in self._file.items_from(f'{{"pk": {{"S": "{prefix}'):
            yield dict(json.loads(attributes))

    def delete_item(self, partition: str, sort_key: str) -> None:
        """Delete an item from every table."""
        self._file.delete_named(json.dumps({"pk": {"S": partition}, "sk": {"S": sort_key}}, sort_keys=True))

    def blob(self, key: str) -> bytes | None:
        """An object's bytes, whatever bucket it is in."""
        return self._file.any_body(key)

    def delete_blobs(self, prefix: str) -> int:
        """Delete every object whose name begins with the prefix; how many there were."""
        return self._file.delete_objects(prefix)


@contextmanager
def stored_state_in(folder: Path) -> Iterator[StoredState | None]:
    """Open the state of the folder; None if no run ever stored any there. Raises StateUnusable."""
    if not (folder / FILE_NAME).is_file():
        yield None
        return
    file = StateFile(folder)
    try:
        yield StoredState(file)
    finally:
        file.close()

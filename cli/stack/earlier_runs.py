"""What earlier runs on this machine stored that a new one need not pay for again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from agents import keys
from agents.errors import BlobMissing

if TYPE_CHECKING:
    from local.state.stored import StoredState


class EarlierRuns:
    """The runs whose state is in a folder; None where no run stored any."""

    def __init__(self, stored: StoredState | None) -> None:
        self._stored = stored

    def stored_among(self, wanted: Iterable[str]) -> Collection[str]:
        """The analyses among these that are stored, by their keys."""
        if self._stored is None:
            return set()
        names = self._stored.partition_names(keys.analysis_item("").pk)
        return {key for key in wanted if keys.analysis_item(key).pk in names}

    def last_scan(self, repository: str) -> str:
        """The session that scanned a repository of this name last; empty if none did."""
        items = self._stored.items(keys.repository_item(repository).pk) if self._stored is not None else ()
        return next((str(item["session_id"]["S"]) for item in items), "")

    def blob(self, key: str) -> bytes:
        """A blob's bytes. Raises BlobMissing."""
        body = self._stored.blob(key) if self._stored is not None else None
        if body is None:
            raise BlobMissing(key)
        return body

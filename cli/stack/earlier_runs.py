"""What earlier runs on this machine stored that a new one need not pay for again."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from agents import keys
from cli.session.store import FolderSessionStore


class EarlierRuns(FolderSessionStore):
    """The runs whose state is in a folder, as whoever begins another asks for them."""

    def stored_among(self, wanted: Iterable[str]) -> Collection[str]:
        """The analyses among these that are stored, by their keys."""
        names = self._state.partition_names(keys.analysis_item("").pk)
        return {key for key in wanted if keys.analysis_item(key).pk in names}

    def last_scan(self, repository: str) -> str:
        """The session that scanned a repository of this name last; empty if none did."""
        return next((str(item["session_id"]["S"]) for item in self.items(keys.repository_item(repository).pk)), "")

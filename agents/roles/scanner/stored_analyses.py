"""Where analyses are stored, as one scan asks: three of its parts ask for nearly the same keys, each is read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from agents.contracts.analysis import AnalysisPointer
from agents.ports import SessionItems


class StoredAnalyses:
    """The store's pointers, and the keys without one, as they were when a key was first asked for."""

    def __init__(self, store: SessionItems) -> None:
        self._store = store
        self._asked: dict[str, AnalysisPointer | None] = {}

    def among(self, keys: Iterable[str]) -> Mapping[str, AnalysisPointer]:
        """Those of the analyses that are stored, by key."""
        wanted = dict.fromkeys(keys)
        unknown = [key for key in wanted if key not in self._asked]
        if unknown:
            self._asked |= dict.fromkeys(unknown) | dict(self._store.analyses(unknown))
        return {key: pointer for key in wanted if (pointer := self._asked[key]) is not None}

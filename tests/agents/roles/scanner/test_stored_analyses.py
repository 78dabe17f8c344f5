"""A scan asks the store for each analysis once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from agents.contracts.analysis import AnalysisPointer
from agents.roles.scanner.stored_analyses import StoredAnalyses
from tests.agents.fakes import MemoryStore


def pointer(key: str) -> AnalysisPointer:
    return AnalysisPointer(analysis_key=key * 64, blob_key="rows", index=0, symbols_total=1, symbols_documented=1)


def test_each_key_is_asked_for_once_whether_or_not_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    store, asked = MemoryStore(), list[str]()
    store.save_analyses([pointer("a"), pointer("b")])
    original = store.analyses

    def counting(keys: Iterable[str]) -> Mapping[str, AnalysisPointer]:
        wanted = list(keys)
        asked.extend(wanted)
        return original(wanted)

    monkeypatch.setattr(store, "analyses", counting)
    stored = StoredAnalyses(store)
    a, b, missing = (letter * 64 for letter in "abc")

    assert stored.among([a, missing]) == {a: pointer("a")}
    assert stored.among([missing, b, a]) == {b: pointer("b"), a: pointer("a")}
    assert stored.among([a]) == {a: pointer("a")}
    assert sorted(asked) == [a, b, missing]

"""`python -m bench secrets` says of each kind how many were planted, and how many of them leaked."""

from __future__ import annotations

import pytest

from bench import secrets
from bench.secret_samples import Sample, samples


def test_each_kind_is_planted_in_every_place_where_it_can_stand() -> None:
    figures = secrets.recall()
    by_kind = figures["planted_by_kind"]
    assert len(by_kind) == figures["kinds"] >= 100
    assert sum(by_kind.values()) == sum(figures["places"].values())
    assert all(count >= len(secrets.SEEDS) for count in by_kind.values())


def test_what_leaks_is_counted_by_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = next(iter(samples(0))).kind

    def leaks(sample: Sample, place: str, _: str) -> bool:
        return sample.kind == kind and place != "file name"

    monkeypatch.setattr(secrets, "leaks", leaks)
    figures = secrets.recall()
    assert set(figures["leaked_by_kind"]) == {kind}
    assert 0 < figures["leaked_by_kind"][kind] <= figures["planted_by_kind"][kind]
    assert sum(figures["missed"].values()) == figures["leaked_by_kind"][kind]

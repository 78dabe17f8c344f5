"""The budget ledger under random interleavings: a sample; `make test-slow` runs ten thousand."""

from __future__ import annotations

from typing import Any

import pytest

from agents.aws import ledger_changes
from bench import budget


def test_no_trial_of_a_sample_passes_a_cap_or_loses_money() -> None:
    assert [seed for seed in range(40) if budget.trial(seed)] == []


@pytest.mark.parametrize(
    ("name", "lost"),
    [
        ("taking", {"needed": None}),
        ("granted", {"condition": ""}),
        ("moved", {"condition": ""}),
        ("lost_lease", {"condition": ""}),
    ],
)
def test_trials_fail_where_a_change_has_lost_its_condition(
    name: str, lost: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    original = getattr(ledger_changes, name)
    monkeypatch.setattr(ledger_changes, name, lambda *given: original(*given)._replace(**lost))
    assert any(budget.trial(seed) for seed in range(60))


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_ten_thousand_trials_pass_no_cap() -> None:
    assert [seed for seed in range(10_000) if budget.trial(seed)] == []

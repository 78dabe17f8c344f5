"""Amounts as people read them."""

from __future__ import annotations

import pytest

from agents.text.wording import amount


@pytest.mark.parametrize(
    ("usd", "shown"), [(10.0, "10.00"), (0.5, "0.50"), (0.003, "0.003"), (1234.5678, "1234.5678"), (0.0, "0.00")]
)
def test_a_cap_below_a_cent_is_not_shown_as_nothing(usd: float, shown: str) -> None:
    assert amount(usd) == shown

"""What a session will likely spend, in words."""

from __future__ import annotations

import math

from agents.contracts.expected import ExpectedSpend
from agents.costs.facts import PARTS, Range
from agents.text.wording import amount


def sentence(expected: ExpectedSpend) -> str:
    """The scanner's estimate in one line."""
    return (
        f"estimate: about ${expected.usd_likely:.4f} (${expected.usd_low:.4f} to ${expected.usd_high:.4f}),"
        f" {count_text(expected.requests)} requests, {time_text(expected.seconds)};"
        f" the cap is ${amount(expected.cap_usd)}"
    )


def rounded(values: Range, digits: int = 0) -> dict[str, float]:
    """A range for machines; without digits whole numbers."""
    return {part: round(getattr(values, part), digits or None) for part in PARTS}


def count_text(number: float) -> str:
    """A number of things, rounded up."""
    return f"{math.ceil(number):,}"


def time_text(seconds: float) -> str:
    """A duration in the unit that suits it."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7_200 else f"{seconds / 3_600:.1f} h"

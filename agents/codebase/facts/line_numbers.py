"""The lines of places in a text. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable


def line_numbers(text: str) -> Callable[[int], int]:
    """What tells the line of a place in a text."""
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    return lambda at: bisect_right(starts, at)

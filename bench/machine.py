"""How fast this machine is at the moment: figures of seconds say little without it."""

from __future__ import annotations

import time

_ADDITIONS = 10_000_000


def loop_seconds() -> float:
    """How long ten million additions take."""
    started = time.perf_counter()
    total = 0
    for number in range(_ADDITIONS):
        total += number
    return round(time.perf_counter() - started, 2)

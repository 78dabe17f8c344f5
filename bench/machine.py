"""How fast this machine is at the moment, and what a command has used of it: seconds say little without these."""

from __future__ import annotations

import resource
import time

_ADDITIONS = 10_000_000


def loop_seconds() -> float:
    """How long ten million additions take."""
    started = time.perf_counter()
    total = 0
    for number in range(_ADDITIONS):
        total += number
    return round(time.perf_counter() - started, 2)


def processor_seconds() -> float:
    """What ended children of this process, and theirs, have used: on a busy computer it says more than the clock."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime

"""How fast a run shall be on two cores with nothing else: the goals that benchmarks are held to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: 36 files with a model that takes a second: to the state machine; to the site on a saved cloud, and on one that is up.
REACHED_SECONDS, COLD_SECONDS, WARM_SECONDS = 2.0, 9.0, 7.0
#: A snapshot that is documented already, on a cloud that is up.
SAME_SNAPSHOT_SECONDS = 1.5
#: 2,000 files without a model.
LARGE_SECONDS = 30.0
#: After one of 500 files has changed, and the share of the first run's tokens.
ONE_CHANGE_SECONDS, ONE_CHANGE_SHARE = 4.0, 0.005
#: 500 files, 40 questions side by side, a model that takes a second.
WIDE_READING_SECONDS, WIDE_SECONDS = 15.6, 20.8
#: 60,000 files scanned and planned.
SCAN_SECONDS = 60.0
#: Of all processes together.
MOST_BYTES = 1024**3


def judged(measured: Mapping[str, float], goals: Mapping[str, float]) -> dict[str, Any]:
    """The goals, those that are missed, and whether all are met; something that was not measured misses its goal."""
    missed = sorted(name for name, goal in goals.items() if measured.get(name, float("inf")) > goal)
    return {"goals": dict(goals), "missed": missed, "within": not missed}

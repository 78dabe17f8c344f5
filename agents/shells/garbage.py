"""How seldom a process of ours looks for garbage: a session's documents are many objects without cycles."""

from __future__ import annotations

import gc

#: To look after every 700 objects took an eighth of a run, after every 50,000 still a twentieth. These take 100 MB.
_OBJECTS = 1_000_000
#: What one call may leave behind for the next.
_LEFT_BEHIND = 50_000


def collect_seldom() -> None:
    """From now on, look only when a million objects have been made and not freed."""
    gc.set_threshold(_OBJECTS, 20, 100)


def collect_left_behind() -> None:
    """Free what an earlier call of the same process left in cycles, if that is much."""
    if gc.get_count()[0] > _LEFT_BEHIND:
        gc.collect()

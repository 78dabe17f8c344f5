"""The lock on a file that one process at a time has; the system takes it back from a process however it ends."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Sequence
from pathlib import Path


def taken(file: int, patience: Sequence[float]) -> bool:
    """Take the lock of an open file, if need be after waiting so many seconds between the attempts; whether we have it.

    A process that only looks at the file holds the lock too, for an instant. Raises OSError.
    """
    for seconds in (*patience, 0.0):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(seconds)
        else:
            return True
    return False


def is_still_at(path: Path, file: int) -> bool:
    """Whether the open file, or folder, is the one at this path: not after that one was removed or replaced."""
    try:
        return os.path.samestat(path.stat(), os.fstat(file))
    except OSError:
        return False

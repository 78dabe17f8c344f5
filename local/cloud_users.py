"""Who uses the cloud of a state folder just now: each command that does holds a shared lock on one file.

The system takes a lock back from a process however it ends, so a command that was killed uses nothing any more.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FILE_NAME = "cloud.users"


@contextmanager
def using(folder: Path) -> Iterator[None]:
    """Use the folder's cloud until the block is left. Raises OSError."""
    file = _opened(folder)
    try:
        fcntl.flock(file, fcntl.LOCK_SH)  # whoever looks whether it is alone does so for an instant
        yield
    finally:
        os.close(file)


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Whether nobody uses the folder's cloud; if so, nobody begins to before the block is left. Raises OSError."""
    file = _opened(folder)
    try:
        yield _locked(file)
    finally:
        os.close(file)


def _locked(file: int) -> bool:
    for patience in (0.01, 0.05, 0.0):  # another process that looks holds the lock too, for an instant
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(patience)
        else:
            return True
    return False


def _opened(folder: Path) -> int:
    return os.open(folder / FILE_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

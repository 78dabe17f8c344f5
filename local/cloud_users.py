"""Who uses the cloud of a state folder just now: each command that does holds a shared lock on one file.

The system takes a lock back from a process however it ends, so a command that was killed uses nothing any more.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.file_lock import taken

FILE_NAME = "cloud.users"
#: Another process that looks holds the lock too, for an instant: seconds between our attempts.
_PATIENCE = (0.01, 0.05)


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
        yield taken(file, _PATIENCE)
    finally:
        os.close(file)


def _opened(folder: Path) -> int:
    return os.open(folder / FILE_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

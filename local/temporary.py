"""Temporary folders that go with the process that made them: at once when it ends well, else at the next start.

Each holds a file with the process's id, on which the process keeps a lock. The system takes the lock back from a
process however it ends, so a folder whose lock can be had belongs to nobody.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from local.private_files import FILE_MODE

#: Every folder of ours begins with it.
PREFIX = "swarm-"
_OWNER = ".owner"
#: A folder without an owner's id is being made, or its maker died while making it; that takes no time at all.
_MAKING_SECONDS = 3600.0


@contextmanager
def temporary_folder(prefix: str) -> Iterator[Path]:
    """A folder for this process's user alone, gone when the block ends; those of dead processes go first.

    `prefix` begins with PREFIX.
    """
    sweep()
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    owner = os.open(folder / _OWNER, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
    try:
        fcntl.flock(owner, fcntl.LOCK_EX)
        os.write(owner, str(os.getpid()).encode())
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(owner)


def sweep() -> list[Path]:
    """Remove the folders of processes that have died; which they were."""
    here = Path(tempfile.gettempdir())
    with suppress(OSError):  # a folder that cannot be listed has nothing to sweep
        return [folder for folder in sorted(here.glob(f"{PREFIX}*")) if _is_abandoned(folder) and _remove(folder)]
    return []


def _remove(folder: Path) -> bool:
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


def _is_abandoned(folder: Path) -> bool:
    try:
        status = folder.lstat()
        if folder.is_symlink() or not folder.is_dir() or status.st_uid != os.geteuid():
            return False
        owner = os.open(folder / _OWNER, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:  # gone meanwhile, or not made here: whoever made it clears it away
        return False
    try:
        fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return bool(os.read(owner, 1)) or time.time() - status.st_mtime > _MAKING_SECONDS
    except OSError:  # its process lives
        return False
    finally:
        os.close(owner)

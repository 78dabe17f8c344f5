"""Functions' code, unpacked and compiled once for all clouds of this checkout: build/functions, a folder for each zip.

Each cloud would unpack seven hundred files, have its functions compile most of them, and remove them all in the end:
two seconds of a run. Nobody writes into a folder once it has its name, and a lock on it says that a cloud runs from it.
"""

from __future__ import annotations

import compileall
import fcntl
import io
import logging
import os
import shutil
import sys
import zipfile
from contextlib import ExitStack, suppress
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import Final, Self

from local.file_lock import is_still_at, taken
from local.kept_folders import oldest_beyond
from local.lambda_.environment import digest_of
from local.private_files import is_ours_alone
from local.root import ROOT
from local.whole_folder import make_whole

FOLDER: Final = ROOT / "build" / "functions"
#: Bytes of a zip that is worth it: of a function of a few lines little is unpacked or compiled.
FEWEST_BYTES = 500_000
#: Code that is being written is another zip with each change, and each takes fourteen megabytes.
_MOST = 8
_ATTEMPTS = 3
_log = logging.getLogger(__name__)


class SharedCode:
    """The unpacked code of one zip, which stays where it is until `close`."""

    def __init__(self, path: Path, lock: int) -> None:
        self.path = path
        self._lock = lock

    @classmethod
    def of(cls, code: bytes) -> Self | None:
        """A zip's code, from an earlier cloud or unpacked now; None if it is small, or nothing can be shared here.

        Raises zipfile.BadZipFile.
        """
        if len(code) < FEWEST_BYTES:
            return None
        path = FOLDER / f"{digest_of(code)}-{sys.implementation.cache_tag}"
        try:
            for _ in range(_ATTEMPTS):
                if (lock := _locked(path)) is None:
                    _make(code, path)
                    continue
                with ExitStack() as undo:
                    undo.callback(os.close, lock)
                    if _is_whole(code, path):
                        os.utime(lock)  # what was used last is kept longest
                        undo.pop_all()
                        return cls(path, lock)
                _remove(path)
        except OSError as problem:  # another user's checkout, or a file system without locks
            _log.debug("functions' code is not shared: %s", problem)
        return None

    def close(self) -> None:
        """Let the folder be removed, once others are used."""
        os.close(self._lock)


def _locked(path: Path) -> int | None:
    """The lock of a folder; None if there is none. Raises PermissionError for one that others can have written into."""
    try:
        lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    with ExitStack() as undo:
        undo.callback(os.close, lock)
        fcntl.flock(lock, fcntl.LOCK_SH)
        if not is_ours_alone(os.fstat(lock)):
            raise PermissionError(f"{path} is another user's, or others may write into it")
        if is_still_at(path, lock):  # it may have been removed while the lock was waited for
            undo.pop_all()
            return lock
    return None


def _is_whole(code: bytes, path: Path) -> bool:
    """Whether every source has its size: after a power failure files may be there without their content.

    A release's zip brings bytecode, which is written anew here and has another size.
    """
    with zipfile.ZipFile(io.BytesIO(code)) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
    sizes = {path / member.filename: member.file_size for member in members if not member.filename.endswith(".pyc")}
    try:
        return all(source.stat().st_size == size for source, size in sizes.items())
    except FileNotFoundError:
        return False


def _make(code: bytes, path: Path) -> None:
    """Unpack and compile a zip, whole or not at all."""

    def fill(partial: Path) -> None:
        archive.extractall(partial)
        compileall.compile_dir(partial, quiet=2, invalidation_mode=PycInvalidationMode.CHECKED_HASH)

    FOLDER.mkdir(parents=True, exist_ok=True, mode=0o700)
    with zipfile.ZipFile(io.BytesIO(code)) as archive:
        make_whole(path, fill)
    with suppress(OSError):  # another process removes the same
        for folder in oldest_beyond(FOLDER, _MOST):
            _remove(folder)


def _remove(folder: Path) -> None:
    """Remove a folder, unless a cloud runs from it."""
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    gone = folder.with_name(f"partial-{folder.name}")
    try:
        if not taken(lock, ()):
            return
        folder.rename(gone)
    finally:
        os.close(lock)
    shutil.rmtree(gone, ignore_errors=True)

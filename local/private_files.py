"""Files and folders that nobody but their owner can read: what a cloud on this machine keeps and what it prints."""

from __future__ import annotations

import os
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

FOLDER_MODE = 0o700
FILE_MODE = 0o600
_OTHERS_MAY_WRITE = 0o022


def make_private_folder(folder: Path, ours: Collection[str] = ()) -> None:
    """Make a folder for its owner alone. Raises OSError.

    One that is there already becomes private if it holds nothing but `ours`: an existing folder that the
    settings name keeps its mode, and our files in it are private all the same.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=FOLDER_MODE)
    except FileExistsError:
        if not folder.is_dir():
            raise
        with suppress(OSError):  # another user's, who lets us use it
            if {entry.name for entry in folder.iterdir()} <= set(ours):
                folder.chmod(FOLDER_MODE)


def make_private_file(path: Path) -> None:
    """Make an empty file for its owner alone, or make one that is there already private. Raises OSError."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE))
    make_private(path)


def make_private(path: Path) -> None:
    """Take every right from others; nothing happens when there is no such file or it is another user's."""
    with suppress(OSError):
        path.chmod(FILE_MODE)


def is_ours_alone(described: os.stat_result) -> bool:
    """Whether no other user can have written it."""
    return described.st_uid == os.geteuid() and not described.st_mode & _OTHERS_MAY_WRITE


def opened_privately(path: str, flags: int) -> int:
    """An `opener` for open(): a file that it creates is its owner's alone."""
    return os.open(path, flags, FILE_MODE)

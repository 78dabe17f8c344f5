"""Unpacks a site beside the one of an earlier run: what has not changed is linked, since to make a file is slow.

Also a program of its own, `python unpacking.py ARCHIVE EARLIER FOLDER`, with the standard library alone.
"""

from __future__ import annotations

import os
import stat
import sys
import zipfile
import zlib
from pathlib import Path


def unpack(packed: Path, folder: Path, earlier: Path) -> None:
    """Unpack an archive into a new folder. A file that `earlier` holds as the archive does is a hard link to it.

    Raises OSError, and zipfile.BadZipFile.
    """
    folder.mkdir()
    # What a new file's mode is here: the umask itself can only be read by setting it, for all threads.
    mode = stat.S_IMODE(folder.stat().st_mode) & 0o666
    has_links = not earlier.is_symlink()
    with zipfile.ZipFile(packed) as archive:
        for member in archive.infolist():
            if not has_links or not _is_linked(member, folder, earlier, mode):
                archive.extract(member, folder)  # zipfile itself refuses names that climb out


def _is_linked(member: zipfile.ZipInfo, folder: Path, earlier: Path, mode: int) -> bool:
    """Link the member's file, if the earlier folder has it. False if it must be written."""
    if not all(part not in {"", ".", ".."} for part in member.filename.split("/")):
        return False
    target = folder / member.filename
    try:
        if not _is_same(earlier / member.filename, member, mode):
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        os.link(earlier / member.filename, target, follow_symlinks=False)
    except OSError:  # there is none, or this file system has no links
        return False
    return True


def _is_same(path: Path, member: zipfile.ZipInfo, mode: int) -> bool:
    """Whether this is a file of this user with the member's content, and as accessible as a new one. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode) or state.st_size != member.file_size:
            return False
        if stat.S_IMODE(state.st_mode) != mode or state.st_uid != os.geteuid():
            return False
        return zlib.crc32(file.read()) == member.CRC


if __name__ == "__main__":
    unpack(Path(sys.argv[1]), Path(sys.argv[3]), Path(sys.argv[2]))

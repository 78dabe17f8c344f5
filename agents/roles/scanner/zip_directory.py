"""A zip's directory is looked at before zipfile makes an object of each entry: the number it claims may be a lie."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path
from typing import Final

from agents.errors import ArchiveUnsafe, RepositoryTooLarge

#: zipfile reads the directory into memory whole.
_LIMIT_BYTES: Final = 256 * 1024 * 1024
_ENTRY: Final = struct.Struct("<4s24xHHH12x")
_MAGIC: Final = b"PK\x01\x02"


def check_directory(path: Path, name: str, limit: int) -> None:
    """Count the directory's entries; `limit` is how many there may be.

    zipfile finds the directory, so that both look at the same one.

    Raises:
        ArchiveUnsafe: the directory is larger than that of any repository.
        RepositoryTooLarge: it has more entries.
        zipfile.BadZipFile: there is no directory.
    """
    directory = _directory_of(path, name)
    at = count = 0
    while directory.startswith(_MAGIC, at) and len(directory) >= at + _ENTRY.size:
        _, name_bytes, extra_bytes, comment_bytes = _ENTRY.unpack_from(directory, at)
        at += _ENTRY.size + name_bytes + extra_bytes + comment_bytes
        count += 1
        if count > limit:
            raise RepositoryTooLarge(f"{name} holds more than {limit:,} files and folders")


def _directory_of(path: Path, name: str) -> bytes:
    with path.open("rb") as file:
        # The stubs leave out what zipfile keeps to itself.
        end = zipfile._EndRecData(file)  # type: ignore[attr-defined]
        if not end:
            raise zipfile.BadZipFile("it has no directory")
        # The stubs leave out what zipfile keeps to itself.
        size, place = end[zipfile._ECD_SIZE], end[zipfile._ECD_LOCATION]  # type: ignore[attr-defined]
        # The stubs leave out what zipfile keeps to itself.
        if end[zipfile._ECD_SIGNATURE] == zipfile.stringEndArchive64:  # type: ignore[attr-defined]
            # The stubs leave out what zipfile keeps to itself.
            place -= zipfile.sizeEndCentDir64 + zipfile.sizeEndCentDir64Locator  # type: ignore[attr-defined]
        if size > _LIMIT_BYTES:
            raise ArchiveUnsafe(f"{name} has a directory of {size:,} bytes, more than any archive of sources has")
        if place < size:
            raise zipfile.BadZipFile("its directory begins before the file")
        file.seek(place - size)
        return file.read(size)

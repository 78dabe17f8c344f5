"""A half of the site as a zip on disk: entries are written as they come, so that no half is ever in memory."""

from __future__ import annotations

import os
import struct
import zipfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_LONG_AGO = (1980, 1, 1, 0, 0, 0)
#: A local file header ends with the lengths of what stands before the data (APPNOTE.TXT, 4.3.7).
_LENGTHS = struct.Struct("<26xHH")


class SiteArchive:
    """A zip that is being written: the same bytes for the same entries in the same order."""

    def __init__(self, archive: zipfile.ZipFile, file: IO[bytes]) -> None:
        """`file` is the one to which the archive writes."""
        self._archive, self._file = archive, file

    def add(self, name: str, content: str | bytes) -> None:
        """Write one entry."""
        info = zipfile.ZipInfo(name, _LONG_AGO)
        info.external_attr = 0o644 << 16
        body = content.encode() if isinstance(content, str) else content
        # The archive's own level would not count: an info brings its own, which is zlib's slow default.
        self._archive.writestr(info, body, zipfile.ZIP_DEFLATED, compresslevel=1)

    def copy(self, path: Path, place_of: Callable[[str], str | None] = str, backwards: bool = False) -> None:
        """Copy the entries of another zip without unpacking them, each to the place that its name is given, if any.

        The last one comes first where they are copied `backwards`. Something must be added otherwise as well: zipfile
        sees no change in what is written behind its back.
        """
        with zipfile.ZipFile(path) as other, path.open("rb") as file:
            entries = other.infolist()
            for info in reversed(entries) if backwards else entries:
                place = place_of(info.filename)
                if place is not None:
                    self._copy_entry(file, info, place)

    def copy_one(self, other: zipfile.ZipFile, name: str) -> None:
        """Copy one entry of another zip to the same place without unpacking it; see copy."""
        if other.fp is None:
            raise ValueError("a zip that is closed cannot be copied from")
        self._copy_entry(other.fp, other.getinfo(name), name)

    def _copy_entry(self, file: IO[bytes], info: zipfile.ZipInfo, place: str) -> None:
        # zipfile has no call for it: an entry goes where the directory would be written, which then follows it.
        file.seek(info.header_offset)
        name_length, extra_length = _LENGTHS.unpack(file.read(_LENGTHS.size))
        file.seek(name_length + extra_length, os.SEEK_CUR)
        copied = zipfile.ZipInfo(place, info.date_time)
        for name in ("compress_type", "external_attr", "CRC", "compress_size", "file_size"):
            setattr(copied, name, getattr(info, name))
        copied.header_offset = self._archive.start_dir
        self._file.seek(copied.header_offset)
        self._file.write(copied.FileHeader() + file.read(info.compress_size))
        self._archive.start_dir = self._file.tell()
        self._archive.filelist.append(copied)
        self._archive.NameToInfo[place] = copied

    @property
    def names(self) -> Collection[str]:
        """The names of all entries so far."""
        return self._archive.NameToInfo.keys()

    def add_folder(self, folder: Path) -> None:
        """Write every file of a folder, in the order of their names."""
        # Python leaves its bytecode beside the hooks, with the minute in it.
        files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
        for name, path in sorted((path.relative_to(folder).as_posix(), path) for path in files):
            self.add(name, path.read_bytes())


@contextmanager
def site_archive(path: Path) -> Iterator[SiteArchive]:
    """A new zip, whole once it is left."""
    with path.open("wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        yield SiteArchive(archive, file)

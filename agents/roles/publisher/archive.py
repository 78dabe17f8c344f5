"""A half of the site as a zip on disk: entries are written as they come, so that no half is ever in memory."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LONG_AGO = (1980, 1, 1, 0, 0, 0)


class SiteArchive:
    """A zip that is being written: the same bytes for the same entries in the same order."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def add(self, name: str, content: str | bytes) -> None:
        """Write one entry."""
        info = zipfile.ZipInfo(name, _LONG_AGO)
        info.external_attr = 0o644 << 16
        body = content.encode() if isinstance(content, str) else content
        # The archive's own level would not count: an info brings its own, which is zlib's slow default.
        self._archive.writestr(info, body, zipfile.ZIP_DEFLATED, compresslevel=1)

    def add_folder(self, folder: Path) -> None:
        """Write every file of a folder, in the order of their names."""
        # Python leaves its bytecode beside the hooks, with the minute in it.
        files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
        for name, path in sorted((path.relative_to(folder).as_posix(), path) for path in files):
            self.add(name, path.read_bytes())


@contextmanager
def site_archive(path: Path) -> Iterator[SiteArchive]:
    """A new zip, whole once it is left."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        yield SiteArchive(archive)

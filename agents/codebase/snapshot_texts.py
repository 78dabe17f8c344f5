"""The snapshot's texts, and the hash of lines that a page cites. Pure."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import IO

from agents.contracts.base import Lines

#: Before a picture's path in the snapshot's zip: no path of a repository has an empty part.
IMAGES = "image://"


class SnapshotTexts:
    """Reads a file's text by its path; `read` gives None for a file that is not there."""

    def __init__(
        self,
        read: Callable[[str], str | None],
        images: Mapping[str, int] | None = None,
        read_image: Callable[[str], bytes] = lambda _path: b"",
    ) -> None:
        #: Bytes of each picture that a guide may show, by path.
        self.images = images or {}
        self.image = read_image
        # Citations come file by file: a few texts are enough, and a repository does not fit into memory.
        self._lines = lru_cache(maxsize=64)(lambda path: _lines(read(path)))

        self._read = read

    def text(self, path: str) -> str:
        """The whole text of a file; empty when it is not there."""
        return self._read(path) or ""

    def digest(self, path: str, lines: Lines | None) -> str:
        """The cited text's hash, 16 hexadecimal digits; empty when there is no such text."""
        text = self._lines(path)
        if text is None or (lines is not None and lines.end > len(text)):
            return ""
        cited = text if lines is None else text[lines.start - 1 : lines.end]
        return hashlib.sha256("\n".join(cited).encode("utf-8", "replace")).hexdigest()[:16]


def texts_in(archive: IO[bytes]) -> SnapshotTexts:
    """The texts of a snapshot's zip, read from it one by one: it stays open as long as they are used."""
    # One reader for all: a zip file is not safe for threads, and nobody reads it from several.
    opened = zipfile.ZipFile(archive)
    names = set(opened.namelist())
    images = {
        info.filename.removeprefix(IMAGES): info.file_size
        for info in opened.infolist()
        if info.filename.startswith(IMAGES)
    }
    return SnapshotTexts(
        lambda path: opened.read(path).decode("utf-8", "replace") if path in names else None,
        images,
        lambda path: opened.read(IMAGES + path),
    )


def _lines(text: str | None) -> list[str] | None:
    return None if text is None else text.split("\n")

"""The site of the session before: a page whose Markdown and surroundings are the same is not built again."""

from __future__ import annotations

import hashlib
import os
import zipfile
import zlib
from collections.abc import Iterable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from agents.roles.publisher.archive import SiteArchive

#: On a site, and in its sources: what it was built with. Two sites of the same text are built alike.
BUILT_WITH = "assets/built-with.txt"
_LIBRARIES = ("mkdocs", "mkdocs-material", "Markdown", "pymdown-extensions", "Jinja2")


def built_with(sources: Iterable[tuple[str, bytes]]) -> str:
    """The libraries by their versions, and the configuration and hooks by their names and hashes."""
    libraries = [f"{name} {version(name)}" for name in _LIBRARIES]
    return "\n".join([*libraries, *(f"{name} {hashlib.sha256(text).hexdigest()}" for name, text in sources), ""])


class EarlierSite:
    """A built site as a zip; its pages are asked for by any process."""

    def __init__(self, archive: Path | None = None) -> None:
        """Without an archive it has no page."""
        self._path = archive
        self._open: tuple[int, zipfile.ZipFile] | None = None

    def __bool__(self) -> bool:
        return self._path is not None

    def was_built_with(self, text: str) -> bool:
        """Whether it was built with what this text lists, as `built_with` writes it."""
        return self.text(BUILT_WITH) == text

    def page(self, path: str, markdown: str) -> str | None:
        """The built page at the Markdown's path; None where the Markdown was another, or was not there."""
        return self.text(f"{path.removesuffix('.md')}.html") if self.text(path) == markdown else None

    def text(self, place: str) -> str | None:
        """What stands at a place of the site, if it can be read."""
        archive = self._archive()
        if archive is not None:
            with suppress(KeyError, UnicodeDecodeError, zipfile.BadZipFile, zlib.error):
                return archive.read(place).decode()
        return None

    def copy_page(self, place: str, target: SiteArchive) -> None:
        """Add a page that `page` has given to a new site, packed as it is."""
        archive = self._archive()
        if archive is None:
            raise LookupError(f"there is no earlier site to take {place} from")
        target.copy_one(archive, place)

    def _archive(self) -> zipfile.ZipFile | None:
        """The zip, opened by this process: two that read one open file would move each other's place in it."""
        if self._path is None:
            return None
        if self._open is None or self._open[0] != os.getpid():
            try:
                self._open = os.getpid(), zipfile.ZipFile(self._path)
            except (OSError, zipfile.BadZipFile):
                self._path = None
                return None
        return self._open[1]

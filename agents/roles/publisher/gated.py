"""The draft's pages after the last gate: few are kept in memory, the API page of each file is on disk."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from agents.contracts.draft import Page, PageKind, writers


class TableOfContentsEntry(NamedTuple):
    """What a table of contents says of a page."""

    path: str
    kind: PageKind
    title: str
    markdown: str = ""
    apart: bool = False


class GatedPages:
    """Pages as they left the gate, in the draft's order; `dropped_claims` counts the removed statements."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lines = 0
        self.written: tuple[Page, ...] = ()
        self.listed: list[TableOfContentsEntry] = []
        self.models: set[str] = set()
        self.dropped_claims = 0

    def fill(self, pages: Iterable[tuple[Page, int]]) -> None:
        """Add every page, with the number of statements that the gate removed from it."""
        written: list[Page] = []
        with self._file.open("w", encoding="utf-8") as lines:
            for page, removed in pages:
                self.dropped_claims += removed
                self.models.add(page.model)
                if page.kind is PageKind.API:
                    lines.write(json.dumps([page.path, page.markdown]) + "\n")
                    self.listed.append(TableOfContentsEntry(page.path, page.kind, page.title, apart=page.apart))
                else:
                    written.append(page)
                    self.listed.append(
                        TableOfContentsEntry(page.path, page.kind, page.title, page.markdown, page.apart)
                    )
        self.written = tuple(written)

    @property
    def writers(self) -> str:
        """Whose words the site holds."""
        return writers(self.models)

    def api_paths(self) -> Collection[str]:
        """The paths of the API pages."""
        return [page.path for page in self.listed if page.kind is PageKind.API]

    def api(self) -> Iterator[tuple[str, str]]:
        """Path and Markdown of each API page, read from disk each time."""
        with self._file.open(encoding="utf-8") as lines:
            for line in lines:
                path, markdown = json.loads(line)
                yield path, markdown

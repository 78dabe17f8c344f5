"""The draft's pages after the last gate: few are kept in memory, the API page of each file is on disk."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import NamedTuple

from agents.contracts.draft import Page, PageKind, writers
from agents.pages.addresses import image_place
from agents.session.spooled_texts import SpooledTexts


class TableOfContentsEntry(NamedTuple):
    """What a table of contents says of a page."""

    path: str
    kind: PageKind
    title: str
    markdown: str = ""
    apart: bool = False


class GatedPages:
    """Pages as they left the gate, in the draft's order; `dropped_claims` counts the removed statements.

    One process may write them to disk and another read them.
    """

    def __init__(self, folder: Path) -> None:
        #: Path and Markdown of each API page, which is read from disk each time.
        self.api = SpooledTexts(folder / "api.texts")
        #: How many statements were removed from each page, and the page without an API page's text.
        self._pages = SpooledTexts(folder / "pages.texts")
        self.written: tuple[Page, ...] = ()
        self.listed: list[TableOfContentsEntry] = []
        self.models: set[str] = set()
        #: The path of each picture that a page shows, by its place on the site.
        self.images: dict[str, str] = {}
        self.dropped_claims = 0

    def write(self, pages: Iterable[tuple[Page, int]]) -> None:
        """Write every page, with the number of statements that the gate removed from it."""
        with self.api.written() as write_api, self._pages.written() as write_page:
            for page, removed in pages:
                if page.kind is PageKind.API:
                    write_api(page.path, page.markdown)
                reduced = page.with_changes(markdown="", citations=()) if page.kind is PageKind.API else page
                write_page(str(removed), reduced.model_dump_json())

    def read(self) -> None:
        """Read what was written, but for the API pages' texts."""
        written: list[Page] = []
        for removed, text in self._pages:
            page = Page.model_validate_json(text)
            self.dropped_claims += int(removed)
            self.models.add(page.model)
            self.images |= {image_place(path): path for path in page.images}
            self.listed.append(TableOfContentsEntry(page.path, page.kind, page.title, page.markdown, page.apart))
            if page.kind is not PageKind.API:
                written.append(page)
        self.written = tuple(written)

    @property
    def writers(self) -> str:
        """Whose words the site holds."""
        return writers(self.models)

    def api_paths(self) -> Collection[str]:
        """The paths of the API pages."""
        return [page.path for page in self.listed if page.kind is PageKind.API]

"""Adds built API pages to the site's zip and follows each of their links; a second process fills a part of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agents.roles.publisher.archive import SiteArchive, site_archive
from agents.roles.publisher.built_links import LinkCheck
from agents.roles.publisher.earlier_site import EarlierSite


class BuiltPages:
    """Adds pages to a zip as they come."""

    def __init__(self, archive: SiteArchive, check: LinkCheck) -> None:
        self._archive, self._check = archive, check

    def add(self, place: str, page: str) -> None:
        """Add the page at a place of the site."""
        self._check.look(place, page)
        self._archive.add(place, page)

    def take_over(self, place: str, page: str, earlier: EarlierSite) -> None:
        """Add a page that stands at this place of an earlier site; unpacked, it is `page`."""
        self._check.look(place, page)
        earlier.copy_page(place, self._archive)

    @contextmanager
    def part(self, folder: Path) -> Iterator[BuiltPages]:
        """Pages that a second process adds to the folder's files, for `take`."""
        with site_archive(folder / _PART) as archive:
            yield BuiltPages(archive, self._check)
        (folder / _LINKS).write_text(json.dumps(self._check.seen), encoding="utf-8")

    def take(self, folder: Path) -> None:
        """Add what a second process has left in a folder; it has begun with the last page."""
        self._archive.copy(folder / _PART, backwards=True)
        self._check.add(*json.loads((folder / _LINKS).read_text(encoding="utf-8")))


_PART, _LINKS = "part.zip", "links.json"

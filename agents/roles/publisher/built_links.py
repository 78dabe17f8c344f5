"""Checks the built site as a browser would follow it: every link leads to a file of the site, nothing leads outside."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote

_ATTRIBUTE = re.compile(r'<(a|link|script|img|iframe|source)\b[^>]*?\s(?:href|src)="([^"]*)"')
_SOURCE_LINE = re.compile(r"^L(\d+)(?:-L(\d+))?$")
#: Where the theme itself is named; the only link that leads outside, and it loads nothing.
_CREDITS = "https://squidfunk.github.io/mkdocs-material/"


class LinkCheck:
    """Looks at pages one by one; what is known only when the site is built is decided at the end.

    `known` are places of the site that need not be on disk, `source_lines` the source pages with their lines.
    """

    def __init__(self, source_lines: Mapping[str, int], pages: Collection[str] = ()) -> None:
        self._source_lines = source_lines
        self._known = frozenset(pages)
        self._broken: list[tuple[str, str]] = []
        self._undecided: dict[str, tuple[str, str]] = {}
        self._folder = ""
        self._seen: set[str] = set()
        #: Each address without its anchor, and the place to which it leads from this folder.
        self._places: dict[str, str] = {}

    def look(self, page: str, text: str) -> None:
        """Follow the links of a built page; pages come folder by folder, and a link of a folder is followed once."""
        folder = posixpath.dirname(page)
        if folder != self._folder:
            self._folder = folder
            self._seen.clear()
            self._places.clear()
        for _, raw in _ATTRIBUTE.findall(text):
            if raw not in self._seen:
                self._seen.add(raw)
                self._follow(page, folder, html.unescape(raw))

    @property
    def seen(self) -> tuple[list[tuple[str, str]], dict[str, tuple[str, str]]]:
        """What another process's check must know of this one; JSON holds it."""
        return self._broken, self._undecided

    def add(self, broken: Iterable[Sequence[str]], undecided: Mapping[str, Sequence[str]]) -> None:
        """Take what another process has seen, lists in the place of tuples as JSON gives them."""
        self._broken += [(page, target) for page, target in broken]
        self._undecided = {path: (page, target) for path, (page, target) in undecided.items()} | self._undecided

    def broken(self, on_disk: Collection[str]) -> Iterator[tuple[str, str]]:
        """Pairs of page and target for each link that leads nowhere, or out."""
        yield from self._broken
        for path, link in self._undecided.items():
            index = f"{path}/index.html"
            if path not in on_disk and path != "." and index not in on_disk and index not in self._known:
                yield link

    def _follow(self, page: str, folder: str, target: str) -> None:
        url, _, anchor = target.partition("#")
        if not url or target == _CREDITS:
            return
        path = self._places.get(url)
        if path is None:
            if "://" in url or url.startswith(("/", "//", "mailto:", "javascript:", "data:")):
                self._broken.append((page, target))
                return
            path = self._places[url] = posixpath.normpath(posixpath.join(folder, unquote(url)))
        if path in self._source_lines:
            line = _SOURCE_LINE.match(anchor)
            if line is not None and int(line[2] or line[1]) > self._source_lines[path]:
                self._broken.append((page, target))
        elif path not in self._known:
            self._undecided.setdefault(path, (page, target))


def broken_links(site: Path, check: LinkCheck) -> Iterator[tuple[str, str]]:
    """What `check` finds in the pages on disk, with what it has found before."""
    on_disk = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    for page in sorted(name for name in on_disk if name.endswith(".html")):
        check.look(page, (site / page).read_text(encoding="utf-8"))
    return check.broken(on_disk)

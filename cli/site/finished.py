"""A finished site in a folder: the index that the publisher wrote, the pages, and the lines of the source pages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

from agents.contracts.base import Lines
from cli.disk_errors import explained
from cli.errors import BadInput

INDEX = "index.jsonl"
_VERSION = 1
_LONGEST_PAGE = 40_000_000


class NotOnSite(Exception):
    """The site has no such page, file, line or symbol; the message says what it has."""


class CitedLines(NamedTuple):
    """Lines of a file of the documented repository."""

    path: str
    lines: Lines

    def __str__(self) -> str:
        start, end = self.lines.start, self.lines.end
        return f"{self.path}#L{start}" + (f"-L{end}" if end != start else "")


@dataclass(frozen=True)
class SiteSymbol:
    """A symbol as the index has it; `link` is its API page, else its source page."""

    name: str
    kind: str
    place: CitedLines
    signature: str
    doc: str
    link: str
    calls: tuple[str, ...] = ()
    internal: bool = False


@dataclass(frozen=True)
class SiteFile:
    """A file of the documented repository; `api` is empty where it has no page of its own."""

    path: str
    lines: int
    source: str
    api: str
    doc: str
    symbols: tuple[SiteSymbol, ...]
    imports: tuple[tuple[str, int, tuple[str, ...]], ...] = field(default=())

    @property
    def link(self) -> str:
        """The page that a reader opens."""
        return self.api.removesuffix(".md") + ".html" if self.api else self.source


class FinishedSite:
    """The site below a folder; nothing outside of the folder is ever read."""

    def __init__(self, root: Path, head: Mapping[str, Any], rows: list[dict[str, Any]]) -> None:
        self._root = root
        self.repository = str(head["repository"])
        self.pages = {str(path): str(title) for path, _, title in head["pages"]}
        self.files = {str(row["path"]): _file(row) for row in rows}
        self._by_source = {file.source: file.path for file in self.files.values()}
        self.source_lines = lru_cache(maxsize=256)(self._source_lines)

    @cached_property
    def line_counts(self) -> Mapping[str, int]:
        """The number of lines of each file, by path."""
        return {path: file.lines for path, file in self.files.items()}

    @cached_property
    def all_pages(self) -> Mapping[str, str]:
        """Title by path of every page in Markdown: the written ones, then each file's own."""
        return {**self.pages, **{file.api: file.path for file in self.files.values() if file.api}}

    def path_of_source(self, page: str) -> str:
        """The file whose source page this is; empty if none."""
        return self._by_source.get(page, "")

    def page(self, path: str) -> str:
        """A page's Markdown. Raises NotOnSite."""
        name = path.removesuffix(".html") + ".md" if path.endswith(".html") else path
        if name not in self.all_pages:
            raise NotOnSite(f"the site has no page {path!r}; search, or read one of {_some(self.pages)}")
        return self._read(name)

    def text(self, path: str, start: int = 1, end: int | None = None) -> list[str]:
        """Lines of a file, the first one is number 1. Raises NotOnSite."""
        if path not in self.files:
            raise NotOnSite(f"there is no file {path!r} in {self.repository}")
        lines = self.source_lines(path)
        last = len(lines) if end is None else end
        if not 1 <= start <= last <= len(lines):
            raise NotOnSite(f"{path} has {len(lines)} lines: {start} to {last} are not among them")
        return lines[start - 1 : last]

    def _source_lines(self, path: str) -> list[str]:
        reader = _SourceLines()
        reader.feed(self._read(self.files[path].source))
        return reader.lines

    def _read(self, name: str) -> str:
        place = (self._root / name).resolve()
        if not place.is_relative_to(self._root):  # a link in a site that somebody else made
            raise NotOnSite(f"{name} leads out of the site")
        if not place.is_file() or place.stat().st_size > _LONGEST_PAGE:
            raise NotOnSite(f"{name} is missing from the site: document the repository again")
        return place.read_text(encoding="utf-8", errors="replace")


class _SourceLines(HTMLParser):
    """The text of a source page's lines: what stands in `<span id="L1">`, without the link to the line itself."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self._depth = 0
        self._in_link = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        mark = dict(attrs).get("id") or ""
        if not self._depth and mark[:1] == "L" and mark[1:].isdigit():
            self.lines.append("")
            self._depth = 1
        elif self._depth:
            self._depth += 1
            self._in_link = self._in_link or tag == "a"

    def handle_endtag(self, tag: str) -> None:
        if self._depth:
            self._depth -= 1
            self._in_link = self._in_link and tag != "a"

    def handle_data(self, data: str) -> None:
        if self._depth and not self._in_link:
            self.lines[-1] += data


def finished_site(out: Path) -> FinishedSite:
    """The site of OUT, as `swarm run` and `swarm fetch` leave it, or of the site's own folder.

    Raises:
        BadInput: there is none, or it was built before sites had an index.
    """
    given = out.expanduser()
    with explained(f"The site cannot be read: {out}"):
        root = next((folder for folder in (given / "site", given) if (folder / INDEX).is_file()), None)
        if root is None:
            raise BadInput(f"{out} holds no finished site with {INDEX}: `swarm run PATH --out {out}` makes one")
        with (root / INDEX).open(encoding="utf-8") as lines:
            try:
                head, *rows = [json.loads(line) for line in lines if line.strip()]
                if head["version"] != _VERSION:
                    raise BadInput(f"{root / INDEX} has version {head['version']}, not {_VERSION}: run again")
                return FinishedSite(root.resolve(), head, rows)
            except (ValueError, KeyError, TypeError) as error:
                raise BadInput(f"{root / INDEX} is damaged: document the repository again") from error


def _file(row: Mapping[str, Any]) -> SiteFile:
    path, source, api = str(row["path"]), str(row["source"]), str(row.get("api", ""))
    link = api.removesuffix(".md") + ".html" if api else source

    def symbol(record: Mapping[str, Any]) -> SiteSymbol:
        start, end = record["lines"]
        place = CitedLines(path, Lines(start=start, end=end))
        calls, internal = tuple(record.get("calls", ())), bool(record.get("internal"))
        return SiteSymbol(
            record["name"], record["kind"], place, record["signature"], record.get("doc", ""), link, calls, internal
        )

    symbols = tuple(symbol(record) for record in row.get("symbols", ()))
    imports = tuple((str(target), int(line), tuple(names)) for target, line, names in row.get("imports", ()))
    return SiteFile(path, int(row["lines"]), source, api, str(row.get("doc", "")), symbols, imports)


def _some(names: Mapping[str, str]) -> str:
    return ", ".join(list(names)[:8])

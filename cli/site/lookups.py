"""What people and models ask a finished site for: search, a page, a definition, references, citations.

Answers are data for JSON; each place has path, lines and page. Errors are sentences that say what to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from agents.contracts.base import Lines
from cli.site.finished import CitedLines, FinishedSite, NotOnSite, SiteSymbol
from cli.site.passages import passages
from cli.site.search import FoundPassage, PassageSearch

LONGEST_QUESTION = 1_000
MOST_RESULTS = 50
_LONGEST_PAGE, _LONGEST_CITATION = 100_000, 400
_CITATION = re.compile(r"^(?P<path>.+?)(?:#L(?P<start>\d{1,9})(?:-L?(?P<end>\d{1,9}))?)?$")


class Lookups:
    """Answers over one site; the search index is built at its first use."""

    def __init__(self, site: FinishedSite) -> None:
        self.site = site

    @cached_property
    def searching(self) -> PassageSearch:
        """The passages in memory."""
        return PassageSearch(passages(self.site))

    def search(self, question: str, limit: int = 8) -> list[dict[str, Any]]:
        """The best passages. Raises NotOnSite for an empty or endless question, or a limit out of bounds."""
        if not question.strip() or len(question) > LONGEST_QUESTION:
            raise NotOnSite(f"the query is empty, or longer than {LONGEST_QUESTION:,} characters")
        return [passage_data(passage) for passage in self.searching.find(question, _limited(limit))]

    def read_page(self, path: str, offset: int = 0) -> dict[str, Any]:
        """A page's Markdown from a character on, 100,000 at most. Raises NotOnSite."""
        text = self.site.page(path)
        if not 0 <= offset <= len(text):
            raise NotOnSite(f"{path} has {len(text):,} characters: {offset} is not among them")
        end = min(len(text), offset + _LONGEST_PAGE)
        page: dict[str, Any] = {"path": path, "markdown": text[offset:end], "characters": len(text)}
        return {**page, "next_offset": end} if end < len(text) else page

    def definition(self, name: str, limit: int = 8) -> list[dict[str, Any]]:
        """The symbols of this name, whole or its last part, with their text. Raises NotOnSite."""
        symbols = self._defined(name)[: _limited(limit)]
        return [{**_symbol(symbol), "text": self._text(symbol.place)} for symbol in symbols]

    def references(self, name: str, limit: int = 30) -> list[dict[str, Any]]:
        """The lines that call or import a symbol, as far as names tell. Raises NotOnSite for an unknown name."""
        self._defined(name)
        places = dict.fromkeys(self._references(name.strip().rpartition(".")[2]))
        return [
            {**_place(place), "text": self._text(place), "in": user} for place, user in list(places)[: _limited(limit)]
        ]

    def citations(self, citation: str) -> dict[str, Any]:
        """A citation such as `a/b.py#L3-L9` resolved to file, lines, page and text. Raises NotOnSite."""
        cited = _CITATION.match(citation.strip())
        path = cited["path"] if cited else ""
        if not cited or path not in self.site.files:
            raise NotOnSite(f"{citation!r} cites no file of {self.site.repository}; write path#L3 or path#L3-L9")
        file = self.site.files[path]
        start = int(cited["start"] or 1)
        end = int(cited["end"] or cited["start"] or min(file.lines, _LONGEST_CITATION))
        if end - start >= _LONGEST_CITATION:
            raise NotOnSite(f"{citation} is longer than {_LONGEST_CITATION} lines: cite a part of it")
        text = "\n".join(self.site.text(path, start, end))
        return {
            **_place(CitedLines(path, Lines(start=start, end=end))),
            "text": text,
            "page": f"{file.source}#L{start}",
        }

    def _defined(self, name: str) -> list[SiteSymbol]:
        wanted = name.strip().strip("`").removesuffix("()")
        every = [symbol for file in self.site.files.values() for symbol in file.symbols]
        whole = [symbol for symbol in every if symbol.name == wanted]
        matches = whole or [symbol for symbol in every if wanted and symbol.name.endswith(f".{wanted}")]
        if not matches:
            near = [symbol.name for symbol in every if wanted and wanted.casefold() in symbol.name.casefold()][:5]
            also = f"; similar names: {', '.join(near)}" if near else ""
            raise NotOnSite(f"no symbol of {self.site.repository} has the name {name!r}{also}")
        return matches

    def _references(self, last: str) -> Iterator[tuple[CitedLines, str]]:
        word = re.compile(rf"(?<!\w){re.escape(last)}(?!\w)")
        call = re.compile(rf"(?<!\w){re.escape(last)}\s*[(!<{{\[]")
        for file in self.site.files.values():
            for target, line, names in file.imports:
                if last in names or re.split(r"[./:\\]", target)[-1] == last:
                    yield CitedLines(file.path, Lines(start=line, end=line)), ""
            for symbol in file.symbols:
                if not any(re.split(r"[.:>]", call)[-1] == last for call in symbol.calls):
                    continue
                start, end = symbol.place.lines.start, symbol.place.lines.end
                # The line that defines a recursive function is no reference to it.
                own = symbol.name.rpartition(".")[2] == last
                lines = list(enumerate(self.site.text(file.path, start, end), start=start))[own:]
                # A comment may have the word too; where nothing looks like a call, as in Ruby, the word has to do.
                called = [number for number, text in lines if call.search(text)]
                for number in called or [number for number, text in lines if word.search(text)]:
                    yield CitedLines(file.path, Lines(start=number, end=number)), symbol.name

    def _text(self, place: CitedLines) -> str:
        last = min(place.lines.end, place.lines.start + _LONGEST_CITATION - 1)
        return "\n".join(self.site.text(place.path, place.lines.start, last))


def passage_data(result: FoundPassage) -> dict[str, Any]:
    """A result of the search as data."""
    passage = result.passage
    cites = [str(place) for place in passage.cites]
    return {
        "kind": passage.kind,
        "title": passage.title,
        "text": passage.text,
        "citations": cites,
        "page": passage.link,
    }


def _symbol(symbol: SiteSymbol) -> dict[str, Any]:
    names = {"name": symbol.name, "kind": symbol.kind, "signature": symbol.signature, "documentation": symbol.doc}
    return {**names, **_place(symbol.place), "page": symbol.link}


def _place(place: CitedLines) -> dict[str, Any]:
    return {"citation": str(place), "path": place.path, "start": place.lines.start, "end": place.lines.end}


def _limited(limit: int) -> int:
    if not 1 <= limit <= MOST_RESULTS:
        raise NotOnSite(f"limit is {limit}, and may be 1 to {MOST_RESULTS}")
    return limit

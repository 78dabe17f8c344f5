"""Measures a site's Markdown against the repository that it documents. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from releases.gate.public_symbols import public_symbols

_CITATION = re.compile(r"\]\((?:\.\./)*source/(?P<path>[^)#]+)\.html#L(?P<first>\d+)(?:-L(?P<last>\d+))?\)")
_SYMBOL = re.compile(r'<a id="s\.(?P<name>[^"]+)"')
_API_PAGE = re.compile(r"^(?:.*/)?docs/api/(?P<path>.+)\.md$")


@dataclass(frozen=True)
class SiteFigures:
    """Counts: citations and how many name lines that exist, symbols with a page entry, those that no source has."""

    citations: int
    citations_resolved: int
    symbols: int
    symbols_invented: int
    public_symbols: int
    public_symbols_found: int


def site_figures(pages: Mapping[str, str], sources: Mapping[str, str]) -> SiteFigures:
    """`pages` are the Markdown files by their path, `sources` the repository's texts."""
    lines = {path: len(text.splitlines()) for path, text in sources.items()}
    cited = [found for page in pages.values() for found in _CITATION.finditer(page)]
    resolved = sum(_resolves(found, lines) for found in cited)
    named = {found["path"]: _names(page) for path, page in pages.items() if (found := _API_PAGE.match(path))}
    invented = sum(not _stands_in(name, sources.get(path, "")) for path, names in named.items() for name in names)
    public = {(path, name) for path, text in sources.items() for name in public_symbols(path, text)}
    documented = {(path, name.rpartition(".")[2]) for path, names in named.items() for name in names}
    return SiteFigures(
        citations=len(cited),
        citations_resolved=resolved,
        symbols=sum(len(names) for names in named.values()),
        symbols_invented=invented,
        public_symbols=len(public),
        public_symbols_found=len(public & documented),
    )


def _resolves(found: re.Match[str], lines: Mapping[str, int]) -> bool:
    last, first = int(found["last"] or found["first"]), int(found["first"])
    return 1 <= first <= last <= lines.get(unquote(found["path"]), 0)


def _names(page: str) -> set[str]:
    return {unquote(found["name"]) for found in _SYMBOL.finditer(page)}


def _stands_in(name: str, text: str) -> bool:
    """Whether the symbol's own name, without what it belongs to, is a word of the file."""
    own = re.split(r"[.#:]+", name)[-1] or name
    return re.search(rf"(?<!\w){re.escape(own)}(?!\w)", text) is not None

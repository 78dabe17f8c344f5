"""The last gate: a statement whose citation does not resolve never ships. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from urllib.parse import unquote

from agents.contracts.draft import Citation, Page
from agents.contracts.synthesis import resolves
from agents.errors import CitationUnresolved

_LINK = re.compile(r"(?<!\\)\[(?:[^\[\]\\\n]|\\.)*\]\(([^()\s]*)\)")
_CODE = re.compile(r"(?<![\\`])(`+)(?!`)[^\n]*?(?<!`)\1(?!`)")
_FENCE = re.compile(r"^ *(`{3,})")
_LINE = re.compile(r"^L(\d+)$")


def struck(
    pages: Sequence[Page], line_counts: Mapping[str, int], sources: Mapping[str, str]
) -> tuple[tuple[Page, ...], int]:
    """The pages without the statements that cite nothing real, and how many those were.

    `line_counts` is keyed by path, `sources` gives each path's source page. Raises CitationUnresolved when a statement
    cannot be taken out of its page.
    """
    source_lines = {page: line_counts[path] for path, page in sources.items()}
    known = {page.path for page in pages}
    checked = [_checked(page, known, source_lines, line_counts) for page in pages]
    return tuple(page for page, _ in checked), sum(count for _, count in checked)


def _checked(
    page: Page, known: set[str], source_lines: Mapping[str, int], line_counts: Mapping[str, int]
) -> tuple[Page, int]:
    def broken(target: str) -> bool:
        return not _leads_somewhere(page.path, target, known, source_lines)

    lines: list[str] = []
    count = 0
    bars = ""
    for line in page.markdown.split("\n"):
        fence = _FENCE.match(line)
        if bars or fence:
            closing = bars and line.strip() == bars
            bars = "" if closing else bars or (fence.group(1) if fence else "")
            lines.append(line)
            continue
        kept, lost = _without_broken(line, [one for one in _links(line) if broken(one.group(1))])
        count += lost
        if kept is not None:
            lines.append(kept)
    citations = tuple(one for one in page.citations if resolves(one.path, one.lines, line_counts))
    _refuse_what_is_left(page, citations, lost=count)
    if not count and len(citations) == len(page.citations):
        return page, 0
    return page.model_copy(update={"markdown": "\n".join(lines), "citations": citations}), count


def _without_broken(line: str, broken: Sequence[re.Match[str]]) -> tuple[str | None, int]:
    """The line without the statements that end in these links; None when nothing of it is left."""
    if not broken:
        return line, 0
    if line.lstrip().startswith("|"):
        return None, 1
    kept = line
    for found in reversed(broken):
        before = [link.end() for link in _links(kept) if link.end() <= found.start()]
        start = before[-1] if before else len(kept) - len(kept.lstrip(" -*#"))
        kept = kept[:start] + kept[found.end() :]
    return (kept if kept.strip(" -*#·") else None), len(broken)


def _links(line: str) -> list[re.Match[str]]:
    """The links of a line; what looks like one inside code is none."""
    code = [found.span() for found in _CODE.finditer(line)]
    return [one for one in _LINK.finditer(line) if not any(start <= one.start() < end for start, end in code)]


def _refuse_what_is_left(page: Page, citations: tuple[Citation, ...], *, lost: int) -> None:
    if len(citations) < len(page.citations) and not lost:
        missing = next(one for one in page.citations if one not in citations)
        raise CitationUnresolved(f"{page.path} leans on {missing.path}, but no link of it can be struck")


def _leads_somewhere(page: str, target: str, known: set[str], source_lines: Mapping[str, int]) -> bool:
    url, _, anchor = target.partition("#")
    if "://" in url or url.startswith(("/", "mailto:", "javascript:", "data:")):
        return False
    path = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(url))) if url else page
    if path in known:
        return True
    line = _LINE.match(anchor)
    last = source_lines.get(path)
    return last is not None and (not anchor or (line is not None and 1 <= int(line.group(1)) <= last))

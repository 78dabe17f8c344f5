"""The last gate: a statement whose citation does not resolve never ships. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from agents.codebase.claims.citations import resolves
from agents.codebase.snapshot_texts import SnapshotTexts
from agents.contracts.draft import Citation, Page
from agents.errors import CitationUnresolved
from agents.pages.addresses import line_anchor, link
from agents.pages.links import links_of_line, resolver, split_code, targets, without_code

_FENCE = re.compile(r"^ *(`{3,})")


def gated(
    pages: Iterable[Page],
    addresses: Collection[str],
    line_counts: Mapping[str, int],
    sources: Mapping[str, str],
    texts: SnapshotTexts | None = None,
) -> Iterator[tuple[Page, int]]:
    """Each page without the statements that cite nothing real, and how many those were.

    `known` are the paths of all pages; `line_counts` is keyed by path, `sources` gives each path's source page; with
    `texts`, what was cited must still be what the file says. Raises CitationUnresolved when a statement cannot be taken
    out of its page.
    """

    def holds(citation: Citation) -> bool:
        if not resolves(citation.path, citation.lines, line_counts):
            return False
        return texts is None or citation.digest == texts.digest(citation.path, citation.lines)

    source_lines = {page: line_counts[path] for path, page in sources.items()}
    for page in pages:
        yield _checked(page, resolver(page.path, addresses, source_lines), holds, sources)


def _checked(
    page: Page,
    resolves_link: Callable[[str], bool],
    holds: Callable[[Citation], bool],
    sources: Mapping[str, str],
) -> tuple[Page, int]:
    citations: list[Citation] = []
    fallen: list[Citation] = []
    for citation in page.citations:
        (citations if holds(citation) else fallen).append(citation)
    valid = {_link(page, citation, sources) for citation in citations}
    # A link to lines that are not what they were leads nowhere, unless another citation of the page stands behind it.
    stale = {_link(page, citation, sources) for citation in fallen} - valid

    def leads_somewhere(target: str) -> bool:
        return target not in stale and resolves_link(target)

    text, _ = split_code(page.markdown)
    markdown, count = page.markdown, 0
    # Line by line only where something is broken: nearly every page is whole.
    if not all(map(leads_somewhere, targets(without_code(text)))):
        markdown, count = _without_statements(page.markdown, leads_somewhere)
    if fallen and not count:
        raise CitationUnresolved(
            f"{page.path} cites {fallen[0].path}, which does not resolve, and no statement of it can be removed"
        )
    if not count:
        return page, 0
    return page.with_changes(markdown=markdown, citations=tuple(citations)), count


def _link(page: Page, citation: Citation, sources: Mapping[str, str]) -> str:
    source = sources.get(citation.path)
    return link(page.path, source, line_anchor(citation.lines)) if source else ""


def _without_statements(markdown: str, leads_somewhere: Callable[[str], bool]) -> tuple[str, int]:
    lines: list[str] = []
    count = 0
    bars = ""
    for line in markdown.split("\n"):
        fence = _FENCE.match(line)
        if bars or fence:
            closing = bars and line.strip() == bars
            bars = "" if closing else bars or (fence.group(1) if fence else "")
            lines.append(line)
            continue
        broken = [broken_link for broken_link in links_of_line(line) if not leads_somewhere(broken_link.group(1))]
        remaining, lost = _without_broken(line, broken)
        count += lost
        if remaining is not None:
            lines.append(remaining)
    return "\n".join(lines), count


def _without_broken(line: str, broken: Sequence[re.Match[str]]) -> tuple[str | None, int]:
    """The line without the statements that end in these links; None when nothing of it is left."""
    if not broken:
        return line, 0
    if line.lstrip().startswith("|"):
        return None, 1
    remaining = line
    for broken_link in reversed(broken):
        before = [link.end() for link in links_of_line(remaining) if link.end() <= broken_link.start()]
        start = before[-1] if before else len(remaining) - len(remaining.lstrip(" -*#"))
        remaining = remaining[:start] + remaining[broken_link.end() :]
    return (remaining if remaining.strip(" -*#·") else None), len(broken)

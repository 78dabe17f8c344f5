"""A statement whose citation does not resolve never ships."""

from __future__ import annotations

import pytest

from agents.codebase.snapshot_texts import SnapshotTexts
from agents.contracts.base import Lines
from agents.contracts.draft import Citation, Page, PageKind
from agents.errors import CitationUnresolved
from agents.roles.publisher.gate import gated

LINES = {"a.py": 10}
SOURCES = {"a.py": "source/a.py.html"}
GOOD = "[a.py#L3](source/a.py.html#L3)"
BAD = "[a.py#L11](source/a.py.html#L11)"


def page(markdown: str, *citations: Citation) -> Page:
    return Page(path="index.md", kind=PageKind.OVERVIEW, title="x", markdown=markdown, citations=citations)


def gated_pages(pages: list[Page], texts: SnapshotTexts | None = None) -> tuple[tuple[Page, ...], int]:
    checked = list(gated(pages, {page.path for page in pages}, LINES, SOURCES, texts))
    return tuple(page for page, _ in checked), sum(count for _, count in checked)


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [
        (f"It greets. {GOOD}", f"It greets. {GOOD}", 0),
        (f"It greets. {GOOD} It flies. {BAD}", f"It greets. {GOOD}", 1),
        (f"It flies. {BAD} It greets. {GOOD}", f" It greets. {GOOD}", 1),
        (f"- It flies. {BAD}\n- It greets. {GOOD}", f"- It greets. {GOOD}", 1),
        (f"| a | {BAD} |\n| b | {GOOD} |", f"| b | {GOOD} |", 1),
        (f"```text\n{BAD}\n```", f"```text\n{BAD}\n```", 0),
        ("Go [there](https://evil.example/). Stay.", ". Stay.", 1),
    ],
)
def test_only_the_wrong_statement_is_removed(before: str, after: str, count: int) -> None:
    pages, lost = gated_pages([page(before)])
    assert (pages[0].markdown, lost) == (after, count)


def test_a_wrong_citation_that_cannot_be_removed_stops_the_site() -> None:
    with pytest.raises(CitationUnresolved, match=r"index\.md cites b\.py"):
        gated_pages([page("No link.", Citation(path="b.py", lines=Lines(start=1, end=1)))])


def test_a_statement_whose_cited_lines_have_changed_is_removed() -> None:
    texts = SnapshotTexts(lambda _: "line\n" * 10)
    lines = Lines(start=3, end=3)
    fresh = Citation(path="a.py", lines=lines, digest=texts.digest("a.py", lines))
    whole = page(f"It greets. {GOOD}", fresh)
    assert gated_pages([whole], texts) == ((whole,), 0)

    stale = page(f"It greets. {GOOD} Stay.", fresh.model_copy(update={"digest": "0" * 16}))
    pages, lost = gated_pages([stale], texts)
    assert (pages[0].markdown, pages[0].citations, lost) == (" Stay.", (), 1)

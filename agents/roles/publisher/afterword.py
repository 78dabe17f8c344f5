"""What the coverage page can say only at the very end: what was struck, and which findings stay open. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agents.contracts.draft import CritiqueFinding, Page, PageKind

#: Findings listed one by one.
_LISTED = 200
_PLAIN = " ,.-_/"


def with_afterword(
    pages: Sequence[Page], struck: Mapping[str, int], open_findings: Sequence[CritiqueFinding]
) -> tuple[Page, ...]:
    """The pages, the coverage page with both sections at its end."""
    added = [*_struck(struck), *_findings(open_findings)]
    if not added:
        return tuple(pages)
    return tuple(
        page.model_copy(update={"markdown": f"{page.markdown.rstrip()}\n\n" + "\n\n".join(added) + "\n"})
        if page.kind is PageKind.COVERAGE
        else page
        for page in pages
    )


def _struck(struck: Mapping[str, int]) -> list[str]:
    if not any(struck.values()):
        return []
    rows = [f"| {_escaped(role)} | {count:,} |" for role, count in sorted(struck.items())]
    told = (
        "What a language model said and the snapshot disproved went back to it once, with the reason. What was still "
        "there the second time is on none of these pages: lines, files and names that do not exist, markup, links, "
        "diagrams that cannot be drawn, instructions that were followed."
    )
    return ["## Struck", told, "\n".join(["| Role | Struck |", "| --- | ---: |", *rows])]


def _findings(found: Sequence[CritiqueFinding]) -> list[str]:
    if not found:
        return []
    rows = [f"| {_escaped(one.page)} | {_escaped(one.problem)} |" for one in found[:_LISTED]]
    more = [f"And {len(found) - _LISTED:,} more."] if len(found) > _LISTED else []
    return [
        "## Open findings",
        "What the critic found and no revision has put right.",
        "\n".join(["| Page | Finding |", "| --- | --- |", *rows]),
        *more,
    ]


def _escaped(text: str) -> str:
    """Plain text in a table's cell: whatever could mean something is a number to the browser."""
    return "".join(c if c.isalnum() or c in _PLAIN else f"&#{ord(c)};" for c in " ".join(text.split()))

"""What a format without a grammar is read into. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agents.codebase.structure.source import fold
from agents.contracts.base import Lines
from agents.contracts.structure import Import, Symbol, SymbolKind

MAX_PARTS = 1000
#: A line is looked at up to here; no heading or key is longer.
LINE_LENGTH = 500


@dataclass(frozen=True)
class Parts:
    """An artefact's own pieces."""

    symbols: tuple[Symbol, ...] = ()
    imports: tuple[Import, ...] = ()
    doc: str = ""
    doc_lines: Lines | None = None
    parse_errors: int = 0


@dataclass(frozen=True)
class SectionHeading:
    """A section's title with its level, its first line (from 1) and the line its content begins on."""

    title: str
    level: int
    line: int
    content: int
    #: The first words below it; None where they are looked for in the lines.
    words: str | None = None


def split_lines(text: str) -> list[str]:
    """The text's lines, each cut at a length that no part of a format exceeds; the last is not the end's newline."""
    lines = [line[:LINE_LENGTH].rstrip("\r") for line in text.split("\n")]
    return lines[:-1] if lines and not lines[-1] else lines


def part(name: str, kind: SymbolKind, signature: str, start: int, end: int, doc: str = "") -> Symbol:
    """A symbol of an artefact."""
    return Symbol(
        name=fold(name, 160),
        kind=kind,
        signature=fold(signature),
        lines=Lines(start=start, end=max(start, end)),
        doc=doc[:2000],
    )


def comment_above(lines: Sequence[str], line: int, marker: str) -> str:
    """The comment lines directly above a line (from 1), without their marker."""
    lines_above: list[str] = []
    at = line - 2
    while at >= 0 and len(lines_above) < 50 and lines[at].lstrip().startswith(marker):
        lines_above.append(lines[at].strip().lstrip(marker[0]).strip())
        at -= 1
    return "\n".join(lines_above[::-1]).strip(" -=\n")


def sections(headings: Sequence[SectionHeading], lines: Sequence[str]) -> tuple[Symbol, ...]:
    """Headings as sections, each up to the next of its level or above; its doc is its first paragraph."""
    ends = [len(lines)] * len(headings)
    path: list[int] = []
    result: list[Symbol] = []
    for index, heading in enumerate(headings[:MAX_PARTS]):
        while path and headings[path[-1]].level >= heading.level:
            ends[path.pop()] = heading.line - 1
        path.append(index)
    for index, heading in enumerate(headings[:MAX_PARTS]):
        following = headings[index + 1].line - 1 if index + 1 < len(headings) else len(lines)
        doc = heading.words
        if doc is None:
            doc = paragraph(lines[heading.content - 1 : min(following, heading.content + 40)])
        result.append(part(heading.title, SymbolKind.SECTION, heading.title, heading.line, ends[index], doc))
    return tuple(result)


def paragraph(lines: Sequence[str]) -> str:
    """The first lines of prose, joined; lists, tables, code, badges and directives are passed over."""
    lines_of_it: list[str] = []
    fence = ""
    for line in lines:
        stripped = line.strip()
        if fence or stripped.startswith(("```", "~~~")):
            if lines_of_it:
                break
            mark = stripped[: len(stripped) - len(stripped.lstrip(stripped[:1]))] if stripped else ""
            closes = fence and mark.startswith(fence) and mark == stripped
            fence = "" if closes else fence or mark
        elif not stripped:
            if lines_of_it:
                break
        elif not lines_of_it and stripped.startswith(("|", "<", "[!", "![", ":", "..", ">>>", "---", "===", "#")):
            continue
        else:
            lines_of_it.append(stripped)
    return " ".join(lines_of_it)[:600].strip()


def head(title: str, doc: str, line: int, lines: Sequence[str]) -> tuple[str, Lines]:
    """A file's title and first words as its doc, with the lines that hold them."""
    text = title if not doc or doc == title else f"{title}\n\n{doc}" if title else doc
    last = next((at for at, row in enumerate(lines, 1) if at >= line and doc and doc[:40] in row), line)
    return text, Lines(start=line, end=max(line, last))

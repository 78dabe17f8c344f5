"""Tables and documents of Doctrine: classes of PHP whose attributes or comments say what their properties are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.tables.annotated import annotated_tables
from agents.codebase.facts.tables.mapping_dialects import DOCTRINE
from agents.codebase.facts.tables.members import members_by_owner, types_with_members
from agents.codebase.facts.written import inside, parts
from agents.contracts.facts import Fact
from agents.contracts.structure import Symbol

_ANNOTATION: Final = re.compile(r"^@(?=(?:(?:ORM|ODM)\\)?[A-Z]\w+)", re.MULTILINE)
_STARS: Final = re.compile(r"^[ \t]*(?:/\*\*|\*(?!/))?[ \t]*", re.MULTILINE)
_SIGN: Final = re.compile(r"@[A-Z]\w+")
#: Lines of a comment above a property.
_MOST: Final = 120


def doctrine_tables(file: ParsedCode) -> Iterator[Fact]:
    """The entities and documents of a file, each followed by its columns."""
    if not file.holds(b"Doctrine\\"):
        return
    lines = file.whole_text.split("\n")
    symbols = [_annotated(symbol, lines) for symbol in file.symbols]
    for symbol, columns in types_with_members(symbols, members_by_owner(symbols)):
        yield from annotated_tables(symbol, columns, DOCTRINE, {})


def _annotated(symbol: Symbol, lines: Sequence[str]) -> Symbol:
    """A symbol with its attributes one by one, with the annotations of its comment, and without these in its words."""
    attributes = [part for text in symbol.decorators for part in parts(inside(text.lstrip("#")))]
    comment = _comment_above(lines, symbol.lines.start - 1)
    starts = [match.start() for match in _ANNOTATION.finditer(comment)]
    annotations = [comment[begin:end] for begin, end in zip(starts, [*starts[1:], None], strict=False)]
    doc = _SIGN.split(symbol.doc, maxsplit=1)[0].strip() if annotations else symbol.doc
    return symbol.model_copy(update={"decorators": (*attributes, *annotations), "doc": doc})


def _comment_above(lines: Sequence[str], count: int) -> str:
    """The comment with which the first lines, so many of them, end, without its stars."""
    if not count or not lines[count - 1].rstrip().endswith("*/"):
        return ""
    first = count - 1
    while first and "/*" not in lines[first] and count - first < _MOST:
        first -= 1
    return _STARS.sub("", "\n".join(lines[first:count]))

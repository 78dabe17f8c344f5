"""What pages of facts have in common: bounded tables whose rows link to symbols and lines. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from agents.codebase.inner_tests import is_in_test_module
from agents.codebase.paths import is_generated, is_product
from agents.contracts.draft import PageKind
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Symbol
from agents.roles.editor import markdown
from agents.roles.editor.material import Material
from agents.roles.editor.page_builder import PageBuilder
from agents.text.sentences import first_sentence, shortened

#: Rows of one table; the rest is named below it.
MOST = 150
#: Characters of a value in a cell, and of a text.
_LONGEST, _LONGEST_TEXT = 200, 1_000
#: A documentation of nothing but these says not what something is for.
_FIELD = re.compile(r"(?:Since|See also|Authors?|Version): ")


class PlacedFact(NamedTuple):
    """A fact and the file that states it."""

    path: str
    fact: Fact


def facts_of(material: Material, *kinds: FactKind) -> Iterator[PlacedFact]:
    """The facts of the product's files: tests, examples and generated files are left out."""
    for path in sorted(material.analyses):
        structure = material.analyses[path].structure
        if structure.facts and is_product(path) and not is_generated(path):
            has_tests = structure.language == "rust"
            for fact in structure.facts:
                if fact.kind in kinds and not (has_tests and is_in_test_module(fact.symbol)):
                    yield PlacedFact(path, fact)


def start(material: Material, path: str, kind: PageKind, title: str, opening: str) -> PageBuilder:
    """A page that says in one sentence what it lists."""
    builder = PageBuilder(material, path, kind, title)
    builder.add(builder.words(opening))
    return builder


def bounded(
    builder: PageBuilder,
    headers: Sequence[str],
    rows: Iterable[Sequence[str]],
    noun: str,
    most: int = MOST,
    count: int = 0,
) -> None:
    """Append a table of at most `most` rows, and say how many there are beyond.

    Who makes no rows that nobody sees says with `count` how many there would be.
    """
    listed = list(rows)
    visible = listed[:most]
    # A column in which nothing stands takes the room of the others.
    columns = [at for at in range(len(headers)) if at == 0 or any(len(row) > at and row[at] for row in visible)]
    builder.table([headers[at] for at in columns], [[row[at] for at in columns] for row in visible])
    builder.and_more(max(count, len(listed)) - most, noun)


def section(
    builder: PageBuilder,
    title: str,
    headers: Sequence[str],
    rows: Iterable[Sequence[str]],
    noun: str,
    most: int = MOST,
) -> bool:
    """Append a heading with such a table below it, unless there are no rows; whether there are any."""
    listed = list(rows)
    if listed:
        builder.heading(title)
        bounded(builder, headers, listed, noun, most)
    return bool(listed)


def place(builder: PageBuilder, path: str, symbol: str) -> str:
    """The symbol in which something stands, linked; empty at the top of a file."""
    return builder.symbol(path, symbol) if symbol and has_symbol(builder.material, path, symbol) else ""


def has_symbol(material: Material, path: str, name: str) -> bool:
    """Whether a file's outline has a symbol of this name."""
    analysis = material.analyses.get(path)
    return analysis is not None and any(symbol.name == name for symbol in analysis.structure.symbols)


def summary(material: Material, path: str, symbol: Symbol) -> str:
    """A symbol's first sentence by its author, or a model's verified note; empty where there is none."""
    if symbol.opening and not _FIELD.match(symbol.opening):
        return markdown.prose(first_sentence(symbol.opening))
    notes = material.analyses[path].notes if path in material.analyses else ()
    note = next((note.text for note in notes if note.symbol == symbol.name), "")
    return markdown.prose(first_sentence(note)) if note else ""


def code(text: str) -> str:
    """A value as code, shortened where it is long."""
    return markdown.code(text if len(text) <= _LONGEST else text[:_LONGEST] + "…")


def words(text: str) -> str:
    """The first sentence of an author's text in a cell."""
    return markdown.prose(first_sentence(text)) if text else ""


def whole_words(text: str) -> str:
    """An author's whole text in a cell, where no other page has it."""
    return markdown.prose(shortened(text, _LONGEST_TEXT)) if text else ""

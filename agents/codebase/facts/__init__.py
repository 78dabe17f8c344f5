"""Facts about the program around the code, read from syntax trees and documents without running anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from agents.codebase.facts.commands import commands
from agents.codebase.facts.commands.text import text_commands
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.infrastructure.resources import resources
from agents.codebase.facts.routes import routes
from agents.codebase.facts.settings import settings
from agents.codebase.facts.settings.text import settings_of_text
from agents.codebase.facts.tables import tables
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Symbol

#: Facts of one kind kept for one file; a file with more is data. The schema of a large application has more columns.
MOST = 400
_MOST_COLUMNS = 2_500
_READERS: tuple[Callable[[ParsedCode], Iterator[Fact]], ...] = (settings, commands, routes, tables, resources)
_READERS_OF_TEXT: tuple[Callable[[str, str, Sequence[Symbol]], Iterator[Fact]], ...] = (settings_of_text, text_commands)


def facts_of_code(file: ParsedCode) -> tuple[Fact, ...]:
    """The facts of a parsed file, in the order of its lines."""
    return bounded(fact for reader in _READERS for fact in _safely(reader(file)))


def facts_of_text(language: str, text: str, symbols: Sequence[Symbol]) -> tuple[Fact, ...]:
    """The facts of a file that is read without a tree, in the order of its lines."""
    return bounded(fact for reader in _READERS_OF_TEXT for fact in _safely(reader(language, text, symbols)))


def _safely(facts: Iterator[Fact]) -> Iterator[Fact]:
    """What a reader finds until source that no author writes stops it: a file without its facts is no gap."""
    try:
        yield from facts
    except (ValueError, LookupError, AttributeError, RecursionError):
        return


def bounded(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Each fact once, in order of lines, MOST of a kind."""
    counts: dict[FactKind, int] = {}
    result: list[Fact] = []
    for fact in dict.fromkeys(facts):
        counts[fact.kind] = counts.get(fact.kind, 0) + 1
        if counts[fact.kind] <= (_MOST_COLUMNS if fact.kind is FactKind.COLUMN else MOST):
            result.append(fact)
    return tuple(sorted(result, key=lambda fact: fact.lines.start))

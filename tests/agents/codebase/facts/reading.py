"""Reads a small text as the analyst does."""

from __future__ import annotations

from collections.abc import Iterable

from agents.codebase.facts.tables.outlined import outlined_tables
from agents.codebase.structure.reader import TreeSitterReader
from agents.contracts.facts import Fact, FactKind


def facts(language: str, text: str, *kinds: FactKind) -> list[Fact]:
    """The facts of these kinds in a text."""
    structure = TreeSitterReader().read("file", language, text)
    return [fact for fact in structure.facts if fact.kind in kinds]


def command_rows(language: str, text: str) -> list[tuple[str, ...]]:
    """Commands and options of a text: framework, name, owner, type, default, words, and marks."""
    return [
        (fact.source, fact.name, fact.owner, fact.type, fact.default, fact.text, *fact.marks)
        for fact in facts(language, text, FactKind.COMMAND, FactKind.OPTION)
    ]


def mounts(language: str, text: str) -> list[tuple[str, str]]:
    """Which command of a text is above which."""
    return [(fact.owner, fact.target) for fact in facts(language, text, FactKind.MOUNT)]


#: A column as the tests of tables write it: name, type, what it refers to, marks.
Row = tuple[str, str, str, tuple[str, ...]]


def tables_of(language: str, text: str) -> dict[str, list[Row]]:
    """The tables of a text by their names, with their columns; columns of a table elsewhere are under `+` its name."""
    structure = TreeSitterReader().read("file", language, text)
    kinds = (FactKind.TABLE, FactKind.COLUMN)
    return by_table([*(fact for fact in structure.facts if fact.kind in kinds), *outlined_tables(structure, text)])


def by_table(facts: Iterable[Fact]) -> dict[str, list[Row]]:
    """Columns by the table that owns them, as pages put them together."""
    listed = list(facts)
    names = {
        key: fact.name
        for fact in listed
        if fact.kind is FactKind.TABLE
        for key in (fact.name, fact.symbol.rpartition(".")[2], fact.symbol)
    }
    tables: dict[str, list[Row]] = {fact.name: [] for fact in listed if fact.kind is FactKind.TABLE}
    for fact in listed:
        if fact.kind is FactKind.COLUMN:
            row = (fact.name, fact.type, fact.target, fact.marks)
            tables.setdefault(names.get(fact.owner, f"+{fact.owner}"), []).append(row)
    return tables

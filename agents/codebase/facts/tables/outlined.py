"""Tables and messages that an outline already holds: classes with annotations, EF Core, gorm, SQL, Protobuf. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from agents.codebase.facts.routes.procedures import GRAPHQL_ROOTS
from agents.codebase.facts.tables.annotated import annotated_tables
from agents.codebase.facts.tables.columns import column_fact, table_fact
from agents.codebase.facts.tables.ef_core import ef_core_table
from agents.codebase.facts.tables.gorm import gorm_tables
from agents.codebase.facts.tables.mapping_dialects import dialect_of
from agents.codebase.facts.tables.members import members_by_owner, types_with_members
from agents.codebase.facts.tables.sea_orm import sea_orm_tables
from agents.codebase.facts.tables.sql import sql_tables
from agents.codebase.facts.tables.sql_changes import sql_changes, undone_lines
from agents.contracts.facts import Fact
from agents.contracts.structure import Structure, Symbol, SymbolKind

_NAME: Final = re.compile(r"[A-Z]\w*")
_SCHEMAS: Final = {"protobuf": ("Protobuf", SymbolKind.STRUCT), "graphql": ("GraphQL", SymbolKind.CLASS)}
_SCALARS: Final = frozenset({"ID", "String", "Int", "Float", "Boolean"})
#: Languages whose tables an outline holds.
LANGUAGES: Final = frozenset({"java", "kotlin", "typescript", "go", "rust", "sql", "protobuf", "graphql", "csharp"})
_NONE: Final[Mapping[str, str]] = MappingProxyType({})


def needs_text(structure: Structure) -> bool:
    """Whether a file's text says more of its tables than its outline does."""
    if structure.language == "go":
        return any(symbol.name.endswith(".TableName") for symbol in structure.symbols)
    return structure.language == "sql"


def outlined_tables(structure: Structure, text: str = "", entities: Mapping[str, str] = _NONE) -> Iterator[Fact]:
    """The tables of one file, each followed by its columns; `text` is the file's, where that is needed.

    `entities` are the classes that contexts of EF Core store, in whatever file, with the names of their tables where
    something says them. What is declared in several places, as a type that is extended, is one table with each of its
    columns once. What takes a migration of SQL back counts for nothing.
    """
    facts = _declared(structure, text, entities)
    if structure.language != "sql":
        yield from facts
        return
    undone = undone_lines(text)
    for fact in (*facts, *sql_changes(text)):
        if not any(lines.start <= fact.lines.start <= lines.end for lines in undone):
            yield fact


def _declared(structure: Structure, text: str, entities: Mapping[str, str]) -> Iterator[Fact]:
    members = members_by_owner(structure.symbols)
    reader = _reader(structure, text, entities, members)
    for symbol, columns in types_with_members(structure.symbols, members):
        yield from reader(symbol, columns)
    if structure.language == "sql":
        # A migration adds columns to tables that others have created.
        names = {symbol.name for symbol in structure.symbols}
        for owner, columns in members.items():
            if owner not in names:
                yield from reader(columns[0].model_copy(update={"name": owner}), columns)


def _reader(
    structure: Structure, text: str, entities: Mapping[str, str], members: Mapping[str, Sequence[Symbol]]
) -> Callable[[Symbol, Sequence[Symbol]], Iterator[Fact]]:
    """How a file's types become tables, by its language."""
    language, symbols = structure.language, structure.symbols
    dialect = dialect_of(structure)
    if dialect is not None:
        getters = {item.name: item for item in symbols if item.decorators and item.kind is SymbolKind.METHOD}
        return lambda symbol, columns: annotated_tables(symbol, columns, dialect, getters)
    if language == "sql":
        return sql_tables(text)
    if language == "go":
        return gorm_tables(members, text)
    if language == "csharp":
        return lambda symbol, columns: ef_core_table(symbol, columns, entities)
    if language == "rust":
        return sea_orm_tables(symbols)
    return lambda symbol, columns: _schema(symbol, columns, language)


def _schema(symbol: Symbol, columns: Sequence[Symbol], language: str) -> Iterator[Fact]:
    source, kind = _SCHEMAS.get(language, ("", SymbolKind.MODULE))
    # What a schema answers is no data that it describes.
    if not source or symbol.kind is not kind or (source == "GraphQL" and symbol.name in GRAPHQL_ROOTS):
        return
    yield table_fact(symbol, symbol.name, source)
    for column in columns:
        marks = ("list",) if "repeated" in column.signature or "[" in column.type else ()
        target = next((name for name in _NAME.findall(column.type) if name not in _SCALARS), "")
        yield column_fact(column, source, target=target, marks=marks)

"""Tables of gorm: structs of Go with its tags, and what they embed. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from agents.codebase.facts.tables.columns import column_fact, table_fact
from agents.contracts.facts import ABSTRACT, Fact
from agents.contracts.structure import Symbol

_SOURCE: Final = "gorm"
_TAG: Final = re.compile(r"\bgorm:\"([^\"]*)\"")
_NAME: Final = re.compile(r"[A-Z]\w*")
_NAMED: Final = re.compile(
    r"\bfunc\s*\(\s*(?:\w+\s+)?\*?(\w+)\s*\)\s*TableName\s*\(\s*\)\s*string\s*\{\s*return\s*[\"`]([^\"`\n]+)[\"`]"
)
_MODEL: Final = "gorm.Model"
#: What `gorm.Model` holds.
_OF_MODEL: Final = (
    ("ID", "uint", ("primary key",)),
    ("CreatedAt", "time.Time", ()),
    ("UpdatedAt", "time.Time", ()),
    ("DeletedAt", "gorm.DeletedAt", ("index",)),
)
_MARKS: Final = {
    "primarykey": "primary key",
    "primary_key": "primary key",
    "not null": "not null",
    "unique": "unique",
    "uniqueindex": "unique",
    "unique_index": "unique",
    "index": "index",
}
_DEEPEST: Final = 4


def gorm_tables(
    members: Mapping[str, Sequence[Symbol]], text: str
) -> Callable[[Symbol, Sequence[Symbol]], Iterator[Fact]]:
    """How a struct of a text becomes a table, with its columns; one that others embed is no table of its own."""
    names: dict[str, str] = dict(_NAMED.findall(text)) if "TableName" in text else {}
    embedded = {column.type.lstrip("*") for listed in members.values() for column in listed if _is_embedded(column)}

    def table(symbol: Symbol, columns: Sequence[Symbol]) -> Iterator[Fact]:
        if _is_gorm(columns, members):
            is_inner = symbol.name in embedded and symbol.name not in names
            yield table_fact(symbol, names.get(symbol.name, symbol.name), _SOURCE, (ABSTRACT,) if is_inner else ())
            yield from _columns(symbol.name, columns, members, 0)

    return table


def _is_gorm(columns: Sequence[Symbol], members: Mapping[str, Sequence[Symbol]]) -> bool:
    """Whether a struct has tags of gorm, or embeds one that has."""
    own = any(_tag(column) or column.type == _MODEL for column in columns)
    return own or any(
        _tag(inner) for column in columns if _is_embedded(column) for inner in members.get(column.type, ())
    )


def _columns(
    owner: str, columns: Sequence[Symbol], members: Mapping[str, Sequence[Symbol]], depth: int
) -> Iterator[Fact]:
    own = {column.name.rpartition(".")[2] for column in columns}
    for column in columns:
        kind, tag = column.type.lstrip("*"), _tag(column)
        if kind == _MODEL and _is_embedded(column):
            for name, type_, marks in _OF_MODEL:
                yield column_fact(column, _SOURCE, name=name, owner=owner, type=type_, marks=marks)
        elif _is_embedded(column) and kind in members and depth < _DEEPEST:
            yield from _columns(owner, members[kind], members, depth + 1)
        elif column.public and tag.get("-") is None:
            yield _column(column, owner, tag, own)


def _column(column: Symbol, owner: str, tag: Mapping[str, str], own: set[str]) -> Fact:
    name = column.name.rpartition(".")[2]
    marks = [word for key, word in _MARKS.items() if key in tag]
    is_link = {"foreignkey", "many2many", "references", "polymorphic"} & tag.keys() or f"{name}ID" in own
    target = next(iter(_NAME.findall(column.type.rpartition(".")[2])), "") if is_link else ""
    marks += ["embedded"] if "embedded" in tag or _is_embedded(column) else []
    return column_fact(
        column,
        _SOURCE,
        name=tag.get("column") or name,
        owner=owner,
        target=target,
        marks=tuple(dict.fromkeys(marks)),
    )


def _tag(column: Symbol) -> dict[str, str]:
    """The settings of a field's tag by their names in small letters."""
    written = next((match[1] for text in column.decorators if (match := _TAG.search(text))), "")
    pairs = (part.partition(":") for part in written.split(";") if part.strip())
    return {name.strip().lower(): value for name, _, value in pairs}


def _is_embedded(column: Symbol) -> bool:
    return column.signature.lstrip("*") == column.type.lstrip("*")

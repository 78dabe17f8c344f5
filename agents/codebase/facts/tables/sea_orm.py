"""Tables of SeaORM: structs that derive a model, and the relations that an enumeration beside them lists. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from agents.codebase.facts.tables.columns import Key, column_fact, table_fact, with_keys
from agents.codebase.facts.written import Written, read_call
from agents.contracts.facts import Fact
from agents.contracts.structure import Symbol, SymbolKind

_SOURCE: Final = "SeaORM"
_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_MARKS: Final = {"primary_key": "primary key", "unique": "unique", "indexed": "index", "nullable": "nullable"}
_ENTITY: Final = re.compile(r"\b(\w+)::Entity\b")
_LINKS: Final = frozenset({"belongs_to", "has_one", "has_many"})


def sea_orm_tables(symbols: Sequence[Symbol]) -> Callable[[Symbol, Sequence[Symbol]], Iterator[Fact]]:
    """How a struct of a file becomes a table, with its columns; nothing for a struct that derives no model."""
    relations = _relations(symbols)

    def table(symbol: Symbol, columns: Sequence[Symbol]) -> Iterator[Fact]:
        if any("DeriveEntityModel" in text for text in symbol.decorators):
            facts = [table_fact(symbol, _given(symbol).text(-1, "table_name") or symbol.name, _SOURCE)]
            facts += [_column(column) for column in columns]
            around = symbol.name.rpartition(".")[0]
            yield from with_keys(facts, (key._replace(owner=symbol.name) for key in relations.get(around, ())))

    return table


def _given(symbol: Symbol) -> Written:
    """What the attribute of SeaORM says; several are one."""
    listed = [read_call(text) for text in symbol.decorators if text.startswith("#[sea_orm(")]
    positional = tuple(text for item in listed for text in item.positional)
    return Written("sea_orm", positional, {key: text for item in listed for key, text in item.named.items()})


def _column(column: Symbol) -> Fact:
    given = _given(column)
    words = {*given.positional, *given.named}
    marks = [word for key, word in _MARKS.items() if key in words and given.named.get(key) != "false"]
    marks += ["nullable"] if column.type.startswith("Option<") and "nullable" not in marks else []
    linked = _ENTITY.search(column.type)
    return column_fact(
        column,
        _SOURCE,
        name=given.text(-1, "column_name") or column.name.rpartition(".")[2],
        target=linked[1] if linked is not None and _LINKS & words else "",
        marks=tuple(marks),
    )


def _relations(symbols: Sequence[Symbol]) -> dict[str, list[Key]]:
    """What columns refer to, by the module around: `belongs_to = "super::fruit::Entity", from = "Column::FruitId"`."""
    relations: dict[str, list[Key]] = {}
    for symbol in symbols:
        given = _given(symbol) if symbol.kind is SymbolKind.VARIANT else Written("")
        entity = _ENTITY.search(given.text(-1, "belongs_to"))
        column = given.text(-1, "from").rpartition("::")[2]
        if entity is not None and column:
            around = symbol.name.rpartition(".")[0].rpartition(".")[0]
            key = Key("", _WORD.sub("_", column).lower(), target=entity[1])
            relations.setdefault(around, []).append(key)
    return relations

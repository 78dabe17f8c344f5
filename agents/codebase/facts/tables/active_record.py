"""Tables of ActiveRecord: what migrations of Rails and `schema.rb` create and add."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from agents.codebase.facts.calls import CodeCall, options
from agents.codebase.facts.file import ParsedCode, place
from agents.codebase.facts.tables.columns import Key, plural, with_keys
from agents.codebase.facts.tables.migration_calls import is_undoing
from agents.codebase.facts.written import literal, texts_in
from agents.contracts.facts import Fact, FactKind

_SOURCE: Final = "ActiveRecord"
_LINKS: Final = frozenset({"references", "belongs_to"})
_TYPES: Final = (
    *("string", "text", "citext", "integer", "bigint", "float", "decimal", "numeric", "datetime", "timestamp"),
    *("timestamptz", "time", "date", "binary", "blob", "boolean", "json", "jsonb", "uuid", "virtual", "column"),
    *("inet", "cidr", "macaddr", "hstore", "xml", "tsvector", "enum", "daterange", "int4range", "int8range"),
    *("numrange", "tsrange", "tstzrange", "interval", "point", "money", "primary_key", "bit", "vector"),
    *("tinyint", "mediumtext", "longtext", "geometry", "st_point", "timestamps", "index"),
    *_LINKS,
)
_BLOCKS: Final = frozenset({"create_table", "change_table", "create_join_table"})
_ADDING: Final = ("add_column", "add_reference", "add_belongs_to", "add_foreign_key", "add_timestamps", "add_index")


def active_record_tables(file: ParsedCode) -> Iterator[Fact]:
    """The tables of migrations and of `schema.rb`, each followed by its columns."""
    if file.holds(b"create_table") or (file.holds(b"change_table", b"add_") and file.holds(b"ActiveRecord::")):
        keys: list[Key] = []
        facts = list(_declared(file, keys))
        yield from with_keys(facts, keys)


def _declared(file: ParsedCode, keys: list[Key]) -> Iterator[Fact]:
    """Tables and columns; keys that are declared apart are put into `keys`."""
    for call in file.calls(*_BLOCKS, *_TYPES, *_ADDING):
        if is_undoing(call):
            continue
        if call.method == "create_table" and call.text(0):
            comment = call.text(-1, "comment")
            yield Fact(kind=FactKind.TABLE, name=call.text(0), source=_SOURCE, lines=place(call), text=comment)
            listed = texts_in(call.value(-1, "primary_key"))
            keys += [Key(call.text(0), column, "primary key") for column in listed]
        elif call.method in _ADDING and not call.receiver:
            yield from _added(call, keys)
        elif call.method in _TYPES and call.receiver:
            table = next((item.text(0) for item in call.around() if item.method in _BLOCKS), "")
            if table:
                yield from _of_block(call, table, keys)


def _of_block(call: CodeCall, table: str, keys: list[Key]) -> Iterator[Fact]:
    """The columns of one line of a table's block."""
    if call.method == "index":
        keys += _indexed(call, table, 0)
    elif call.method == "timestamps":
        yield from _timestamps(call, table)
    else:
        positional = call.positional[:1] if call.method in {"column", "enum"} else call.positional
        for name in [name for text in positional if (name := literal(text))]:
            kind = call.text(1) if call.method == "column" else call.method
            yield from _linked(call, table, name) if call.method in _LINKS else [_column(call, table, name, kind)]


def _added(call: CodeCall, keys: list[Key]) -> Iterator[Fact]:
    """What a statement outside a block adds to a table."""
    table, name = call.text(0), call.text(1)
    if call.method == "add_foreign_key" and table and name:
        column = call.text(-1, "column") or f"{name.removesuffix('s')}_id"
        keys.append(Key(table, column, target=name))
    elif call.method == "add_index":
        keys += _indexed(call, table, 1)
    elif call.method == "add_timestamps":
        yield from _timestamps(call, table)
    elif call.method == "add_column" and table and name:
        yield _column(call, table, name, call.text(2))
    elif table and name:
        yield from _linked(call, table, name)


def _indexed(call: CodeCall, table: str, at: int) -> list[Key]:
    """The key of an index of one column."""
    columns = texts_in(call.value(at))
    mark = "unique" if call.named.get("unique") == "true" else "index"
    return [Key(table, columns[0], mark)] if len(columns) == 1 else []


def _timestamps(call: CodeCall, table: str) -> Iterator[Fact]:
    for name in ("created_at", "updated_at"):
        yield _column(call, table, name, "datetime")


def _linked(call: CodeCall, table: str, name: str) -> Iterator[Fact]:
    """The column of a reference; one to things of several kinds has another for the kind."""
    kind = call.text(-1, "type") or "bigint"
    if "polymorphic" in call.named:
        yield _column(call, table, f"{name}_type", "string")
        yield _column(call, table, f"{name}_id", kind)
        return
    target = literal(options(call.named.get("foreign_key", "")).get("to_table", "")) or plural(name)
    yield _column(call, table, f"{name}_id", kind, target)


def _column(call: CodeCall, table: str, name: str, kind: str, target: str = "") -> Fact:
    marks = ["primary key"] if call.method == "primary_key" or call.named.get("primary_key") == "true" else []
    marks += ["not null"] if call.named.get("null") == "false" else []
    marks += ["unique"] if options(call.named.get("index", "")).get("unique") == "true" else []
    return Fact(
        kind=FactKind.COLUMN,
        name=name,
        source=_SOURCE,
        lines=place(call),
        owner=table,
        type=kind,
        target=target,
        marks=tuple(marks),
        text=call.text(-1, "comment"),
    )

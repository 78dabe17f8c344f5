"""Tables that migrations of Laravel and Knex build, a column by a call in the function that a table is given."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from agents.codebase.facts.calls import CodeCall
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.tables.builder_changes import builder_changes
from agents.codebase.facts.tables.changes import changed_column
from agents.codebase.facts.tables.columns import Key, class_named, plural, snake_case, with_keys
from agents.codebase.facts.tables.migration_calls import is_undoing
from agents.codebase.facts.tables.schema_builders import KNEX, LARAVEL, Builder, is_of_schema, table_around, table_name
from agents.codebase.facts.written import texts_in
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind

_KEYS: Final = re.compile(r"^(?:id|(?:\w*I|i)ncrements)$")
_TYPED: Final = frozenset({"addColumn", "rawColumn", "specificType"})


def laravel_tables(file: ParsedCode) -> Iterator[Fact]:
    """What migrations of Laravel create, add and change."""
    if file.holds(b"Blueprint"):
        yield from _built(file, LARAVEL)
    if file.holds(b"Blueprint", b"Facades\\Schema", b"extends Migration"):
        yield from builder_changes(file, LARAVEL)


def knex_tables(file: ParsedCode) -> Iterator[Fact]:
    """What migrations of Knex create, add and change."""
    if file.holds(b"schema"):
        if file.holds(b"createTable", b"alterTable", b"schema.table"):
            yield from _built(file, KNEX)
        yield from builder_changes(file, KNEX)


def _built(file: ParsedCode, builder: Builder) -> Iterator[Fact]:
    facts: list[Fact] = []
    keys: list[Key] = []
    for call in file.calls(*builder.creating, *builder.types, *builder.unnamed, *builder.keys):
        if call.method in builder.creating and is_of_schema(call, builder):
            if (name := table_name(call, file)) and not is_undoing(call):
                lines = Lines(start=call.line, end=call.end)
                facts.append(Fact(kind=FactKind.TABLE, name=name, source=builder.source, lines=lines))
            continue
        owner = table_around(call, file, builder)
        if not owner:
            continue
        after = {item.method: item for item in call.after()}
        if call.method in builder.keys:
            keys += _declared_keys(call, owner, after, builder)
        elif "change" in after or "alter" in after:
            facts += (
                changed_column(builder.source, item.lines, owner, item.name, type_=item.type)
                for item in _columns(call, owner, after, builder)
            )
        else:
            facts += _columns(call, owner, after, builder)
    yield from with_keys(facts, keys)


def _columns(call: CodeCall, owner: str, after: Mapping[str, CodeCall], builder: Builder) -> Iterator[Fact]:
    names = [call.text(0, "column")] if call.positional or "column" in call.named else []
    kind, target = call.method, ""
    if kind in builder.unnamed and (kind not in builder.types or not any(names)):
        names = list(builder.unnamed[kind])
        kind = kind if kind in builder.types else "timestamp" if names[0].endswith("_at") else "string"
    elif kind.lower().endswith("morphs"):
        names = [f"{names[0]}_type", f"{names[0]}_id"]
    elif kind in _TYPED:
        names, kind = ([call.text(1)], call.text(0)) if kind == "addColumn" else (names, call.text(1) or kind)
    elif kind == "foreignIdFor" and (model := class_named(call.value(0))):
        snake = snake_case(model)
        names, target = [call.text(1) or f"{snake}_id"], plural(snake)
    target = target or _target(call, after, builder)
    for name in names:
        if name:
            yield Fact(
                kind=FactKind.COLUMN,
                name=name,
                source=builder.source,
                lines=Lines(start=call.line, end=max([call.end, *(item.end for item in after.values())])),
                owner=owner,
                type=kind,
                target=target,
                marks=_marks(call, after, builder),
                text=after["comment"].text(0) if "comment" in after else "",
            )


def _target(call: CodeCall, after: Mapping[str, CodeCall], builder: Builder) -> str:
    """The table, and the column where it is named, that a column or a key refers to."""
    if builder.into in after:
        return after[builder.into].text(0)
    if "constrained" in after:
        return after["constrained"].text(0, "table") or plural(call.text(0).removesuffix("_id"))
    referred = after["references"].text(0) if "references" in after else ""
    return referred if "." in referred else ""


def _marks(call: CodeCall, after: Mapping[str, CodeCall], builder: Builder) -> tuple[str, ...]:
    marks = ["primary key"] if _KEYS.match(call.method) or "primary" in after else []
    marks += ["unique"] if "unique" in after else ["index"] if "index" in after else []
    is_nullable = ("nullable" in after and after["nullable"].value(0) != "false") or call.method.startswith("nullable")
    marks += ["nullable"] if is_nullable else ["not null"] if builder.not_null in after else []
    return tuple(marks)


def _declared_keys(call: CodeCall, owner: str, after: Mapping[str, CodeCall], builder: Builder) -> Iterator[Key]:
    """What a statement of its own says of columns that the table has; of several columns only a key is each one's."""
    columns = texts_in(call.value(0, "columns"))
    if call.method == "foreign":
        yield from (Key(owner, column, target=_target(call, after, builder)) for column in columns[:1])
    elif call.method == "primary" or len(columns) == 1:
        mark = "primary key" if call.method == "primary" else call.method
        yield from (Key(owner, column, mark) for column in columns)

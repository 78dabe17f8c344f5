"""Tables that migrations of Laravel and Knex build, a column by a call in the function that a table is given."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from agents.codebase.facts.calls import CodeCall
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.tables.columns import Key, plural, with_keys
from agents.codebase.facts.tables.migration_calls import is_undoing
from agents.codebase.facts.written import literal, texts_in
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind


@dataclass(frozen=True)
class _Builder:
    """How a library builds tables: methods that create and change one, methods that add a column, and its words."""

    source: str
    creating: frozenset[str]
    changing: frozenset[str]
    types: frozenset[str]
    #: Columns that a method adds without a name among its arguments.
    unnamed: Mapping[str, tuple[str, ...]]
    not_null: str
    keys: frozenset[str]
    into: str


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LARAVEL: Final = _Builder(
    "Laravel",
    frozenset({"create"}),
    frozenset({"table"}),
    _names(
        """id increments tinyIncrements smallIncrements mediumIncrements integerIncrements bigIncrements string char
        text tinyText mediumText longText integer tinyInteger smallInteger mediumInteger bigInteger unsignedInteger
        unsignedTinyInteger unsignedSmallInteger unsignedMediumInteger unsignedBigInteger unsignedDecimal float double
        decimal boolean date dateTime dateTimeTz time timeTz timestamp timestampTz year json jsonb binary uuid ulid
        ipAddress macAddress enum set geometry geography point vector foreignId foreignUuid foreignUlid foreignIdFor
        morphs nullableMorphs uuidMorphs nullableUuidMorphs ulidMorphs nullableUlidMorphs addColumn rawColumn"""
    ),
    {
        "timestamps": ("created_at", "updated_at"),
        "timestampsTz": ("created_at", "updated_at"),
        "nullableTimestamps": ("created_at", "updated_at"),
        "datetimes": ("created_at", "updated_at"),
        "softDeletes": ("deleted_at",),
        "softDeletesTz": ("deleted_at",),
        "rememberToken": ("remember_token",),
        "id": ("id",),
        "uuid": ("uuid",),
        "ulid": ("ulid",),
    },
    "",
    frozenset({"foreign", "primary", "unique", "index"}),
    "on",
)
_KNEX: Final = _Builder(
    "Knex",
    frozenset({"createTable", "createTableIfNotExists"}),
    frozenset({"table", "alterTable"}),
    _names(
        """increments bigIncrements integer int tinyint smallint mediumint bigint bigInteger text string float double
        decimal boolean date datetime time timestamp timestamptz geometry geography point binary enum enu json jsonb
        uuid specificType"""
    ),
    {"timestamps": ("created_at", "updated_at"), "increments": ("id",), "bigIncrements": ("id",)},
    "notNullable",
    frozenset({"foreign", "primary", "unique", "index"}),
    "inTable",
)
_KEYS: Final = re.compile(r"^(?:id|(?:\w*I|i)ncrements)$")
_SCHEMA: Final = re.compile(r"schema$", re.IGNORECASE)
_TYPED: Final = frozenset({"addColumn", "rawColumn", "specificType"})
_CLASS: Final = re.compile(r"\b(\w+)::class$")
_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def laravel_tables(file: ParsedCode) -> Iterator[Fact]:
    """What migrations of Laravel create and add."""
    if file.holds(b"Blueprint"):
        yield from _built(file, _LARAVEL)


def knex_tables(file: ParsedCode) -> Iterator[Fact]:
    """What migrations of Knex create and add."""
    if file.holds(b"createTable", b"alterTable", b"schema.table") and file.holds(b"schema"):
        yield from _built(file, _KNEX)


def _built(file: ParsedCode, builder: _Builder) -> Iterator[Fact]:
    facts: list[Fact] = []
    keys: list[Key] = []
    for call in file.calls(*builder.creating, *builder.types, *builder.unnamed, *builder.keys):
        if call.method in builder.creating and _is_of_schema(call, builder):
            if (name := _table_name(call, file)) and not is_undoing(call):
                lines = Lines(start=call.line, end=call.end)
                facts.append(Fact(kind=FactKind.TABLE, name=name, source=builder.source, lines=lines))
            continue
        table = next((item for item in call.around() if _is_of_schema(item, builder)), None) if call.receiver else None
        owner = _table_name(table, file) if table is not None else ""
        if not owner or call.receiver.endswith("schema") or is_undoing(call):
            continue
        after = {item.method: item for item in call.after()}
        if call.method in builder.keys:
            keys += _declared_keys(call, owner, after, builder)
        elif "change" not in after and "alter" not in after:
            facts += _columns(call, owner, after, builder)
    yield from with_keys(facts, keys)


def _is_of_schema(call: CodeCall, builder: _Builder) -> bool:
    """Whether a call creates or changes a table; the schema's own other methods and other libraries' are none."""
    if call.method not in builder.creating | builder.changing or len(call.positional) < 2:
        return False
    names = [call.receiver, *(item.name for item in call.chain()), *(item.receiver for item in call.chain())]
    return any(_SCHEMA.search(name) or name == "withSchema" for name in names)


def _table_name(call: CodeCall, file: ParsedCode) -> str:
    written = call.value(0)
    return literal(written) or (file.constant(written) if re.fullmatch(r"[\w.$:]+", written) else "")


def _columns(call: CodeCall, owner: str, after: Mapping[str, CodeCall], builder: _Builder) -> Iterator[Fact]:
    names = [call.text(0, "column")] if call.positional or "column" in call.named else []
    kind, target = call.method, ""
    if kind in builder.unnamed and (kind not in builder.types or not any(names)):
        names = list(builder.unnamed[kind])
        kind = kind if kind in builder.types else "timestamp" if names[0].endswith("_at") else "string"
    elif kind.lower().endswith("morphs"):
        names = [f"{names[0]}_type", f"{names[0]}_id"]
    elif kind in _TYPED:
        names, kind = ([call.text(1)], call.text(0)) if kind == "addColumn" else (names, call.text(1) or kind)
    elif kind == "foreignIdFor" and (model := _CLASS.search(call.value(0))):
        snake = _WORD.sub("_", model[1]).lower()
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


def _target(call: CodeCall, after: Mapping[str, CodeCall], builder: _Builder) -> str:
    """The table, and the column where it is named, that a column or a key refers to."""
    if builder.into in after:
        return after[builder.into].text(0)
    if "constrained" in after:
        return after["constrained"].text(0, "table") or plural(call.text(0).removesuffix("_id"))
    referred = after["references"].text(0) if "references" in after else ""
    return referred if "." in referred else ""


def _marks(call: CodeCall, after: Mapping[str, CodeCall], builder: _Builder) -> tuple[str, ...]:
    marks = ["primary key"] if _KEYS.match(call.method) or "primary" in after else []
    marks += ["unique"] if "unique" in after else ["index"] if "index" in after else []
    is_nullable = ("nullable" in after and after["nullable"].value(0) != "false") or call.method.startswith("nullable")
    marks += ["nullable"] if is_nullable else ["not null"] if builder.not_null in after else []
    return tuple(marks)


def _declared_keys(call: CodeCall, owner: str, after: Mapping[str, CodeCall], builder: _Builder) -> Iterator[Key]:
    """What a statement of its own says of columns that the table has; of several columns only a key is each one's."""
    columns = texts_in(call.value(0, "columns"))
    if call.method == "foreign":
        yield from (Key(owner, column, target=_target(call, after, builder)) for column in columns[:1])
    elif call.method == "primary" or len(columns) == 1:
        mark = "primary key" if call.method == "primary" else call.method
        yield from (Key(owner, column, mark) for column in columns)

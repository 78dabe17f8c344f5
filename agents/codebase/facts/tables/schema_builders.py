"""How Laravel and Knex build tables: the calls that create and change one, and the words of each library."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from agents.codebase.facts.calls import CodeCall
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.tables.migration_calls import is_undoing
from agents.codebase.facts.written import literal


@dataclass(frozen=True)
class Builder:
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


LARAVEL: Final = Builder(
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
KNEX: Final = Builder(
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
_SCHEMA: Final = re.compile(r"schema$", re.IGNORECASE)


def is_of_schema(call: CodeCall, builder: Builder) -> bool:
    """Whether a call creates or changes a table; the schema's own other methods and other libraries' are none."""
    return call.method in builder.creating | builder.changing and len(call.positional) > 1 and is_of_any_schema(call)


def is_of_any_schema(call: CodeCall) -> bool:
    """Whether a call is a method of what libraries call a schema."""
    names = [call.receiver, *(item.name for item in call.chain()), *(item.receiver for item in call.chain())]
    return any(_SCHEMA.search(name) or name == "withSchema" for name in names)


def table_around(call: CodeCall, file: ParsedCode, builder: Builder) -> str:
    """The table in whose function a call stands; empty for a call of a schema and in what takes a migration back."""
    if not call.receiver or call.receiver.endswith("schema") or is_undoing(call):
        return ""
    table = next((item for item in call.around() if is_of_schema(item, builder)), None)
    return table_name(table, file) if table is not None else ""


def table_name(call: CodeCall, file: ParsedCode) -> str:
    """The name that a call gives or changes a table by; a constant's where the file declares it."""
    written = call.value(0)
    return literal(written) or (file.constant(written) if re.fullmatch(r"[\w.$:]+", written) else "")

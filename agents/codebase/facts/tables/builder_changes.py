"""What migrations of Laravel and Knex drop, rename and give another type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from agents.codebase.facts.calls import CodeCall
from agents.codebase.facts.file import ParsedCode, place
from agents.codebase.facts.tables.changes import changed_column, changed_table
from agents.codebase.facts.tables.columns import class_named, snake_case
from agents.codebase.facts.tables.migration_calls import is_undoing
from agents.codebase.facts.tables.schema_builders import Builder, is_of_any_schema, table_around, table_name
from agents.codebase.facts.written import literal, texts_in
from agents.contracts.facts import Fact

_DROPPED_TABLES: Final = frozenset({"drop", "dropIfExists", "dropTable", "dropTableIfExists"})
_RENAMED_TABLES: Final = frozenset({"rename", "renameTable"})
_TIMES: Final = ("created_at", "updated_at")
#: Columns that a method drops without a name among its arguments.
_UNNAMED: Final = {
    "dropTimestamps": _TIMES,
    "dropTimestampsTz": _TIMES,
    "dropSoftDeletes": ("deleted_at",),
    "dropSoftDeletesTz": ("deleted_at",),
    "dropRememberToken": ("remember_token",),
}
_NAMED: Final = frozenset(
    {"dropColumn", "dropColumns", "dropConstrainedForeignId", "dropConstrainedForeignIdFor", "dropMorphs"}
)


def builder_changes(file: ParsedCode, builder: Builder) -> Iterator[Fact]:
    """The changes of a file's migrations, in its order."""
    for call in file.calls(*_DROPPED_TABLES, *_RENAMED_TABLES, *_UNNAMED, *_NAMED, "renameColumn"):
        lines = place(call)
        table = table_around(call, file, builder)
        if table and call.method == "renameColumn" and call.text(0) and call.text(1):
            yield changed_column(builder.source, lines, table, call.text(0), call.text(1))
        elif table:
            yield from (changed_column(builder.source, lines, table, name) for name in _dropped(call))
        elif is_of_any_schema(call) and not is_undoing(call) and (table := table_name(call, file)):
            yield from _of_schema(call, table, builder)


def _dropped(call: CodeCall) -> Iterator[str]:
    """The columns that a call in a table's function drops."""
    if call.method == "dropConstrainedForeignIdFor":
        model = class_named(call.value(0))
        name = call.text(1) or (f"{snake_case(model)}_id" if model else "")
        yield from [name] if name else []
    elif call.method == "dropMorphs":
        yield from (f"{name}{end}" for name in texts_in(call.value(0)) for end in ("_type", "_id"))
    elif call.method in _NAMED:
        yield from (name for value in call.positional for name in texts_in(value))
    else:
        yield from _UNNAMED.get(call.method, ())


def _of_schema(call: CodeCall, table: str, builder: Builder) -> Iterator[Fact]:
    """What a schema's own method does to a table: `Schema::drop("a")`, `schema.renameTable("a", "b")`."""
    lines = place(call)
    if call.method in _DROPPED_TABLES:
        yield changed_table(builder.source, lines, table)
    elif call.method in _RENAMED_TABLES and (target := literal(call.value(1))):
        yield changed_table(builder.source, lines, table, target)
    elif call.method == "dropColumns":
        names = (name for value in call.positional[1:] for name in texts_in(value))
        yield from (changed_column(builder.source, lines, table, name) for name in names)

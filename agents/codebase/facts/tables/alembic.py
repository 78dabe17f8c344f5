"""What migrations of Alembic drop, rename and give another type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from agents.codebase.facts.calls import CodeCall
from agents.codebase.facts.file import ParsedCode, place
from agents.codebase.facts.tables.changes import changed_column, changed_table
from agents.codebase.facts.tables.migration_calls import is_undoing
from agents.codebase.facts.written import literal, read_call
from agents.contracts.facts import Fact

_SOURCE: Final = "SQLAlchemy"


def alembic_changes(file: ParsedCode) -> Iterator[Fact]:
    """The changes of a file's migrations, in its order."""
    if not file.holds(b"alembic"):
        return
    for call in file.calls("drop_column", "alter_column", "rename_table", "drop_table"):
        if is_undoing(call) or not call.receiver:
            continue
        if call.method == "rename_table":
            old, new = named_table(call, file, 0, "old_table_name"), named_table(call, file, 1, "new_table_name")
            yield from [changed_table(_SOURCE, place(call), old, new)] if old and new else []
            continue
        table = named_table(call, file, 0, "table_name")
        if call.method != "drop_table":
            yield from _column(call, table)
        elif table:
            yield changed_table(_SOURCE, place(call), table)


def named_table(call: CodeCall, file: ParsedCode, at: int, name: str = "") -> str:
    """The text of an argument, or the one that the file gives to the name there, unless it is a parameter."""
    written = call.value(at, name)
    around = file.symbol_around(call.line)
    is_given = around is not None and any(parameter.name == written for parameter in around.parameters)
    return literal(written) or (file.constant(written) if written.isidentifier() and not is_given else "")


def _column(call: CodeCall, named: str) -> Iterator[Fact]:
    """A change of a column; in a batch the table is the batch's."""
    batch = batched_table(call)
    table = batch or named
    column = call.text(0 if batch or "table_name" in call.named else 1, "column_name")
    target, type_ = call.text(-1, "new_column_name"), call.value(-1, "type_")
    if table and column and (call.method == "drop_column" or target or type_):
        yield changed_column(_SOURCE, place(call), table, column, target, type_)


def batched_table(call: CodeCall) -> str:
    """The table of `with op.batch_alter_table("account") as batch:` around a call."""
    node = call.node
    while node is not None:
        clause = next((item for item in node.named_children if item.type == "with_clause"), None)
        if node.type == "with_statement" and clause is not None:
            opened = read_call(call.source[clause.start_byte : clause.end_byte].decode("utf-8", "replace"))
            if opened.method == "batch_alter_table":
                return opened.text(0, "table_name")
        node = node.parent
    return ""

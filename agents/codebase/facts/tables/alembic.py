"""What migrations of Alembic drop, rename and give another type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from agents.codebase.facts.calls import CodeCall
from agents.codebase.facts.file import ParsedCode, place
from agents.codebase.facts.tables.changes import changed_column, changed_table
from agents.codebase.facts.tables.migration_calls import is_undoing
from agents.codebase.facts.written import read_call
from agents.contracts.facts import Fact

_SOURCE: Final = "SQLAlchemy"


def alembic_changes(file: ParsedCode) -> Iterator[Fact]:
    """The changes of a file's migrations, in its order."""
    if not file.holds(b"alembic"):
        return
    for call in file.calls("drop_column", "alter_column", "rename_table", "drop_table"):
        if is_undoing(call) or not call.receiver:
            continue
        if call.method == "rename_table" and call.text(1, "new_table_name"):
            yield changed_table(_SOURCE, place(call), call.text(0, "old_table_name"), call.text(1, "new_table_name"))
        elif call.method == "drop_table" and call.text(0, "table_name"):
            yield changed_table(_SOURCE, place(call), call.text(0, "table_name"))
        elif call.method in {"drop_column", "alter_column"}:
            yield from _column(call)


def _column(call: CodeCall) -> Iterator[Fact]:
    """A change of a column; in a batch the table is the batch's."""
    batch = batched_table(call)
    table = batch or call.text(0, "table_name")
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

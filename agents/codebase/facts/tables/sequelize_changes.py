"""What migrations of Sequelize remove, rename and give another type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from agents.codebase.facts.calls import options
from agents.codebase.facts.file import ParsedCode, place
from agents.codebase.facts.tables.changes import changed_column, changed_table
from agents.codebase.facts.tables.migration_calls import is_undoing
from agents.contracts.facts import Fact

_SOURCE: Final = "Sequelize"


def sequelize_changes(file: ParsedCode) -> Iterator[Fact]:
    """The changes of a file's migrations, in its order."""
    if not file.holds(b"queryInterface"):
        return
    for call in file.calls("removeColumn", "renameColumn", "changeColumn", "dropTable", "renameTable"):
        table, name = call.text(0), call.text(1)
        if not table or not call.receiver or is_undoing(call):
            continue
        if call.method == "dropTable":
            yield changed_table(_SOURCE, place(call), table)
        elif call.method == "renameTable" and name:
            yield changed_table(_SOURCE, place(call), table, name)
        elif call.method == "removeColumn" and name:
            yield changed_column(_SOURCE, place(call), table, name)
        elif call.method == "renameColumn" and name and call.text(2):
            yield changed_column(_SOURCE, place(call), table, name, call.text(2))
        elif call.method == "changeColumn" and name:
            type_ = options(call.value(2)).get("type", "") if call.value(2)[:1] == "{" else call.value(2)
            yield from [changed_column(_SOURCE, place(call), table, name, type_=type_)] if type_ else []

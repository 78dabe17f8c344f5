"""What migrations of Rails remove, rename and give another type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from agents.codebase.facts.calls import CodeCall
from agents.codebase.facts.file import ParsedCode, place
from agents.codebase.facts.tables.changes import changed_column, changed_table
from agents.codebase.facts.tables.migration_calls import is_undoing
from agents.codebase.facts.written import literal
from agents.contracts.facts import Fact

_SOURCE: Final = "ActiveRecord"
#: Methods of a migration by what a method of a table's block is called that does the same.
_OF_BLOCK: Final = {
    "remove": "remove_columns",
    "rename": "rename_column",
    "change": "change_column",
    "remove_references": "remove_reference",
    "remove_belongs_to": "remove_belongs_to",
    "remove_timestamps": "remove_timestamps",
}
_OF_TABLES: Final = frozenset({"drop_table", "rename_table"})
_METHODS: Final = frozenset({"remove_column", *_OF_BLOCK.values(), *_OF_TABLES})


def active_record_changes(file: ParsedCode) -> Iterator[Fact]:
    """The changes of a file's migrations, in its order."""
    if not file.holds(b"ActiveRecord::"):
        return
    for call in file.calls(*_METHODS, *_OF_BLOCK):
        if is_undoing(call):
            continue
        if call.method in _METHODS and not call.receiver:
            yield from _tables(call) if call.method in _OF_TABLES else _columns(call, call.method, _texts(call))
        elif call.method in _OF_BLOCK and call.receiver:
            table = next((item.text(0) for item in call.around() if item.method == "change_table"), "")
            yield from _columns(call, _OF_BLOCK[call.method], [table, *_texts(call)])


def _texts(call: CodeCall) -> list[str]:
    """The texts and symbols among the arguments; a splat or a variable is an empty one."""
    return [literal(value) or "" for value in call.positional]


def _tables(call: CodeCall) -> Iterator[Fact]:
    names = _texts(call)
    if call.method == "drop_table":
        yield from (changed_table(_SOURCE, place(call), name) for name in names if name)
    elif len(names) == 2 and all(names):
        yield changed_table(_SOURCE, place(call), *names)


def _columns(call: CodeCall, method: str, texts: list[str]) -> Iterator[Fact]:
    """The changes of one call: the table and what follows it are `texts`."""
    table, names = texts[0] if texts else "", texts[1:]
    if not table:
        return
    target, type_ = "", ""
    if method in {"rename_column", "change_column"}:
        names, value = names[:1], next(iter(names[1:]), "")
        target, type_ = (value, "") if method == "rename_column" else ("", value)
        if not value:
            return
    elif method == "remove_column":
        # What follows the name is the type that a migration back would give it.
        names = names[:1]
    elif method == "remove_timestamps":
        names = ["created_at", "updated_at"]
    elif method in {"remove_reference", "remove_belongs_to"}:
        ends = ("_id", "_type") if "polymorphic" in call.named else ("_id",)
        names = [f"{name}{end}" for name in names if name for end in ends]
    yield from (changed_column(_SOURCE, place(call), table, name, target, type_) for name in names if name)

"""Where the calls of migrations stand: on which lines, and whether they take a migration back."""

from __future__ import annotations

from typing import Final

from agents.codebase.facts.calls import CodeCall
from agents.contracts.base import Lines

#: What a migration is taken back with: the tables and columns that stand there are those of before.
_UNDOING: Final = frozenset({"down", "downgrade", "revert"})
_NAMING: Final = ("name", "left", "key", "method")
_FAR: Final = 60


def lines_of(call: CodeCall, argument: str) -> Lines:
    """The lines of an argument of a call."""
    line = call.line_of(argument)
    return Lines(start=line, end=line + argument.count("\n"))


def is_undoing(call: CodeCall) -> bool:
    """Whether a call stands in the function, or in Ruby's block, that takes a migration back."""
    node = call.node
    for _ in range(_FAR):
        node = node.parent if node is not None else None
        if node is None:
            return False
        name = next((item for field in _NAMING if (item := node.child_by_field_name(field))), None)
        text = call.source[name.start_byte : min(name.end_byte, name.start_byte + 80)] if name is not None else b""
        if text.decode("utf-8", "replace").rpartition(".")[2] in _UNDOING:
            return True
    return False

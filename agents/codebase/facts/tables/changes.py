"""The fact that a migration changes a table or a column that an earlier one made. Pure."""

from __future__ import annotations

from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind


def changed_table(source: str, lines: Lines, table: str, target: str = "") -> Fact:
    """The fact that a table gets a name, or is dropped where there is none."""
    return Fact(kind=FactKind.CHANGE, name=table, source=source, lines=lines, target=target)


def changed_column(source: str, lines: Lines, table: str, column: str, target: str = "", type_: str = "") -> Fact:
    """The fact that a column gets a name or a type, or is dropped where there is neither."""
    return Fact(kind=FactKind.CHANGE, name=column, source=source, lines=lines, owner=table, target=target, type=type_)

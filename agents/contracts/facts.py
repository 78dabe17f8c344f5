"""What a file says of the program around the code: settings, commands, routes, tables, resources, with lines."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import Field

from agents.contracts.base import AuthorText, Contract, Lines, RepositoryText

#: The mark of a table that is none of its own: others inherit its fields.
ABSTRACT = "abstract"


class FactKind(StrEnum):
    """What a fact is about."""

    SETTING = "setting"
    COMMAND = "command"
    OPTION = "option"
    ROUTE = "route"
    MOUNT = "mount"
    PROCEDURE = "procedure"
    TABLE = "table"
    COLUMN = "column"
    CHANGE = "change"
    RESOURCE = "resource"
    JOB = "job"
    STATE = "state"


def _optional(default: Any = "") -> Any:
    """A field that is not written while it is empty: a repository has thousands of facts."""
    return Field(default=default, exclude_if=lambda value: not value)


class Fact(Contract):
    """One fact as its file states it; what the file does not state is empty.

    `source` names the mechanism (`environment variable`, `click`, `FastAPI`). `owner` is what the fact is a part of in
    its file: an option's command, a route's router, a column's table, a mount's outer router. `target` is what it leads
    to: a handler, a mounted router, a referenced table. A remote procedure takes its type and gives back its target. A
    change is of the column of a table, or of the table, that it names: with a target it gives it that name, with a type
    that type, and with neither it drops it.
    """

    kind: FactKind
    name: RepositoryText
    source: RepositoryText
    lines: Lines
    owner: RepositoryText = _optional()
    type: RepositoryText = _optional()
    default: AuthorText = _optional()
    text: AuthorText = _optional()
    symbol: RepositoryText = Field(
        default="", exclude_if=lambda value: not value, description="the symbol it describes or stands in"
    )
    target: RepositoryText = _optional()
    nexts: tuple[RepositoryText, ...] = Field(
        default=(), exclude_if=lambda value: not value, description="the states that a state leads to"
    )
    marks: tuple[RepositoryText, ...] = Field(
        default=(), exclude_if=lambda value: not value, description="`required`, `primary key`, `not null` …"
    )

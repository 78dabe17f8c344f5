"""What a comparison of two versions came to. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from agents.contracts.base import Lines


class Touch(StrEnum):
    """What happened to the code under a statement."""

    BODY = "body"
    SIGNATURE = "signature"
    RENAMED = "renamed"
    REMOVED = "removed"
    COMMENT = "documentation comment"


@dataclass(frozen=True)
class CitedCode:
    """Lines of a file in one of the two versions."""

    path: str
    lines: Lines

    def __str__(self) -> str:
        return self.lines.cite(self.path)


@dataclass(frozen=True)
class TouchedStatement:
    """A statement whose code has changed, and which may be wrong now.

    `before` is the code it was written about, `now` the same code today, None when it is gone. `because` names another
    symbol whose change it is, such as an undocumented method of the documented class. `page` and `wide` are a site's:
    a wide statement cites lines inside of which a narrower one is touched.
    """

    text: str
    symbol: str
    before: CitedCode
    now: CitedCode | None
    reason: Touch
    because: str = ""
    page: str = ""
    wide: bool = False


@dataclass(frozen=True)
class UndocumentedSymbol:
    """A public symbol that the change adds without documentation."""

    symbol: str
    kind: str
    place: CitedCode


@dataclass(frozen=True)
class NamedIn:
    """A line of documentation that names a symbol; `text` is the line."""

    path: str
    line: int
    text: str


@dataclass(frozen=True)
class RemovedSymbol:
    """A symbol that is gone, or has another name, while documentation still names it."""

    symbol: str
    before: CitedCode
    renamed_to: str
    named_in: tuple[NamedIn, ...]


@dataclass(frozen=True)
class ChangedPage:
    """A page of the site that would not be the same, and why."""

    page: str
    why: str


@dataclass(frozen=True)
class ChangeReport:
    """Everything that `swarm check` finds; only the first three can fail it.

    `rewritten` are statements whose authors changed them together with their code. `stale_before` counts statements of
    a site that did not fit the older version either, `unread` has files that could not be compared, with the reason.
    """

    statements: tuple[TouchedStatement, ...] = ()
    undocumented: tuple[UndocumentedSymbol, ...] = ()
    removed: tuple[RemovedSymbol, ...] = ()
    rewritten: tuple[TouchedStatement, ...] = ()
    pages: tuple[ChangedPage, ...] = ()
    moved: int = 0
    files: int = 0
    stale_before: int = 0
    unread: tuple[tuple[str, str], ...] = ()

    @property
    def counts(self) -> Mapping[str, int]:
        """How many there are of each kind that can fail the check."""
        return {
            "statements": len(self.statements),
            "undocumented": len(self.undocumented),
            "removed": len(self.removed),
        }

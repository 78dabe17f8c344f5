"""The form in which our provider's table says what it knows of a kind of resource. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: Every argument but these replaces a resource that AWS never changes.
_NEVER = frozenset({"tags", "tagsAll", "skipDestroy", "trackLatest"})


@dataclass(frozen=True)
class Call:
    """One call of an AWS API: `{x}` in an argument stands for the property `x`, or the physical `id`.

    `found` is the JMESPath of what must be in the answer, `seen` that of properties, inside what was found.
    """

    service: str
    operation: str
    arguments: Mapping[str, Any]
    found: str = "@"
    seen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    """`replaced_by` names arguments, `*` is all; `computed` is what an update computes again; `kept_if` is the argument
    that leaves the resource where it is, `emptied_if` that which empties it first."""

    replaced_by: str
    read: Call
    delete: tuple[Call, ...] = ()
    name: str = ""
    computed: tuple[str, ...] = ()
    kept_if: str = ""
    emptied_if: str = ""
    tagged: bool = False

    def replaces(self, argument: str) -> bool:
        """Whether a change of the argument replaces the resource; each is of one region for good."""
        every = self.replaced_by == "*" and argument not in _NEVER
        return every or argument == "region" or argument in self.replaced_by.split()

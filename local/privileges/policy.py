"""IAM's evaluation, as far as our documents go: a Deny wins, an Allow is needed, a condition without its key fails."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any


class ConditionUnknown(ValueError):
    """A policy uses a condition operator that is not evaluated here; the message names it."""


@dataclass(frozen=True)
class Permission:
    """One action on one resource pattern, granted to a role by one statement."""

    role: str
    sid: str
    action: str
    resource: str

    def __str__(self) -> str:
        return f"{self.role} {self.action} {self.resource} ({self.sid})"


@dataclass(frozen=True)
class _Statement:
    sid: str
    allows: bool
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    condition: Mapping[str, Mapping[str, Any]]

    def holds(self, context: Mapping[str, str]) -> bool:
        """Whether every condition is met."""
        return conditions_hold(self.condition, context)


class Policy:
    """What a role's documents say."""

    def __init__(self, role: str, documents: Sequence[str]) -> None:
        """Raises ConditionUnknown."""
        self.role = role
        self._statements = tuple(_statement(each) for text in documents for each in _listed(_body(text)["Statement"]))
        self._by_action: dict[str, Sequence[tuple[_Statement, Sequence[str]]]] = {}

    def permissions(self) -> Iterator[Permission]:
        """All that is allowed."""
        for statement in self._statements:
            if statement.allows:
                for action in statement.actions:
                    for resource in statement.resources:
                        yield Permission(self.role, statement.sid, action, resource)

    def allowing(self, action: str, resource: str, context: Mapping[str, str]) -> tuple[Permission, ...]:
        """The permissions that allow a call; none when it is refused."""
        permissions: list[Permission] = []
        for statement, names in self._about(action.lower()):
            if not statement.holds(context):
                continue
            for named in names:
                for pattern in statement.resources:
                    if matches(pattern, resource):
                        if not statement.allows:
                            return ()
                        permissions.append(Permission(self.role, statement.sid, named, pattern))
        return tuple(permissions)

    def _about(self, action: str) -> Sequence[tuple[_Statement, Sequence[str]]]:
        """The statements that name an action, in lower case, each with the names by which it does."""
        found = self._by_action.get(action)
        if found is None:  # a deployment asks a hundred statements about the same few actions a thousand times
            named = (
                (each, [name for name in each.actions if matches(name.lower(), action)]) for each in self._statements
            )
            found = self._by_action[action] = [(each, names) for each, names in named if names]
        return found


def conditions_hold(condition: Mapping[str, Mapping[str, Any]], context: Mapping[str, str]) -> bool:
    """Whether every condition of a statement is met by a request's keys."""
    return all(
        _compare(operator, context.get(key), _listed(wanted))
        for operator, entries in condition.items()
        for key, wanted in entries.items()
    )


def matches(pattern: str, text: str) -> bool:
    """IAM's wildcards: `*` is any text, `?` one character, everything else is itself."""
    return _expression(pattern).fullmatch(text) is not None


@lru_cache(maxsize=4096)
def _expression(pattern: str) -> re.Pattern[str]:
    runs = re.sub(r"\*+", "*", pattern)  # neighbouring stars mean one, and would backtrack as many
    parts = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in runs)
    return re.compile("".join(parts), re.DOTALL)


def _equal(wanted: str, given: str) -> bool:
    return wanted == given


#: Whether the request has no such key.
_NULL = "Null"
_OPERATORS: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": _equal,
    "StringLike": matches,
    "ArnEquals": matches,
    "ArnLike": matches,
    "Bool": _equal,
}


def _compare(operator: str, given: str | None, wanted: Sequence[Any]) -> bool:
    if operator == _NULL:
        return str(given is None).lower() in map(str, wanted)
    test = _OPERATORS[operator.removeprefix("ForAnyValue:")]
    return given is not None and any(test(str(each), given) for each in wanted)


def _statement(body: Mapping[str, Any]) -> _Statement:
    condition = body.get("Condition") or {}
    for operator in condition:
        if operator != _NULL and operator.removeprefix("ForAnyValue:") not in _OPERATORS:
            raise ConditionUnknown(f"the condition operator {operator} is not evaluated on a laptop yet")
    return _Statement(
        sid=str(body.get("Sid", "")),
        allows=body["Effect"] == "Allow",
        actions=tuple(_listed(body["Action"])),
        resources=tuple(_listed(body["Resource"])),
        condition=condition,
    )


def _body(text: str) -> Mapping[str, Any]:
    body: Mapping[str, Any] = json.loads(text)
    return body


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]

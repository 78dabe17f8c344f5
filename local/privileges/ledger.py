"""The book of calls: who was allowed what by which permission, who was refused, and what nobody needed."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from local.privileges.calls import Call
from local.privileges.policy import Permission, Policy

Documents = Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Refusal:
    """A call that the role's policy does not allow."""

    role: str
    call: Call

    def __str__(self) -> str:
        given = ", ".join(f"{key}={value}" for key, value in self.call.context)
        return f"{self.role} may not {self.call.action} on {self.call.resource}{f' with {given}' if given else ''}"


class _RolePolicy(NamedTuple):
    """A role's policy; it says the same about the same call, as long as its documents are the same."""

    documents: tuple[str, ...]
    policy: Policy
    allowing: Callable[[Call], tuple[Permission, ...]]


def _role_policy(documents: tuple[str, ...], policy: Policy) -> _RolePolicy:
    @lru_cache(maxsize=512)
    def allowing(call: Call) -> tuple[Permission, ...]:
        return policy.allowing(call.action, call.resource, dict(call.context))

    return _RolePolicy(documents, policy, allowing)


class Ledger:
    """One cloud's book; many threads may write. `documents` gives a role's policies by the role's name."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._lock = threading.Lock()
        self._policies: dict[str, _RolePolicy] = {}
        self.used: Counter[Permission] = Counter()
        self.refused: Counter[Refusal] = Counter()

    def ask(self, role: str, calls: Iterable[Call]) -> Refusal | None:
        """Write a request's calls down; the first that the role's policy refuses."""
        with self._lock:
            policy = self._of(role)
            for call in calls:
                allowing = policy.allowing(call)
                if not allowing:
                    refusal = Refusal(role, call)
                    self.refused[refusal] += 1
                    return refusal
                self.used.update(allowing)
        return None

    def unused(self, roles: Iterable[str]) -> list[Permission]:
        """What these roles may do and have not done."""
        with self._lock:
            granted = {permission for role in roles for permission in self._of(role).policy.permissions()}
            return sorted(granted - set(self.used), key=str)

    def _of(self, role: str) -> _RolePolicy:
        documents = tuple(self._documents(role))
        cached = self._policies.get(role)
        if cached is None or cached.documents != documents:
            cached = self._policies[role] = _role_policy(documents, Policy(role, documents))
        return cached

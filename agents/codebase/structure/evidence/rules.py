"""What a rule is. The tables in this folder are made of these and hold no logic of their own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from agents.codebase.structure.evidence.sites import Site, SiteKind
from agents.contracts.structure import Topic

Condition = Callable[[Site], bool]


@dataclass(frozen=True)
class Rule:
    """A shape in the syntax tree: a site of this kind with one of these names, where the condition holds.

    A name is dotted and complete (`os.system`), or ends a name whatever comes before it (`*.execute`).
    """

    name: str
    topic: Topic
    kind: SiteKind
    subjects: tuple[str, ...]
    when: Condition | None = None


@dataclass(frozen=True)
class LineRule:
    """A shape in one line of a file without a syntax tree; `pattern` must not be able to backtrack far."""

    name: str
    topic: Topic
    pattern: re.Pattern[str]


def security(name: str, kind: SiteKind, subjects: str, when: Condition | None = None) -> Rule:
    """A rule for the security reviewer; `subjects` are separated by blanks."""
    return Rule(name, Topic.SECURITY, kind, tuple(subjects.split()), when)


def performance(name: str, kind: SiteKind, subjects: str, when: Condition | None = None) -> Rule:
    """A rule for the performance reviewer; `subjects` are separated by blanks."""
    return Rule(name, Topic.PERFORMANCE, kind, tuple(subjects.split()), when)

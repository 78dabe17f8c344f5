"""Reads a small text as the analyst does."""

from __future__ import annotations

from agents.codebase.structure.reader import TreeSitterReader
from agents.contracts.facts import Fact, FactKind


def facts(language: str, text: str, *kinds: FactKind) -> list[Fact]:
    """The facts of these kinds in a text."""
    structure = TreeSitterReader().read("file", language, text)
    return [fact for fact in structure.facts if fact.kind in kinds]


def command_rows(language: str, text: str) -> list[tuple[str, ...]]:
    """Commands and options of a text: framework, name, owner, type, default, words, and marks."""
    return [
        (fact.source, fact.name, fact.owner, fact.type, fact.default, fact.text, *fact.marks)
        for fact in facts(language, text, FactKind.COMMAND, FactKind.OPTION)
    ]


def mounts(language: str, text: str) -> list[tuple[str, str]]:
    """Which command of a text is above which."""
    return [(fact.owner, fact.target) for fact in facts(language, text, FactKind.MOUNT)]

"""Reads a small text as the analyst does."""

from __future__ import annotations

from agents.codebase.structure.reader import TreeSitterReader
from agents.contracts.facts import Fact, FactKind


def facts(language: str, text: str, *kinds: FactKind) -> list[Fact]:
    """The facts of these kinds in a text."""
    structure = TreeSitterReader().read("file", language, text)
    return [fact for fact in structure.facts if fact.kind in kinds]

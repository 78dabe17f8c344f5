"""Reads evidence out of a piece of source, as the structure reader would."""

from __future__ import annotations

from agents.codebase.structure.evidence import collect
from agents.codebase.structure.evidence.grammars import QUERIES
from agents.codebase.structure.grammars import grammar
from agents.contracts.structure import Evidence


def evidence(language: str, source: str) -> tuple[Evidence, ...]:
    """Evidence of the source, parsed where there is a grammar."""
    raw = source.encode()
    root = grammar(language).parser.parse(raw).root_node if language in QUERIES else None
    return collect(language, root, raw, ())


def rules(language: str, source: str) -> set[str]:
    """The names of the rules that hold somewhere in the source."""
    return {found.rule for found in evidence(language, source)}

"""Reads evidence out of a piece of source, as the structure reader would."""

from __future__ import annotations

import importlib

import tree_sitter

from agents.contracts.structure import Evidence
from agents.structure.evidence import collect
from agents.structure.evidence.grammars import GRAMMARS


def evidence(language: str, source: str) -> tuple[Evidence, ...]:
    """Evidence of the source, parsed where there is a grammar."""
    raw = source.encode()
    root = None
    if language in GRAMMARS:
        grammar = GRAMMARS[language]
        loaded = getattr(importlib.import_module(grammar.module), grammar.function)()
        root = tree_sitter.Parser(tree_sitter.Language(loaded)).parse(raw).root_node
    return collect(language, root, raw, ())


def rules(language: str, source: str) -> set[str]:
    """The names of the rules that hold somewhere in the source."""
    return {found.rule for found in evidence(language, source)}

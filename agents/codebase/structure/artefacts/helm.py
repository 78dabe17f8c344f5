"""Helm templates: YAML that is none before it is rendered."""

from __future__ import annotations

import re

from agents.codebase.structure.artefacts.parts import MAX_PARTS, Parts, part, split_lines
from agents.contracts.base import Lines
from agents.contracts.structure import Symbol, SymbolKind

_DEFINED = re.compile(r"\{\{-?[ \t]*define[ \t]+\"([^\"\n]{1,160})\"")
_RESOURCE = re.compile(r"kind:[ \t]*(\w{1,80})[ \t]*$")
_HELM_COMMENT = re.compile(r"\s*\{\{-?[ \t]*/\*((?:[^*]|\*(?!/)){0,5000})\*/")


def template(text: str) -> Parts:
    """A Helm template: the kinds of resources it writes, and the templates it defines."""
    lines = split_lines(text)
    symbols: list[Symbol] = []
    for at, line in enumerate(lines, 1):
        if match := _DEFINED.search(line):
            symbols.append(part(match.group(1), SymbolKind.FUNCTION, f'define "{match.group(1)}"', at, at))
        elif match := _RESOURCE.match(line):
            symbols.append(part(match.group(1), SymbolKind.KEY, line, at, at))
        if len(symbols) >= MAX_PARTS:
            break
    comment = _HELM_COMMENT.match(text)
    doc = " ".join(comment.group(1).split()) if comment else ""
    end = text.count("\n", 0, comment.end()) + 1 if comment else 1
    return Parts(tuple(symbols), (), doc, Lines(start=1, end=end) if doc else None)

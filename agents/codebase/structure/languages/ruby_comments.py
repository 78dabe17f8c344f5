"""Methods and attributes that YARD declares in comments alone: `@!method name(a)`, `@!attribute [r] name`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import dedent

import tree_sitter

from agents.codebase.structure.language import Found, Inside
from agents.codebase.structure.languages.comment_declarations import declared_in_comments
from agents.codebase.structure.source import Source, fold
from agents.contracts.structure import SymbolKind

_DIRECTIVE = re.compile(r"#\s*@!(method|attribute)\s+(?:\[(\w+)\]\s*)?((?:self\.)?([\w.]+[?!=]?)[^\n]*)")
_RETURN = re.compile(r"^@return\s+\[([^\]\n]+)\]", re.MULTILINE)
_ACCESSORS = {"r": ("get",), "w": ("set",)}
_MOST_LINES = 200


def _declared(node: tree_sitter.Node, source: Source) -> Found | None:
    match = _DIRECTIVE.match(source.text(node))
    if match is None:
        return None
    how, access, signature, name = match.groups()
    doc = "\n".join(_below(node, source)).strip()
    returned = _RETURN.search(doc)
    type_ = fold(returned.group(1)) if returned else ""
    if how == "method":
        return Found(name, SymbolKind.FUNCTION, fold(signature), type=type_, doc=doc, inside=Inside.NOTHING)
    accessors = _ACCESSORS.get(access or "", ("get", "set"))
    return Found(name, SymbolKind.PROPERTY, fold(signature), type=type_, doc=doc, accessors=accessors)


def _below(node: tree_sitter.Node, source: Source) -> Iterator[str]:
    """The lines of the comment that are indented below a directive."""
    lines: list[str] = []
    following = node.next_sibling
    while following is not None and following.type == "comment" and len(lines) < _MOST_LINES:
        text = source.text(following).removeprefix("#")
        if following.start_point[0] != node.start_point[0] + len(lines) + 1 or not text.startswith("  "):
            break
        lines.append(text)
        following = following.next_sibling
    yield from dedent("\n".join(lines)).split("\n")


DECLARED_IN_COMMENTS = declared_in_comments(SymbolKind.FUNCTION, "@!(method|attribute)", _declared)

"""Methods and attributes that YARD declares in comments alone: `@!method name(a)`, `@!attribute [r] name`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile
from textwrap import dedent

import tree_sitter

from agents.codebase.structure.language import Found, Inside
from agents.codebase.structure.languages.comment_declarations import declared_in_comments
from agents.codebase.structure.source import Source, fold, nth
from agents.contracts.structure import SymbolKind

_DIRECTIVE = re.compile(r"#\s*@!(method|attribute)\s+(?:\[(\w+)\]\s*)?((?:self\.)?([\w.]+[?!=]?)[^\n]*)")
#: Directives that say how what is declared is seen.
_SWITCH = re.compile(r"\s*@!(?:scope|visibility)\b")
_MAKES_TYPE = re.compile(r"=\s*(?:Struct\.new|Data\.define|Class\.new|Module\.new)\b")
_RETURN = re.compile(r"^@return\s+\[([^\]\n]+)\]", re.MULTILINE)
_ACCESSORS = {"r": ("get",), "w": ("set",)}
_MOST_LINES = 200


def _declared(node: tree_sitter.Node, source: Source) -> Found | None:
    match = _DIRECTIVE.match(source.text(node))
    if match is None:
        return None
    how, access, signature, name = match.groups()
    name = f"{_owner(node, source)}{name}"
    doc = "\n".join(_below(node, source)).strip()
    returned = _RETURN.search(doc)
    type_ = fold(returned.group(1)) if returned else ""
    if how == "method":
        return Found(name, SymbolKind.FUNCTION, fold(signature), type=type_, doc=doc, inside=Inside.NOTHING)
    accessors = _ACCESSORS.get(access or "", ("get", "set"))
    return Found(name, SymbolKind.PROPERTY, fold(signature), type=type_, doc=doc, accessors=accessors)


def _owner(node: tree_sitter.Node, source: Source) -> str:
    """The type whose comment this is a line of: what its directives declare belongs to it."""
    row, following = node.start_point[0], node.next_sibling
    for _ in range(_MOST_LINES):
        if following is None or following.type != "comment" or following.start_point[0] != row + 1:
            break
        row, following = following.start_point[0], following.next_sibling
    if following is not None and following.type == "body_statement":  # comments at its beginning stand before it
        following = nth(following, 0)
    if following is None or following.start_point[0] != row + 1:
        return ""
    made = following.type == "assignment" and _MAKES_TYPE.search(source.text(following, 300))
    if following.type not in {"class", "module"} and not made:
        return ""
    named = following.child_by_field_name("left" if made else "name")
    return f"{source.name(named).replace('::', '.')}."


def _below(node: tree_sitter.Node, source: Source) -> Iterator[str]:
    """The lines of the comment below a directive: the indented ones, or up to the next directive where none is."""
    lines: list[str] = []
    following, row = node.next_sibling, node.start_point[0]
    while following is not None and following.type == "comment" and len(lines) < _MOST_LINES:
        row += 1
        text = source.text(following).removeprefix("#")
        if following.start_point[0] != row or _DIRECTIVE.match(f"#{text}"):
            break
        lines.append("" if _SWITCH.match(text) else text)
        following = following.next_sibling
    indented = list(takewhile(lambda line: line.startswith("  "), lines))
    yield from dedent("\n".join(indented or lines)).split("\n")


DECLARED_IN_COMMENTS = declared_in_comments(SymbolKind.FUNCTION, "@!(method|attribute)", _declared)

"""A Python string as its docstring: escapes evaluated, indentation removed; bytes and f-strings document nothing."""

from __future__ import annotations

import re
import unicodedata
from inspect import cleandoc

import tree_sitter

from agents.codebase.structure.source import Source

_LONGEST = 1_000_000
_PREFIX = re.compile(r"([A-Za-z]*)(\"\"\"|'''|\"|')")
_ESCAPE = re.compile(
    r"\\(?:(\n)|([abfnrtv'\"\\])|([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|N\{([^{}\n]{1,80})\})"
)
_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def text_of(node: tree_sitter.Node, source: Source) -> str:
    """The docstring that a node is, empty when it is none."""
    if node.type == "concatenated_string":
        parts = [_value(source.text(part, _LONGEST)) for part in node.named_children if part.type == "string"]
    elif node.type == "string":
        parts = [_value(source.text(node, _LONGEST))]
    else:
        return ""
    if any(part is None for part in parts):
        return ""
    return cleandoc("".join(part or "" for part in parts)).strip()


def _value(written: str) -> str | None:
    """A string literal's value, None for bytes and formatted strings."""
    match = _PREFIX.match(written)
    if match is None or set(match.group(1).lower()) - {"r", "u"}:
        return None
    inside = written[match.end() :].removesuffix(match.group(2))
    if "\\" not in inside or "r" in match.group(1).lower():
        return inside
    return _ESCAPE.sub(_unescaped, inside)


def _unescaped(match: re.Match[str]) -> str:
    newline, simple, octal, *rest = match.groups()
    if newline:
        return ""
    if simple:
        return _SIMPLE.get(simple, simple)
    if octal:
        return chr(int(octal, 8))
    number = next((group for group in rest[:3] if group), "")
    try:
        return chr(int(number, 16)) if number else unicodedata.lookup(rest[3] or "")
    except (KeyError, ValueError, OverflowError):
        return match.group()

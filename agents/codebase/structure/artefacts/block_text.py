"""Pieces of a declaration's text as a page shows them: its head, its value, the words that describe it."""

from __future__ import annotations

import re

from agents.codebase.structure.source import fold, shown_value
from agents.contracts.structure import MEMBER_KINDS, SymbolKind


def visible_value(value: str, before: str) -> str:
    """A value as a page may show it, behind what stands before it."""
    return shown_value(fold(value.strip()), before)


def signature(written: str, kind: SymbolKind) -> str:
    """A declaration's head on one line: no body, and no value that could be a secret."""
    head = re.sub(r"=\s*const\s*$", "", written.partition("=>")[0])  # the value begins with a brace
    before, equals, value = head.partition("=")
    if number := re.match(r"\s*-?\d\w*(?=\s*\[)", value):  # a field's number in Protobuf, before its options
        value = number.group()
    if kind in MEMBER_KINDS and equals and "(" not in before and shown_value(value.strip(), before) == "…":
        head = before
    return fold(head).rstrip(" ={:,;")


def unquoted(written: str) -> str:
    """A string's words without its quotes."""
    if written.startswith('"""'):
        first, _, rest = written[3:].removesuffix('"""').partition("\n")
        margin = min((len(part) - len(part.lstrip()) for part in rest.split("\n") if part.strip()), default=0)
        return "\n".join([first.strip(), *(part[margin:] for part in rest.split("\n"))]).strip("\n").rstrip()
    return written.strip("\"'").replace('\\"', '"')

"""JSON: top-level keys on their lines; comments and trailing commas as editors allow them."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from agents.codebase.structure.artefacts.lenient_json import TOKEN, load_json
from agents.codebase.structure.artefacts.parts import MAX_PARTS, Parts, part
from agents.codebase.structure.artefacts.plain_text import unreadable
from agents.contracts.base import Lines
from agents.contracts.structure import SymbolKind

_BRACKETS = {"{": 1, "[": 1, "}": -1, "]": -1}
_DESCRIPTIONS = ("description", "title", "$comment", "name")


def json_keys(text: str) -> Parts:
    """Keys of the outermost object with the type of their values, which never appear."""
    body = text.removeprefix("\ufeff")
    try:
        value = load_json(body)
    except (ValueError, RecursionError):
        return unreadable(text)
    if not isinstance(value, dict):
        return Parts()
    places = {place.name: place for place in _places(text)}
    symbols = tuple(
        part(name, SymbolKind.KEY, f"{name}: {_type(value[name])}", place.line, place.end)
        for name, place in list(places.items())[:MAX_PARTS]
        if name in value
    )
    description_key = next((key for key in _DESCRIPTIONS if isinstance(value.get(key), str) and value[key].strip()), "")
    if not description_key or description_key not in places:
        return Parts(symbols=symbols)
    line = places[description_key].line
    return Parts(symbols=symbols, doc=str(value[description_key])[:600], doc_lines=Lines(start=line, end=line))


@dataclass
class _Place:
    name: str
    line: int
    end: int


def _places(text: str) -> Iterator[_Place]:
    """The outermost object's keys with the lines of their values."""
    newlines = [match.start() for match in re.finditer("\n", text)]
    depth = 0
    key: re.Match[str] | None = None
    current: _Place | None = None
    for match in TOKEN.finditer(text):
        piece = match.group()
        depth += _BRACKETS.get(piece, 0)
        if depth != 1 or piece.startswith(("//", "/*")):
            continue
        if piece == ",":
            key = None
            if current is not None:
                yield current
            current = None
        elif piece == ":" and key is not None and current is None:
            line = bisect_right(newlines, key.start()) + 1
            current = _Place(_unquoted(key.group()), line, line)
        elif current is not None:
            current.end = bisect_right(newlines, match.end() - 1) + 1
        else:
            key = match
    if current is not None:
        yield current


def _unquoted(token: str) -> str:
    try:
        return str(json.loads(token))
    except ValueError:
        return token.strip('"')


def _type(value: object) -> str:
    if isinstance(value, dict):
        return f"object of {len(value)} keys"
    if isinstance(value, list):
        return f"array of {len(value)}"
    if isinstance(value, bool):
        return "boolean"
    return {"str": "string", "float": "number", "Decimal": "number", "NoneType": "null"}.get(
        type(value).__name__, "value"
    )

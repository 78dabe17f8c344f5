"""Values that a statement of SQL gives a column whose name says secret. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.codebase.secrets import values
from agents.codebase.secrets.headed import is_telling
from agents.codebase.secrets.unnamed import text_of

_INSERT: Final = re.compile(
    rb"insert\s{1,4}(?:ignore\s{1,4})?into\s{1,4}[^\s(]{1,100}\s{0,4}\((?P<columns>[^()]{1,1000})\)\s{0,4}values\s{0,4}"
)
#: One value of a row: a text in quotes, a call, or anything up to the next comma.
_VALUE: Final = re.compile(
    rb"\s{0,40}+(?:[nNeE]?'(?P<quoted>(?:[^'\\]|''|\\.){0,1000}+)'|(?:[^'(),;]|\([^()]{0,200}\)){0,300}+)\s{0,40}+(?P<end>[,)])"
)
_NEXT_ROW: Final = re.compile(rb"\s{0,40}+,?\s{0,40}+\(")
_IDENTIFIED: Final = re.compile(
    rb"(?:(?:create|alter)\s{1,4}user|connect\s{1,4}to)\s{1,4}\S{1,80}\s{1,4}identified\s{1,4}by\s{1,4}(?P<value>[^\s\"'`;,()<>$]{6,60})"
)


def find(source: bytes, lowered: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of each value; `lowered` is the source in small letters."""
    if b"identified" in lowered:
        for match in _IDENTIFIED.finditer(lowered):
            if values.is_random(text_of(source, *match.span("value")), 6):
                yield match.span("value")
    if b"insert" not in lowered:
        return
    for insert in _INSERT.finditer(lowered):
        columns = insert["columns"].split(b",")
        telling = {number for number, name in enumerate(columns) if is_telling(name)}
        if telling:
            yield from _in_rows(source, insert.end(), telling)


def _in_rows(source: bytes, at: int, telling: set[int]) -> Iterator[tuple[int, int]]:
    while (row := _NEXT_ROW.match(source, at)) is not None:
        at, number = row.end(), 0
        while (value := _VALUE.match(source, at)) is not None:
            if number in telling and value["quoted"] and values.is_password(text_of(source, *value.span("quoted"))):
                yield value.span("quoted")
            at, number = value.end(), number + 1
            if value["end"] == b")":
                break
        else:
            return

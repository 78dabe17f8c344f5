"""Comments inside the values of C's macros: to the grammar each ends its macro, and what follows becomes code. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

_OF_SEVERAL_LINES = re.compile(rb"^[ \t]*#[ \t]*define\b[^\n]*\\\r?\n(?:[^\n]*\\\r?\n)*[^\n]*", re.MULTILINE)
#: `#define SIZE (8 /* rows */ + 1)`
_OF_ONE_LINE = re.compile(rb"^[ \t]*#[ \t]*define\b[^\n]*\*/[ \t]*[^\s/][^\n]*", re.MULTILINE)
_COMMENT = re.compile(rb"/\*[^\n]{0,2000}?\*/")


def comments_in_values(data: bytes) -> Iterator[tuple[int, int]]:
    """The first and last bytes of the comments that more of a macro follows."""
    if b"define" not in data or b"*/" not in data:
        return
    for macro in _OF_SEVERAL_LINES.finditer(data):
        yield from (comment.span() for comment in _COMMENT.finditer(data, *macro.span()))
    for macro in _OF_ONE_LINE.finditer(data):
        yield from _followed(data, *macro.span())


def _followed(data: bytes, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """The comments behind which more than comments stands."""
    comments = [comment.span() for comment in _COMMENT.finditer(data, begin, end)]
    for number, (_, stop) in reversed(list(enumerate(comments))):
        if data[stop:end].strip():
            yield from comments[: number + 1]
            return
        end = comments[number][0]

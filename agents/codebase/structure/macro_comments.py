"""Comments inside the values of C's macros: to the grammar each ends its macro, and what follows becomes code. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

_OF_SEVERAL_LINES = re.compile(rb"^[ \t]*#[ \t]*define\b[^\n]*\\\r?\n(?:[^\n]*\\\r?\n)*[^\n]*", re.MULTILINE)
#: `#define SIZE (8 /* rows */ + 1)`
_OF_ONE_LINE = re.compile(rb"^[ \t]*#[ \t]*define\b[^\n]*\*/[ \t]*[^\s/][^\n]*", re.MULTILINE)
_COMMENT = re.compile(rb"/\*[^\n]*?\*/")


def comments_in_values(data: bytes) -> Iterator[tuple[int, int]]:
    """The first and last bytes of the comments that more of a macro follows."""
    if b"define" not in data or b"*/" not in data:
        return
    for macro in _OF_SEVERAL_LINES.finditer(data):
        yield from (comment.span() for comment in _COMMENT.finditer(data, *macro.span()))
    for macro in _OF_ONE_LINE.finditer(data):
        for comment in _COMMENT.finditer(data, *macro.span()):
            if _COMMENT.sub(b"", data[comment.end() : macro.end()]).strip():
                yield comment.span()

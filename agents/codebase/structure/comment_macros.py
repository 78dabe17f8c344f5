"""YARD's macros: text that one comment of a Ruby file defines and others repeat by its name. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

_LINE: Final = re.compile(
    r"^(?P<mark>[ \t]*#[ \t]?)(?P<margin>[ \t]*)@!macro[ \t]+(?:\[\w+\][ \t]+)?(?P<name>\w+)[ \t]*$"
)
_COMMENT: Final = re.compile(r"^[ \t]*#[ \t]?")
#: Macros within macros, and the lines that all of one comment's may come to.
_NESTED, _MOST_LINES = 3, 400


def macros_of(data: bytes) -> Mapping[str, Sequence[str]]:
    """The lines of each macro that a file defines, by name; one with parameters is made by a call, and left out."""
    if b"@!macro" not in data:
        return {}
    lines = data.decode("utf-8", "replace").split("\n")
    defined: dict[str, Sequence[str]] = {}
    for at, line in enumerate(lines):
        match = _LINE.match(line)
        text = _below(lines, at, match) if match is not None else []
        if match is not None and text and not any("$" in part for part in text):
            defined.setdefault(match["name"], text)
    return defined


def with_macros(comment: str, macros: Mapping[str, Sequence[str]]) -> str:
    """A comment with its macros' text where it names or defines them."""
    if not macros or "@!macro" not in comment:
        return comment
    lines = comment.split("\n")
    for _ in range(_NESTED):
        if len(lines) > _MOST_LINES or not any(_LINE.match(line) for line in lines):
            break
        lines = list(_expanded(lines, macros))
    return "\n".join(lines)


def _expanded(lines: Sequence[str], macros: Mapping[str, Sequence[str]]) -> Iterator[str]:
    passed = 0
    for at, line in enumerate(lines):
        match = _LINE.match(line)
        if passed:
            passed -= 1
        elif match is None:
            yield line
        else:
            passed = len(_below(lines, at, match))
            yield from (f"{match['mark']}{match['margin']}{text}" for text in macros.get(match["name"], ()))


def _below(lines: Sequence[str], at: int, head: re.Match[str]) -> list[str]:
    """The lines of the comment that are indented below its head, without that margin."""
    text: list[str] = []
    for line in lines[at + 1 : at + 1 + _MOST_LINES]:
        mark = _COMMENT.match(line)
        words = line[mark.end() :] if mark is not None else ""
        is_below = words.startswith(head["margin"] + "  ") or (mark is not None and not words.strip())
        if not is_below:
            break
        text.append(words[len(head["margin"]) + 2 :])
    while text and not text[-1].strip():
        text.pop()
    return text

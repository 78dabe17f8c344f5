"""SQL's statements that create something: where each begins and ends, its head, and what its options say."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from agents.codebase.structure.artefacts.sql_code import QUOTED
from agents.codebase.structure.artefacts.sql_details import closing, described

_CREATE = re.compile(
    r"\b(?:create|alter(?=\s+(?:view|function|procedure|proc)\b))\s+(?:or\s+(?:replace|alter)\s+)?"
    r"(?:(?:global|local|temp|temporary|unlogged|external|unique|clustered|nonclustered|virtual|force|noforce|editionable"
    r"|fulltext|spatial|definer\s*=\s*\S+|algorithm\s*=\s*\w+|sql\s+security\s+\w+|constraint)\s+){0,4}"
    r"(materialized\s+view|foreign\s+table|table|view|function|procedure|proc|trigger|type|domain|index|sequence"
    r"|package(?:\s+body)?|event|aggregate|policy|schema(?!\s+authorization))\s+"
    r"(?:concurrently\s+)?(?:if\s+not\s+exists\s+)?"
    rf"({QUOTED}(?:\s{{0,3}}\.\s{{0,3}}{QUOTED}){{0,3}})",
    re.IGNORECASE,
)
_WHOLE = frozenset({"index", "policy", "sequence", "trigger", "event"})
#: What a body may belong to, in which other statements create for a while.
_BODIES = frozenset({"function", "procedure", "proc", "trigger", "event", "package", "package body"})
_BLOCK = re.compile(
    r"\bbegin\b(?!\s+tran|\s+work|\s*;)|\bend\s+case\b|\bend\b(?!\s+(?:if|loop|while|repeat)\b)|\bcase\b", re.IGNORECASE
)
_WHOLE_END = re.compile(r";|\bas\b|\bbegin\b", re.IGNORECASE)
#: MySQL's option of a table or a routine.
_SAID_OF = re.compile(r"\bcomment\s*=?\s*'((?:[^']|''){1,2000})'", re.IGNORECASE)
_DELIMITER = re.compile(r"^[ \t]*delimiter[ \t]+(\S{1,20})[ \t]*$", re.MULTILINE | re.IGNORECASE)
_BATCH = re.compile(r"^[ \t]*(?:go|/)[ \t]*$", re.MULTILINE | re.IGNORECASE)
_PARTITION = re.compile(r"\s+partition\s+of\b", re.IGNORECASE)
_HEAD_END = re.compile(r"[(;]|\bas\b", re.IGNORECASE)


def batches(code: str) -> list[int]:
    """Where batches of statements end: at `GO`, at `/`, at the sign that MySQL's client knows."""
    return sorted([match.start() for match in _BATCH.finditer(code)] + list(_delimited(code)))


def created(code: str, ends: list[int]) -> Iterator[re.Match[str]]:
    """The statements that create something when the file is run, not when a routine is called."""
    inside, depth, at = False, 0, 0
    for statement in _CREATE.finditer(code):
        begin = statement.start()
        if inside and bisect_left(ends, begin) == bisect_left(ends, at):
            for block in _BLOCK.finditer(code, at, begin):
                depth += -1 if block.group().lower().startswith("end") else 1
            at = begin
            if depth > 0:
                continue
        yield statement
        inside, depth, at = statement.group(1).lower() in _BODIES, 0, statement.end()


def head(statement: re.Match[str], text: str, code: str, end: int) -> str:
    """A statement without what its brackets or its body hold; what an index, a partition or a trigger says is whole."""
    last = min(end, statement.end() + 400)
    is_whole = statement.group(1).lower() in _WHOLE or _PARTITION.match(code, statement.end())
    stop = (_WHOLE_END if is_whole else _HEAD_END).search(code, statement.end(), last)
    return text[statement.start() : stop.start() if stop else last]


def option(statement: re.Match[str], text: str, code: str, end: int) -> str:
    """What a table's or a routine's own option says of it."""
    begin = statement.end()
    if code[begin : begin + 100].lstrip().startswith("("):
        begin = closing(code, begin)
    body = _WHOLE_END.search(code, begin, end)
    last = body.start() if body else end
    comment = _SAID_OF.search(text, begin, last)
    if comment and code[comment.start() : comment.start() + 7].lower() == "comment":
        return comment.group(1).replace("''", "'")
    return described(text, code, begin, last)


def _delimited(code: str) -> Iterator[int]:
    """Where statements end that MySQL's client parts by a sign of its own."""
    changes = list(_DELIMITER.finditer(code))
    for number, change in enumerate(changes):
        end = changes[number + 1].start() if number + 1 < len(changes) else len(code)
        if change[1] != ";":
            at = code.find(change[1], change.end(), end)
            while at >= 0:
                yield at
                at = code.find(change[1], at + len(change[1]), end)

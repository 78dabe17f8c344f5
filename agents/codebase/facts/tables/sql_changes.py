"""What statements of SQL drop, rename and give another type. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import islice
from typing import Final

from agents.codebase.facts.tables.changes import changed_column, changed_table
from agents.codebase.facts.written import inside, parts
from agents.codebase.structure.artefacts.sql_code import QUOTED, code_of
from agents.contracts.base import Lines
from agents.contracts.facts import Fact

_SOURCE: Final = "SQL"
_NAME: Final = rf"{QUOTED}(?:\s{{0,3}}\.\s{{0,3}}{QUOTED}){{0,3}}"
_SIGNS: Final = re.compile(r"[\"`\[\]]|\s")
_EXISTS: Final = r"(?:if\s+exists\s+)?"
_STATEMENT: Final = re.compile(
    rf"\balter\s+(?:foreign\s+)?table\s+(?:only\s+)?{_EXISTS}(?:only\s+)?(?P<table>{_NAME})\s"
    r"|\b(?P<dropped>drop\s+(?:foreign\s+)?table)\s+(?:if\s+exists\s+)?"
    r"|\b(?P<renamed>rename\s+table)\b"
    r"|\bsp_rename\b",
    re.IGNORECASE,
)
_END: Final = re.compile(r";|^[ \t]*go[ \t]*$", re.IGNORECASE | re.MULTILINE)
#: What an alteration may drop or rename beside columns.
_OTHERS: Final = (
    r"(?!(?:constraint|index|key|primary|foreign|check|unique|partition|period|system|projection|policy|statistics"
    r"|default|subpartition|column|to|as)\b)"
)
_DROPPED: Final = re.compile(
    rf"drop\s+(?:column\s+{_EXISTS}(?P<name>{QUOTED})|{_EXISTS}{_OTHERS}(?P<short>{QUOTED})"
    r"(?=\s*(?:cascade|restrict)?\s*$)|(?=\())",
    re.IGNORECASE,
)
#: T-SQL lists several things after one `DROP`.
_ALSO_DROPPED: Final = re.compile(rf"(?:column\s+{_EXISTS})?(?P<name>{QUOTED})\s*$", re.IGNORECASE)
_RENAMED_COLUMN: Final = re.compile(
    rf"rename\s+(?:column\s+{_EXISTS}|{_OTHERS})(?P<name>{QUOTED})\s+to\s+(?P<target>{QUOTED})", re.IGNORECASE
)
_RENAMED: Final = re.compile(rf"rename\s+(?:to\s+|as\s+|{_OTHERS})(?P<target>{_NAME})\s*$", re.IGNORECASE)
_CHANGED: Final = re.compile(
    rf"change\s+(?:column\s+)?(?P<name>{QUOTED})\s+(?P<target>{QUOTED})\s+(?P<type>\w.*)", re.IGNORECASE | re.DOTALL
)
_TYPED: Final = re.compile(
    rf"(?:alter\s+(?:column\s+)?(?P<name>{QUOTED})\s+(?:set\s+data\s+)?type\s+"
    rf"|(?:alter\s+column|modify\s+column|modify)\s+(?P<own>{QUOTED})\s+(?!(?:set|drop|add|restart|reset|type)\b))"
    r"(?P<type>\w.*)",
    re.IGNORECASE | re.DOTALL,
)
_TYPE_END: Final = re.compile(
    r"(?<!\s)\s++(?:not|null|default|using|collate|comment|after|first|primary|unique|auto_increment|check|generated|references"
    r"|character\s+set|charset)\b",
    re.IGNORECASE,
)
_RENAMING: Final = re.compile(
    r"\bsp_rename\s+(?:@objname\s*=\s*)?N?'(?P<old>[^'\n]{1,200})'\s*,\s*(?:@newname\s*=\s*)?N?'(?P<target>[^'\n]{1,200})'"
    r"(?:\s*,\s*(?:@objtype\s*=\s*)?N?'(?P<kind>\w{1,20})')?",
    re.IGNORECASE,
)
#: Names in one statement.
_MOST: Final = 200
_LONGEST: Final = 20_000
#: Where goose, sql-migrate, dbmate, Play, MyBatis and tern part what a file does from what takes it back.
_DIRECTION: Final = re.compile(
    r"^[ \t]*(?:--|#)[ \t-]*(?:(?:\+goose[ \t]+|\+migrate[ \t]+|migrate:|!)(?P<word>up|down)"
    r"|//[ \t]*@undo\b|create above / drop below)",
    re.IGNORECASE | re.MULTILINE,
)


def undone_lines(text: str) -> list[Lines]:
    """The lines of a migration that take it back."""
    matches = islice(_DIRECTION.finditer(text), _MOST)
    marks = [(text.count("\n", 0, match.start()) + 1, match["word"]) for match in matches]
    ends = [*(line - 1 for line, _ in marks[1:]), text.count("\n") + 1]
    return [
        Lines(start=line, end=max(line, end))
        for (line, word), end in zip(marks, ends, strict=False)
        if (word or "down").lower() == "down"
    ]


def sql_changes(text: str) -> Iterator[Fact]:
    """The changes of tables that others created, in the order of the text."""
    code = code_of(text, [])
    newlines = [match.start() for match in re.finditer("\n", text)]
    ends = [match.start() for match in _END.finditer(code)]
    statements = list(_STATEMENT.finditer(code))
    for number, statement in enumerate(statements):
        following = statements[number + 1].start() if number + 1 < len(statements) else len(code)
        at = bisect_left(ends, statement.end())
        end = min(following, ends[at] if at < len(ends) else len(code), statement.end() + _LONGEST)
        body = code[statement.end() : end].rstrip()
        last = statement.end() + len(body) - 1
        place = Lines(start=bisect_left(newlines, statement.start()) + 1, end=bisect_right(newlines, last) + 1)
        if statement["table"]:
            yield from _altered(_plain(statement["table"]), body, place)
        elif statement["dropped"]:
            yield from (changed_table(_SOURCE, place, name) for name in _names(body))
        elif statement["renamed"]:
            yield from _renamed_tables(body, place)
        elif (match := _RENAMING.match(text, statement.start())) is not None:
            yield from _renamed_thing(match, place)


def _altered(table: str, body: str, place: Lines) -> Iterator[Fact]:
    """What the parts of an `ALTER TABLE` change."""
    is_dropping = False
    for part in parts(body)[:_MOST]:
        dropped = _DROPPED.match(part)
        also = _ALSO_DROPPED.match(part) if is_dropping and dropped is None else None
        is_dropping = re.match(r"drop\s", part, re.IGNORECASE) is not None or also is not None
        if dropped is not None or also is not None:
            yield from (changed_column(_SOURCE, place, table, name) for name in _dropped(dropped or also, part))
        elif match := _RENAMED_COLUMN.match(part):
            yield changed_column(_SOURCE, place, table, _plain(match["name"]), _plain(match["target"]))
        elif match := _RENAMED.match(part):
            yield changed_table(_SOURCE, place, table, _plain(match["target"]))
        elif match := _CHANGED.match(part):
            yield changed_column(
                _SOURCE, place, table, _plain(match["name"]), _plain(match["target"]), _type(match["type"])
            )
        elif match := _TYPED.match(part):
            yield changed_column(
                _SOURCE, place, table, _plain(match["name"] or match["own"]), type_=_type(match["type"])
            )


def _dropped(match: re.Match[str] | None, part: str) -> list[str]:
    """The columns that a part drops; Oracle lists them in brackets."""
    if match is None:
        return []
    names = match.groupdict()
    name = names.get("name") or names.get("short")
    return [_plain(name)] if name else _names(inside(part[match.end() :]))


def _names(listed: str) -> list[str]:
    """The names of a list, without the word behind the last one."""
    matches = (re.match(rf"\s*({_NAME})", piece) for piece in parts(listed)[:_MOST])
    return [_plain(match[1]) for match in matches if match is not None]


def _renamed_tables(body: str, place: Lines) -> Iterator[Fact]:
    """MySQL's `RENAME TABLE a TO b, c TO d`."""
    for part in parts(body)[:_MOST]:
        match = re.match(rf"\s*({_NAME})\s+to\s+({_NAME})\s*$", part, re.IGNORECASE)
        if match is not None:
            yield changed_table(_SOURCE, place, _plain(match[1]), _plain(match[2]))


def _renamed_thing(match: re.Match[str], place: Lines) -> Iterator[Fact]:
    """T-SQL's `sp_rename 'orders.total', 'sum', 'COLUMN'`."""
    old, kind = _plain(match["old"]), (match["kind"] or "object").lower()
    table, _, column = old.rpartition(".")
    if kind == "column" and table:
        yield changed_column(_SOURCE, place, table, column, _plain(match["target"]))
    elif kind == "object":
        yield changed_table(_SOURCE, place, old, _plain(match["target"]))


def _plain(name: str) -> str:
    return _SIGNS.sub("", name)


def _type(written: str) -> str:
    """A type without what follows it; the texts that an enumeration lists are blank in the code."""
    end = _TYPE_END.search(written)
    return " ".join(re.sub(r"\([\s,]*\)", "", written[: end.start()] if end else written).split())[:100]

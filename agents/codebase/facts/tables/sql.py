"""Tables of SQL with their columns: keys stand in a column's own part, in the table's, or in later statements. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from agents.codebase.facts.tables.columns import Key, column_fact, table_fact, with_keys
from agents.codebase.facts.tables.members import MEMBERS
from agents.codebase.facts.written import parts
from agents.codebase.structure.artefacts.sql_code import QUOTED, code_of
from agents.contracts.facts import Fact
from agents.contracts.structure import Symbol, SymbolKind

_SOURCE: Final = "SQL"
_NAME: Final = rf"{QUOTED}(?:\s{{0,3}}\.\s{{0,3}}{QUOTED}){{0,3}}"
_REFERENCES: Final = re.compile(rf"\bREFERENCES\s+({_NAME})", re.IGNORECASE)
_MARKS: Final = ("primary key", "not null", "unique")
_BRACKET_OR_COMMA: Final = re.compile(r"[(),]")


def _listed(group: str) -> str:
    return rf"\((?P<{group}>(?:[^()]|\([^()]*\))*)\)"


#: What says something of columns outside their own parts, and the statements that it stands in.
_KEY: Final = re.compile(
    r"(?P<end>;)"
    rf"|\b(?:create|alter)\s+(?:\w+\s+)?table\s+(?:(?:only|if\s+(?:not\s+)?exists)\s+){{0,2}}(?P<table>{_NAME})"
    rf"|\bunique\s+index\s+(?:concurrently\s+)?(?:if\s+not\s+exists\s+)?(?:{_NAME}\s+)?on\s+(?:only\s+)?"
    rf"(?P<indexed>{_NAME})\s*(?:using\s+\w+\s*)?{_listed('index')}(?!\s*where\b)"
    rf"|\bprimary\s+key\s*(?:(?:non)?clustered\s*)?{_listed('primary')}"
    rf"|\bforeign\s+key\s*(?:{QUOTED}\s*)?{_listed('foreign')}\s*references\s+(?P<referred>{_NAME})"
    rf"|\bunique\s*(?:(?:key|index|(?:non)?clustered)\s*)?(?:{QUOTED}\s*)?{_listed('unique')}",
    re.IGNORECASE,
)
_COLUMN: Final = re.compile(rf"^({QUOTED})\s*(?:\(\d+\)\s*)?(?:(?:asc|desc)\b.*)?$", re.IGNORECASE | re.DOTALL)
_SIGNS: Final = re.compile(r"[\"`\[\]\s]")


def sql_tables(text: str) -> Callable[[Symbol, Sequence[Symbol]], Iterator[Fact]]:
    """How a table of a text becomes facts, with its columns."""
    code = code_of(text, [])
    lines, keys = code.split("\n"), _keys(code)

    def table(symbol: Symbol, columns: Sequence[Symbol]) -> Iterator[Fact]:
        facts = [table_fact(symbol, symbol.name, _SOURCE)] if symbol.kind is SymbolKind.TABLE else []
        own = (
            key._replace(owner=symbol.name)
            for key in keys.get(_last(symbol.name), ())
            if "." not in key.owner or "." not in symbol.name or key.owner.casefold() == symbol.name.casefold()
        )
        # A column that is added to a table of another file stands for it.
        if facts or symbol.kind in MEMBERS:
            yield from with_keys([*facts, *_columns(columns, lines)], own)

    return table


def _columns(columns: Sequence[Symbol], lines: Sequence[str]) -> Iterator[Fact]:
    """Each column, in the order of the file."""
    rows, statement, begin = (0, 0), "", 0
    for column in columns:
        if rows != (column.lines.start, column.lines.end):
            rows, begin = (column.lines.start, column.lines.end), 0
            statement = "\n".join(lines[rows[0] - 1 : rows[1]])
        name = re.escape(column.name.rpartition(".")[2])
        start = re.compile(rf"(?:^|[(,]|\badd\s+(?:column\s+)?)\s*[\"`\[]?{name}\b", re.IGNORECASE)
        # The columns of one row follow each other: who looked for each from the beginning would read the row for each.
        name_match = start.search(statement, begin) or start.search(statement)
        begin = name_match.end() if name_match else begin
        own = _own_part(statement, begin) if name_match else ""
        reference = _REFERENCES.search(own)
        marks = [word for word in _MARKS if word in " ".join(own.lower().split())]
        target = _SIGNS.sub("", reference[1]) if reference else ""
        yield column_fact(column, _SOURCE, target=target, marks=tuple(marks))


def _own_part(statement: str, begin: int) -> str:
    """What follows a column's name, up to the comma or the bracket that ends its part."""
    depth = 0
    for sign in _BRACKET_OR_COMMA.finditer(statement, begin):
        depth += (sign[0] == "(") - (sign[0] == ")")
        if depth < 0 or (depth == 0 and sign[0] == ","):
            return statement[begin : sign.start()]
    return statement[begin:]


def _keys(code: str) -> dict[str, list[Key]]:
    """What a text says of columns outside their own parts, by the last part of the table's name."""
    keys: dict[str, list[Key]] = defaultdict(list)
    table = ""
    for match in _KEY.finditer(code):
        if match["end"] or match["table"]:
            table = _SIGNS.sub("", match["table"] or "")
            continue
        owner = _SIGNS.sub("", match["indexed"] or "") or table
        for column, mark, target in _said(match):
            keys[_last(owner)].append(Key(owner, column, mark, target))
    return keys


def _said(match: re.Match[str]) -> Iterator[tuple[str, str, str]]:
    """Column, mark and target; of several columns only a key is each one's."""
    if match["primary"] is not None:
        yield from ((column, "primary key", "") for column in _names(match["primary"]))
    elif match["foreign"] is not None:
        target = _SIGNS.sub("", match["referred"])
        yield from ((column, "", target) for column in _names(match["foreign"]))
    else:
        columns = _names(match["index"] or match["unique"] or "")
        yield from ((column, "unique", "") for column in columns if len(columns) == 1)


def _names(listed: str) -> list[str]:
    """The columns of a list; an expression is called as it is written, as no column is."""
    pieces = parts(listed)
    return [_SIGNS.sub("", match[1]) if (match := _COLUMN.match(piece)) else piece for piece in pieces]


def _last(name: str) -> str:
    return name.rpartition(".")[2].casefold()

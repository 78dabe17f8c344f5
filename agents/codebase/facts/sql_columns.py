"""The columns of a table of SQL with their keys, which stand in each column's own part of the statement. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from agents.codebase.facts.table_columns import column_fact
from agents.contracts.facts import Fact
from agents.contracts.structure import Symbol

_REFERENCES = re.compile(r"\bREFERENCES\s+[\"`\[]?([\w.]+)", re.IGNORECASE)
_MARKS = ("primary key", "not null", "unique")
_BRACKET_OR_COMMA = re.compile(r"[(),]")


def sql_columns(columns: Sequence[Symbol], text: str) -> Iterator[Fact]:
    """Each column, in the order of the file; `text` is the file's."""
    lines, rows, statement, begin = text.split("\n"), (0, 0), "", 0
    for column in columns:
        if rows != (column.lines.start, column.lines.end):
            rows, begin = (column.lines.start, column.lines.end), 0
            statement = "\n".join(lines[rows[0] - 1 : rows[1]])
        name = re.escape(column.name.rpartition(".")[2])
        start = re.compile(rf"(?:^|[(,])\s*[\"`\[]?{name}\b")
        # The columns of one row follow each other: who looked for each from the beginning would read the row for each.
        name_match = start.search(statement, begin) or start.search(statement)
        begin = name_match.end() if name_match else begin
        own = _own_part(statement, begin) if name_match else ""
        reference = _REFERENCES.search(own)
        marks = [word for word in _MARKS if word in " ".join(own.lower().split())]
        yield column_fact(column, "SQL", target=reference[1] if reference else "", marks=tuple(marks))


def _own_part(statement: str, begin: int) -> str:
    """What follows a column's name, up to the comma or the bracket that ends its part."""
    depth = 0
    for sign in _BRACKET_OR_COMMA.finditer(statement, begin):
        depth += (sign[0] == "(") - (sign[0] == ")")
        if depth < 0 or (depth == 0 and sign[0] == ","):
            return statement[begin : sign.start()]
    return statement[begin:]

"""Tables of docstrings: reStructuredText's simple and grid tables, and Markdown's. Pure."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence

SIMPLE = re.compile(r"^=+(?:\s+=+)+\s*$")

#: A table's rows, the first its header, and the line after it.
Read = tuple[list[list[str]], int]


def simple(lines: Sequence[str], at: int) -> Read:
    """A table between rules of `=`; a row without a first cell goes on with the row above."""
    starts = [match.start() for match in re.finditer(r"=+", lines[at])]
    rows: list[list[str]] = []
    end = at + 1
    rules = 1
    while end < len(lines) and (lines[end] or rules < 2):
        line = lines[end]
        if SIMPLE.match(line):
            rules += 1
        elif line.strip():
            edges = [*starts[1:], len(line) + 1]
            cells = [line[a:b].strip() for a, b in zip(starts, edges, strict=True)]
            if rows and not cells[0]:
                rows[-1] = _longer(rows[-1], cells)
            else:
                rows.append(cells)
        end += 1
    return rows, end


def grid(lines: Sequence[str], at: int) -> Read:
    """A table drawn with `+`, `-` and `|`."""
    rows: list[list[str]] = []
    fresh = True
    while at < len(lines) and lines[at][:1] in {"+", "|"}:
        if lines[at][0] == "+":
            fresh = True
        else:
            cells = [cell.strip() for cell in lines[at].strip("|").split("|")]
            if fresh or len(cells) != len(rows[-1]):
                rows.append(cells)
            else:
                rows[-1] = _longer(rows[-1], cells)
            fresh = False
        at += 1
    return rows, at


def pipes(lines: Sequence[str], at: int) -> Read:
    """A table as Markdown writes it, a rule below its header."""
    rows: list[list[str]] = []
    first = at
    while at < len(lines) and "|" in lines[at]:
        if at != first + 1:
            inside = lines[at].strip().removeprefix("|").removesuffix("|")
            rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", inside)])
        at += 1
    return rows, at


def bulleted(_options: Sequence[str], lines: Sequence[str]) -> list[list[str]]:
    """`.. list-table::`: a list whose items are lists of cells."""
    rows: list[list[str]] = []
    for line in lines:
        match = re.match(r"(\*\s+-|\s+-)(?:\s+(.*))?$", line)
        if match and match.group(1)[0] == "*":
            rows.append([match.group(2) or ""])
        elif match and rows:
            rows[-1].append(match.group(2) or "")
        elif rows and line.strip():
            rows[-1][-1] = f"{rows[-1][-1]} {line.strip()}".strip()
    return rows


def separated(options: Sequence[str], lines: Sequence[str]) -> list[list[str]]:
    """`.. csv-table::`: cells between commas; `:header:` is the first row."""
    header = [option.partition(":header:")[2].strip() for option in options if option.startswith(":header:")]
    given = [line for line in (*header, *lines) if line.strip()]
    return [[cell.strip() for cell in row] for row in csv.reader(given, skipinitialspace=True)]


def alternative(options: Sequence[str]) -> str:
    """What stands for an image."""
    return next((option[5:].strip() for option in options if option.startswith(":alt:")), "") or "image"


def _longer(row: list[str], more: list[str]) -> list[str]:
    return [f"{old} {new}".strip() for old, new in zip(row, more, strict=True)]

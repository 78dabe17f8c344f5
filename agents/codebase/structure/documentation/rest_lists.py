"""Where a list of reStructuredText begins, also where docutils would want an empty line before it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

BULLET = re.compile(r"^([-*+•‣]|\d{1,4}[.)]|#\.|\(\d{1,3}\)|[a-zA-Z][.)](?=\s{1,2}[A-Z]))(\s+)(?=\S)")
_SIGNS = "-*+•"
#: Within so many lines the item behind `A.` begins; where none does, the letter is of a person's name.
_FURTHEST_SECOND = 40


def begins_list(lines: Sequence[str], at: int) -> bool:
    """Whether an item stands on a line. `R. Read and others` is none, though a letter and a full stop begin it."""
    line = lines[at].lstrip()
    if BULLET.match(line) is None:
        return False
    letter = line[0]
    if not letter.isalpha():
        return True
    second = f"{chr(ord(letter) + 1)}{line[1]} "
    return letter in "aA" and any(below.lstrip().startswith(second) for below in lines[at + 1 : at + _FURTHEST_SECOND])


def breaks_paragraph(lines: Sequence[str], at: int, before: str, *, in_code: bool) -> bool:
    """Whether a list begins on a line below a paragraph's line; a sign inside code that is still open begins none."""
    line = lines[at]
    if in_code or not begins_list(lines, at):
        return False
    several = at + 1 < len(lines) and BULLET.match(lines[at + 1].lstrip()) is not None
    if line[0] == " ":
        return several
    return before.endswith(":") or line[0] in _SIGNS or several

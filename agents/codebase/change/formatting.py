"""What a formatter of Python decides and a program does not notice: brackets around a long line, pieces of a string.

Pure.
"""

from __future__ import annotations

import re

Rows = list[tuple[int, str]]
#: What is bracketed between one of these and one of the next means the same without its brackets.
_BEFORE = frozenset({"return", "=", "assert", "yield", "in", "await", "if", "elif", "while", ":", ",", "(", "[", "->"})
_BEHIND = frozenset({":", ",", ")", "]", "}", "="})
#: A tuple needs no brackets here, and a list of imports neither.
_BEFORE_TUPLE = frozenset({"for", "return", "=", "yield", "import"})
#: With one of these inside a bracket is more than a bracket.
_NEEDED = frozenset({",", "for", "yield", ":", "*"})
_STRING = re.compile(r'([a-z]*)"(?!"")((?:[^"\\\n]|\\.)*)"', re.DOTALL)


def plain_python(lexemes: Rows, layout: frozenset[str]) -> Rows:
    """The tokens without brackets that are not needed, and with one string for several that are written in a row."""
    return _joined_strings(_without_brackets(lexemes, layout))


def _without_brackets(lexemes: Rows, layout: frozenset[str]) -> Rows:
    dropped: set[int] = set()
    #: Of each open bracket: its place, and what it holds that may need it.
    opened: list[tuple[int, set[str]]] = []
    for at, (_, lexeme) in enumerate(lexemes):
        if lexeme in {"(", "[", "{"}:
            opened.append((at, set()))
        elif lexeme in {")", "]", "}"} and opened:
            start, needed = opened.pop()
            if lexeme == ")" and at > start + 1 and _is_free(lexemes, start, at, needed, layout):
                dropped |= {start, at}
        elif lexeme in _NEEDED and opened:
            opened[-1][1].add(lexeme)
    return [string for at, string in enumerate(lexemes) if at not in dropped]


def _is_free(lexemes: Rows, start: int, end: int, needed: set[str], layout: frozenset[str]) -> bool:
    """Whether a pair of brackets could be left out."""
    before = lexemes[start - 1][1] if start else ""
    if before == ">" and start > 1 and lexemes[start - 2][1] == "-":
        before = "->"
    behind = lexemes[end + 1][1] if end + 1 < len(lexemes) else ""
    at_end = not behind or behind in layout
    if needed == {","}:
        return before in _BEFORE_TUPLE and (behind == "in" if before == "for" else at_end)
    return not needed and before in {*_BEFORE, "import"} and (at_end or behind in _BEHIND)


def _joined_strings(lexemes: Rows) -> Rows:
    result: Rows = []
    for row, lexeme in lexemes:
        in_a_row = lexeme[-1] == '"' and result and result[-1][1][-1] == '"'
        this = _STRING.fullmatch(lexeme) if in_a_row else None
        last = _STRING.fullmatch(result[-1][1]) if this else None
        if this and last and _alike(this, last):
            result[-1] = (result[-1][0], f'{max(this[1], last[1])}"{last[2]}{this[2]}"')
        else:
            result.append((row, lexeme))
    return result


def _alike(string: re.Match[str], other: re.Match[str]) -> bool:
    """Whether two strings can be one: of one kind, or one of them with values and the other without braces."""
    if string[1] == other[1]:
        return True
    literal = string if not string[1] else other
    return {string[1], other[1]} == {"", "f"} and "{" not in literal[2] and "}" not in literal[2]

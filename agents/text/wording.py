"""Counted nouns and lists of names, as people read them. Pure."""

from __future__ import annotations

from collections.abc import Sequence

_IRREGULAR = {"class": "classes", "property": "properties", "library": "libraries", "key": "keys"}
_WORDS = {1: "one", 2: "two", 3: "three"}


def plural(noun: str) -> str:
    """The noun's plural."""
    if noun in _IRREGULAR:
        return _IRREGULAR[noun]
    if noun.endswith(("s", "sh", "ch", "x")):
        return f"{noun}es"
    return f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2:-1] not in "aeiou" else f"{noun}s"


def counted(number: int, noun: str) -> str:
    """`1 file`, `2,000 files`."""
    return f"{number:,} {noun if number == 1 else plural(noun)}"


def counted_in_words(number: int, noun: str) -> str:
    """`one method`, `4 methods`, `two classes`: words up to three, digits above."""
    return f"{_WORDS.get(number, f'{number:,}')} {noun if number == 1 else plural(noun)}"


def amount(usd: float) -> str:
    """`10.00`, `0.003`: dollars in cents, and in smaller parts where they have some."""
    whole, _, parts = f"{usd:.6f}".rstrip("0").partition(".")
    return f"{whole}.{parts.ljust(2, '0')}"


def listed(names: Sequence[str], limit: int = 4, more: str = "more") -> str:
    """`a`, `a and b`, `a, b and c`, `a, b, c, d and 3 more`."""
    listed = list(names[:limit])
    rest = len(names) - len(listed)
    if rest == 1:  # "and 1 more" is longer than the name itself
        listed, rest = list(names[: limit + 1]), 0
    if rest:
        return f"{', '.join(listed)} and {rest} {more}"
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"


def one_line(text: str) -> str:
    """The text with every run of blanks and line ends as one space."""
    return " ".join(text.split())

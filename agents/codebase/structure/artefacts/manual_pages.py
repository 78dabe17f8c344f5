"""What a manual page says under NAME. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

_BEGINS = re.compile(r"^\.(?:TH|Dt)\s", re.MULTILINE)
_NAME = re.compile(r"^\.S[Hh]\s+\"?NAME\"?[^\n]*\n((?:[^\n.][^\n]*\n|\.[^S\n][^\n]*\n)+)", re.MULTILINE)
_MACRO = re.compile(r"^\.\w+[ \t]*", re.MULTILINE)
_SIGNS = re.compile(r"\\f(?:[BIRPC]|\(\w\w)|\\&|\"")


class ManualName(NamedTuple):
    """The sentence of NAME, and its first and last line."""

    words: str
    first: int
    last: int


def is_manual_page(text: str) -> bool:
    """Whether a text has a manual page's head."""
    return _BEGINS.search(text[:4_000]) is not None and _NAME.search(text[:20_000]) is not None


def name_of(text: str) -> ManualName | None:
    """What a manual page's NAME says; None where it is the name alone."""
    named = _NAME.search(text[:20_000])
    if named is None:
        return None
    words = " ".join(_SIGNS.sub("", _MACRO.sub("", named[1])).replace("\\-", "-").split())
    first = text.count("\n", 0, named.start(1)) + 1
    last = first + named[1].rstrip("\n").count("\n")
    return ManualName(f"{words.rstrip('.')}.", first, last) if " - " in words else None

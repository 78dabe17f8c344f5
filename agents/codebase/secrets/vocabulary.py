"""The words of a text: what is asked of a hundred names is asked of them, who are a tenth of it. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

_KEPT: Final = bytes(sign for sign in range(128) if chr(sign).isalnum() or sign in b"_-")
_PARTED: Final = bytes(sign if sign in _KEPT else 32 for sign in range(256))
#: Signs of a part's beginning by which it is looked up.
HEAD: Final = 4
_HEADS: Final = re.compile(rb"(?<![a-z0-9])[a-z0-9]{%d}" % HEAD)
#: Of what stands before a bracket this much is looked at.
_LONGEST_NAME: Final = 48


class Vocabulary(NamedTuple):
    """`words` are runs of letters, digits, `_` and `-`, `joined` holds them one a line.

    `heads` are the first HEAD signs of each part of a word, `called` holds what stands before each bracket.
    """

    words: frozenset[bytes]
    joined: bytes
    heads: frozenset[bytes]
    called: bytes


def is_part(text: bytes) -> bool:
    """Whether a text in small letters stands in `joined` wherever it stands in the text."""
    return not text.translate(None, _KEPT)


@lru_cache(maxsize=1)
def vocabulary(lowered: bytes) -> Vocabulary:
    """The words of a text in small letters."""
    words = frozenset(lowered.translate(_PARTED).split())
    called = {name for piece in lowered.split(b"(") for name in piece[-_LONGEST_NAME:].rsplit(None, 1)[-1:]}
    joined = b"\n".join(words)
    return Vocabulary(words, joined, frozenset(_HEADS.findall(joined)), b"\n".join(called))

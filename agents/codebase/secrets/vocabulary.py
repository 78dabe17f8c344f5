"""The words of a text: what is asked of a hundred names is asked of them, who are a tenth of it. Pure."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

_PARTED: Final = bytes(sign if sign < 128 and (chr(sign).isalnum() or sign in b"_-") else 32 for sign in range(256))
#: Of what stands before a bracket this much is looked at.
_LONGEST_NAME: Final = 48


class Vocabulary(NamedTuple):
    """`words` are runs of letters, digits, `_` and `-`, `joined` holds them one a line.

    `called` holds what stands before each bracket.
    """

    words: frozenset[bytes]
    joined: bytes
    called: bytes


@lru_cache(maxsize=1)
def vocabulary(lowered: bytes) -> Vocabulary:
    """The words of a text in small letters."""
    words = frozenset(lowered.translate(_PARTED).split())
    called = {piece[-_LONGEST_NAME:] for piece in lowered.split(b"(")}
    return Vocabulary(words, b"\n".join(words), b"\n".join(called))

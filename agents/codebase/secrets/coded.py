"""Secrets in base64: keys, whole configurations and credentials that another program decodes. Pure."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from typing import Final

_CODED: Final = re.compile(
    rb"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{24,}+(?:(?<=[A-Za-z0-9+/_-]{60})(?:\r?\n[ \t]{0,40}+|\\n)"
    rb"[A-Za-z0-9+/_-]{2,}+(?=[=\s\"'\\]|$))*+={0,2}"
)
_RUN: Final = re.compile(rb"[A-Za-z0-9+/_-]{24}")
_WRAPS: Final = re.compile(rb"\s+|\\n")
_TEXT: Final = re.compile(rb"[\t\n\r\x20-\x7e]+")
_PROBE: Final = 24


def may_hold(words: bytes) -> bool:
    """Whether one of a text's words is long enough to be looked at."""
    return _RUN.search(words) is not None


def find(source: bytes, holds_secret: Callable[[bytes], bool]) -> Iterator[tuple[int, int]]:
    """Start and end of what is text once it is decoded, and holds a secret then."""
    for match in _CODED.finditer(source):
        if _decoded(match[0][:_PROBE]) is None:
            continue
        text = _decoded(_WRAPS.sub(b"", match[0]))
        if text is not None and holds_secret(text):
            yield match.span()


def _decoded(coded: bytes) -> bytes | None:
    bare = coded.rstrip(b"=")
    try:
        text = base64.b64decode(
            bare + b"=" * (-len(bare) % 4),
            altchars=None if b"+" in coded or b"/" in coded else b"-_",
        )
    except binascii.Error:
        return None
    return text if _TEXT.fullmatch(text) else None

"""Private keys as the numbers they are made of: JSON Web Keys and the XML of .NET. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_OF_JSON: Final = re.compile(
    rb"\\?\"(?:d|p|q|dp|dq|qi|k)\\?\"\s{0,4}:\s{0,4}\\?\"(?P<value>[A-Za-z0-9_-]{20,1400}={0,2})\\?\""
)
_IS_JSON: Final = re.compile(rb"\"kty\\?\"\s{0,4}:\s{0,4}\\?\"(?:RSA|EC|OKP|oct)")
_OF_XML: Final = re.compile(rb"<(?:D|P|Q|DP|DQ|InverseQ)>\s{0,20}(?P<value>[A-Za-z0-9+/\s]{40,2000}={0,2})\s{0,20}</")


def find(source: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of each number that only the owner of a key may know."""
    if b"kty" in source and _IS_JSON.search(source):
        yield from (match.span("value") for match in _OF_JSON.finditer(source))
    if b"<Modulus>" in source:
        yield from (match.span("value") for match in _OF_XML.finditer(source))

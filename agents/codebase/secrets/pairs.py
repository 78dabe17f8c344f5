"""A password beside its user, a session's cookie, a wallet's words: what stands together gives it away. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.codebase.secrets import values
from agents.codebase.secrets.unnamed import text_of, trimmed
from agents.codebase.secrets.vocabulary import vocabulary

_QUOTE: Final = rb"[\"'`]"
_PAIR: Final = rb"[\"']?\s{0,3}[=:]\s{0,3}[\"']?(?!sha\d|md5|https?)[\w.@-]{1,60}:(?P<value>(?=[^\s\"'\d]{0,60}\d)[^\s\"'/,;(){}\[\]]{8,200})"
_BESIDE: Final = (
    rb"\b[^\n/]{0,40}?[\s\"'`(][\w.@-]{2,40}[\"'`]?\s{0,2}/\s{0,2}[\"'`]?(?P<value>(?=[^\s\d]{0,60}\d)[^\s\"'`/),(]{8,60})"
    rb"(?=[\"'`),;]{0,8}(?:\s|$))"
)
_SESSION: Final = rb"(?:[\"']?\s{0,3}[:,]\s{0,3}[\"']?value)?[\"']?\s{0,3}[=:]\s{0,3}[\"']?(?P<value>(?=[\w%.!~-]{0,40}\d)[\w%.!~+/-]{12,400})"
_QUOTED: Final = _QUOTE + rb"(?P<value>[^\"'\n]{4,200})" + _QUOTE
_NEXT: Final = rb"[\"']?(?P<value>(?![-/<$])[^\s\"'\\]{6,})"
#: Word that must stand somewhere, and the shape in small letters. A shape begins with letters, for which `re` searches fast.
_ROWS: Final = (
    (b"auth", re.compile(rb"auth(?<![a-z]auth)" + _PAIR)),
    *((word, re.compile(word + _PAIR)) for word in (b"basicauth", b"userpwd", b"userpass", b"user_pass", b"credentials")),
    (b"log", re.compile(rb"log[ -]?in" + _BESIDE)),
    (b"sign", re.compile(rb"sign[ -]?in" + _BESIDE)),
    (b"credentials", re.compile(rb"credentials" + _BESIDE)),
    *((word, re.compile(re.escape(word) + _SESSION)) for word in (b"sessionid", b"phpsessid")),
    (b"connect", re.compile(rb"connect\.sid" + _SESSION)),
    (b"using", re.compile(rb"connect\s{1,3}to\s{1,3}\S{1,60}\s{1,3}user\s{1,3}\S{1,60}\s{1,3}using\s{1,3}" + _NEXT)),
    (b"setuser", re.compile(rb"setuser\s[^\n]{0,80}?\s>(?P<value>[^\s\"']{6,200})")),
    (b"user", re.compile(rb"user\s{1,3}[\w.-]{1,60}\son\s[^\n]{0,80}?>(?P<value>[^\s\"']{6,200})")),
    (b"auth", re.compile(rb"auth(?<![^\n> ]auth)[ \t]{1,3}(?:plain[ \t]|login[ \t]|default[ \t])?(?P<value>(?=[^\s\d]{0,60}\d)[^\s\"']{8,400})[ \t]{0,20}(?:\n|$)")),
    *((word, re.compile(word + rb"\s{1,3}" + _QUOTED)) for word in (b"eap", b"xauth")),
    (b"createuser", re.compile(rb"createuser\s{1,3}\S{1,60}\s{1,3}(?:md5|sha\S{0,5})\s{1,3}" + _NEXT)),
    (b"sp_addlogin", re.compile(rb"sp_addlogin\s{1,3}n?'[^'\n]{1,60}'\s{0,3},\s{0,3}n?'(?P<value>[^'\n]{4,})'")),
)  # fmt: skip
#: Twelve words or more, as wallets have them.
_PHRASE: Final = re.compile(
    rb"(?:phrase|mnemonic|words?)[\"'*]{0,3}\s{0,3}(?:[:=]|is)\s{0,3}[\"'`]?(?P<value>(?:[a-z]{3,8}[ ]){11,23}[a-z]{3,8})(?![a-z ,.])"
)
_PROSE: Final = frozenset([b"the", b"and", b"for", b"that", b"with"])


def find(source: bytes, lowered: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of each value; some may overlap. `lowered` is the source in small letters."""
    joined = vocabulary(lowered).joined
    for word, shape in _ROWS:
        if word not in joined:
            continue
        for match in shape.finditer(lowered):
            value = trimmed(source, *match.span("value"))
            if _convinces(text_of(source, *value)):
                yield value
    if b"phrase" in joined or b"mnemonic" in joined:
        for phrase in _PHRASE.finditer(source):
            if not _PROSE & set(phrase["value"].split()):
                yield phrase.span("value")


def _convinces(text: str) -> bool:
    """No name says secret here: a value is taken for one when it is chance, no path and no code."""
    is_hex = re.fullmatch(r"[0-9a-f]{32,}", text) is not None
    kinds = sum(re.search(kind, text) is not None for kind in ("[a-z]", "[A-Z]", "[!@#$^&*+=~?]"))
    return is_hex or (kinds > 1 and values.is_random(text) and not values.is_code(text))

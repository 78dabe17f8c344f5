"""Values that a header, an address or a command gives away, without a name before them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from agents.codebase.secrets import values
from agents.codebase.secrets.vocabulary import vocabulary

ASSIGNMENT: Final = "secret-assignment"
CONNECTION: Final = "secret-connection-string"

CUT: Final = re.compile(rb"[;&](?=[A-Za-z][\w -]{1,30}=)|\\[nrt](?=[^A-Za-z0-9]|[A-Z#/]|$)|&quot;|&(?:lt|gt|#\d+);")
_TRAIL: Final = b".,;:)]}|*\\"

#: Words before a value in a header. Each is looked for by itself, at the speed of a search.
_SCHEMES: Final = tuple(
    (word, re.compile(re.escape(word)))
    for word in (
        *(b"bearer", b"basic", b"token", b"apikey", b"api-key", b"digest", b"negotiate", b"splunk"),
        *(b"geniekey", b"genie-key", b"aws4-hmac-sha256", b"authorization"),
    )
)
_SIGNS: Final = rb"(?P<value>[A-Za-z0-9._~+/=:!@#$%^&*-]{8,})"
_BEHIND_SCHEME: Final = re.compile(rb"(?:[ \t+]|%20){1,4}" + _SIGNS)
_BEHIND_HEADER: Final = re.compile(rb"\\?[\"']?\s{0,3}[:=,]\s{0,3}\\?[\"'`]?(?:[A-Za-z][\w-]{1,24}\s{1,3})?" + _SIGNS)
_URL: Final = re.compile(
    rb"://(?:[^\s:/@'\"<>\[\]`]{0,100}:(?P<value>(?!\d{1,5}(?:[/?#]|$))[^\s@'\"<>`]{1,300}(?:@[^\s/@'\"<>`]{1,300}(?=@))?)|(?P<alone>[^\s:/@'\"<>\[\]`]{16,300}))"
    rb"@(?P<host>[\w.\[$%{-]{1,100})"
)
#: A call, a dotted name, an argument by its name, a pointer of Go such as that of `token *oauth2.Token`.
_CODE: Final = re.compile(
    r"[\w.]+[(\[]|(?:[A-Za-z_]+\.)+[A-Za-z_]+$|[A-Za-z]{4,20}=[^=]|[*&]+[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$"
)
_LOCAL: Final = re.compile(
    rb"(?:localhost|127\.0\.0\.1|\[::1|0\.0\.0\.0|host|hostname|server|[\w.-]{0,60}\bexample\b)(?![\w-])"
)


def find(source: bytes, lowered: bytes) -> Iterator[tuple[str, int, int]]:
    """Rule, start and end of each value; some may overlap. `lowered` is the text in lower case."""
    yield from _headers(source, lowered)
    yield from _addresses(source)


def _headers(source: bytes, lowered: bytes) -> Iterator[tuple[str, int, int]]:
    joined = vocabulary(lowered).joined
    for word, shape in _SCHEMES:
        if word not in joined:
            continue
        for scheme in shape.finditer(lowered):
            is_header = word == b"authorization"
            match = (_BEHIND_HEADER if is_header else _BEHIND_SCHEME).match(source, scheme.end())
            before = source[scheme.start() - 1 : scheme.start()]
            if match is None or (not is_header and (before.isalnum() or before == b"_")):
                continue
            start, end = trimmed(source, *match.span("value"))
            if _is_credential(text_of(source, start, end)):
                yield ASSIGNMENT, start, end


def _is_credential(text: str) -> bool:
    return values.is_random(text) and not _CODE.match(text) and not text.startswith(("--", "="))


def _addresses(source: bytes) -> Iterator[tuple[str, int, int]]:
    if b"://" not in source or b"@" not in source:
        return
    for match in _URL.finditer(source):
        group = "value" if match["value"] else "alone"
        start, end = match.span(group)
        value_text = text_of(source, start, end)
        if group == "alone":
            if values.is_random(value_text, 16):
                yield CONNECTION, start, end
        elif (
            not values.is_placeholder(unquote(value_text))
            and len(set(value_text)) > 2
            and not re.search(r"[{}$]\{|^[$*{%(]+\w*|\}$", value_text)
        ):
            if _LOCAL.match(match["host"]) and not (len(value_text) >= 8 and values.is_random(value_text)):
                continue
            yield CONNECTION, start, end


def trimmed(source: bytes, start: int, end: int) -> tuple[int, int]:
    """The value without the next setting behind it and without a sentence's or a call's last signs."""
    cut = CUT.search(source, start, min(end, start + 4_000))
    if cut is not None:
        end = cut.start()
    return without_trail(source, start, end)


def without_trail(source: bytes, start: int, end: int) -> tuple[int, int]:
    while end > start and source[end - 1] in _TRAIL:
        end -= 1
    return start, end


def text_of(source: bytes, start: int, end: int) -> str:
    return source[start : min(end, start + 400)].decode("utf-8", "replace")

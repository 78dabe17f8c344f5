"""Finds every secret of a text and puts stars in its place. Pure, and linear in the text's length. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from agents.codebase.secrets import (
    calls,
    coded,
    commands,
    headed,
    key_numbers,
    keys_of_lines,
    named,
    pairs,
    services,
    statements,
    unnamed,
)
from agents.codebase.secrets.kind import BEGINS_WORD, TOKEN
from agents.codebase.secrets.kinds import KINDS
from agents.codebase.secrets.middles import MIDDLES
from agents.codebase.secrets.plainly import Plain
from agents.codebase.secrets.values import is_token

STARS: Final = "********"
#: The rules under which evidence is reported; a kind is finer than a rule.
RULES: Final = ("secret-private-key", "secret-cloud-key", TOKEN, unnamed.CONNECTION, unnamed.ASSIGNMENT)


def _as_text(value: bytes) -> str:
    return value.decode("latin-1")


#: What parts words here besides spaces, and the shortest word that is searched for a prefix.
_PARTING: Final = b"\"'`<>()[],;"
_PARTED: Final = bytes.maketrans(_PARTING, b" " * len(_PARTING))
_SHORTEST: Final = 16
#: A word of these alone is a path, a name or prose: a token has digits or capitals, and not at one place.
_LEAST_SPREAD: Final = 6
_LOWLY: Final = bytes(sign for sign in range(33, 127) if not chr(sign).isdigit() and not chr(sign).isupper())
#: Bytes of a text whose secrets are remembered: a line.
_SHORT: Final = 240
#: As text, too: Python finds text in text seven times as fast as bytes in bytes, where both are short.
_BEGINS: Final = tuple((_as_text(prefix), prefix, kind) for kind in KINDS for prefix in kind.prefixes)
#: Most prefixes are looked for only where some word begins as they do; the shorter ones always.
_HEAD: Final = 3
_BY_HEAD: Final = {
    head: tuple(number for number, (_, prefix, _) in enumerate(_BEGINS) if prefix[:_HEAD] == head)
    for head in {prefix[:_HEAD] for _, prefix, _ in _BEGINS if len(prefix) >= _HEAD}
}
_WITHOUT_HEAD: Final = tuple(number for number, (_, prefix, _) in enumerate(_BEGINS) if len(prefix) < _HEAD)
_HEADS: Final = re.compile(rb"%s(?=(.{%d}))" % (BEGINS_WORD, _HEAD))
_HEADS_WITHOUT_ESCAPES: Final = re.compile(rb"(?<![A-Za-z0-9])(?=(.{%d}))" % _HEAD)
_MIDDLES: Final = tuple((_as_text(middle.holds), middle.shape) for middle in MIDDLES)


class Secret(NamedTuple):
    """A secret in bytes from `start` to `end`, which is what stars replace; it is cited from `first` to `last`."""

    rule: str
    start: int
    end: int
    first: int
    last: int


def find(source: bytes) -> tuple[Secret, ...]:
    """Every secret of a text that holds no invisible characters, in order, none inside another."""
    return _in_short(source) if len(source) <= _SHORT else _in_long(source)


def _distinct(source: bytes) -> tuple[Secret, ...]:
    secrets: list[Secret] = []
    for secret in sorted(_all(source), key=lambda secret: (secret.start, -secret.end)):
        if not secrets or secret.end > secrets[-1].end:
            secrets.append(secret)
    return tuple(secrets)


#: A file is searched for its evidence and, right afterwards, for what must be masked.
_in_long: Final = lru_cache(maxsize=1)(_distinct)
#: A signature stands in the question about each file around its own.
_in_short: Final = lru_cache(maxsize=8192)(_distinct)


def without_secrets(text: str) -> str:
    """The text with stars in each secret's place; its lines keep their numbers."""
    data = text.encode("utf-8", "surrogatepass")
    parts: list[bytes] = []
    at = 0
    for secret in find(data):
        start = max(secret.start, at)
        parts += [data[at:start], _starred(data[start : max(secret.end, at)])]
        at = max(secret.end, at)
    if not parts:
        return text
    return b"".join([*parts, data[at:]]).decode("utf-8", "surrogatepass")


def _starred(value: bytes) -> bytes:
    return b"\n".join(STARS.encode() if line.strip() else line for line in value.split(b"\n"))


def _all(source: bytes) -> Iterator[Secret]:
    long_words = _long_words(source)
    yield from _written(source, long_words)
    plain = Plain(source)
    for first, last in plain.windows():
        for rule, start, end, cited_from, cited_to in _found_in(plain.text[first:last]):
            cited = [*plain.spans(first + cited_from, first + cited_to)]
            for span in plain.spans(first + start, first + end):
                yield Secret(rule, *span, cited[0][0], cited[-1][1])
    if coded.may_hold(long_words):
        for span in coded.find(source, lambda text: any(_found_in(text))):
            yield Secret(unnamed.ASSIGNMENT, *span, *span)


def _found_in(text: bytes) -> Iterator[Secret]:
    return _written(text, _long_words(text))


def _long_words(source: bytes) -> bytes:
    """Each long word that may hold a token, once, one a line: hundreds of searches are cheap in what is left."""
    words = set(source.translate(_PARTED).split())
    return b"\n".join([word for word in words if len(word) >= _SHORTEST and len(word.strip(_LOWLY)) >= _LEAST_SPREAD])


def _written(source: bytes, long_words: bytes) -> Iterator[Secret]:
    """What stands in a text as it is written."""
    for block in keys_of_lines.find(source):
        yield Secret("secret-private-key", *block)
    if long_words:
        yield from _with_prefix(source, long_words)
        words = _as_text(long_words)
        for middle, pattern in _MIDDLES:
            if middle in words and pattern.search(long_words):
                for start, end in _around(source, pattern):
                    yield Secret(TOKEN, start, end, start, end)
    lowered = source.lower()
    for rule, start, end in named.find(source, lowered):
        yield Secret(rule, start, end, start, end)
    for search in (headed.find, commands.find, calls.find, pairs.find, services.find, statements.find):
        for start, end in search(source, lowered):
            yield Secret(unnamed.ASSIGNMENT, start, end, start, end)
    for start, end in key_numbers.find(source):
        yield Secret("secret-private-key", start, end, start, end)


def _with_prefix(source: bytes, long_words: bytes) -> Iterator[Secret]:
    words = _as_text(long_words)
    shape = _HEADS if "\\" in words or "%" in words else _HEADS_WITHOUT_ESCAPES
    heads = _BY_HEAD.keys() & set(shape.findall(long_words))
    for number in sorted([*_WITHOUT_HEAD, *(number for head in heads for number in _BY_HEAD[head])]):
        text, prefix, kind = _BEGINS[number]
        if text not in words:
            continue
        for match in kind.pattern(prefix).finditer(source):
            start, end = match.span("value")
            if is_token(_as_text(source[start:end][:400]), _as_text(source[start + len(prefix) : end][:400])):
                secret_start = start + (prefix.rfind(b"=") + 1 or prefix.rfind(b"/") + 1)
                yield Secret(kind.rule, secret_start, end, start, end)


def _around(source: bytes, pattern: re.Pattern[bytes]) -> Iterator[tuple[int, int]]:
    for match in pattern.finditer(source):
        if len(set(match[0])) > 8:
            yield match.span()

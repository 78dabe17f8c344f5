"""Enumerations of C whose elements are calls of macros: `OPTION(OPTION_URL, TEXT, 2)` declares OPTION_URL.

The call is opened, and what stands behind its first argument goes; so does a call behind an element's name. Blanks take
the place of both. Pure.
"""

from __future__ import annotations

import re

from agents.codebase.structure.macros import blanks, code_alone

_BODY = re.compile(rb"\benum\b[^;{}()]{0,200}\{([^{}]{1,200000})\}")
_ARGUMENTS = rb"\((?:[^()]|\((?:[^()]|\([^()]{0,400}+\)){0,400}+\)){0,2000}+\)"
#: `OPTION(NAME, …)` or `NAME DEPRECATED(…)`, where an element begins.
_ELEMENT = re.compile(
    rb"\s*+(?:(?P<called>[A-Za-z_]\w{0,99})[ \t]?(?P<list>" + _ARGUMENTS + rb")"
    rb"|[A-Za-z_]\w{0,99}\s{1,40}(?P<mark>[A-Za-z_]\w{1,99}[ \t]?" + _ARGUMENTS + rb"))"
)
_FIRST = re.compile(rb"\(\s*([A-Za-z_]\w{0,99})\s*[,)]")
_MACRO = re.compile(rb"#[ \t]*define[ \t]+(\w+)\(")
_SIGN = re.compile(rb"[(),]")


def open_enumerators(cleaned: bytearray) -> None:
    """Open the calls of macros that are elements of an enumeration."""
    if not re.search(rb"[{,]\s*\w+(?:\s+\w+)?[ \t]?\(", cleaned):
        return
    macros = frozenset(_MACRO.findall(bytes(cleaned)))
    code = code_alone(bytes(cleaned))
    for body in _BODY.finditer(code):
        at, end = body.span(1)
        while at < end:
            if element := _ELEMENT.match(code, at, end):
                _open(cleaned, code, element, macros)
            at = _next(code, element.end() if element else at, end)


def _open(cleaned: bytearray, code: bytes, element: re.Match[bytes], macros: frozenset[bytes]) -> None:
    if element.group("mark"):
        _blank(cleaned, *element.span("mark"))
        return
    first = _FIRST.match(code, *element.span("list"))
    whole = (element.start("called"), element.end("list"))
    if first is None or first.group(1) in macros:
        _blank(cleaned, *whole)  # a list of names that a macro of this file makes elements of
    else:
        _blank(cleaned, whole[0], first.start(1))
        _blank(cleaned, first.end(1), whole[1])


def _next(code: bytes, at: int, end: int) -> int:
    """Where the next element begins: behind a comma that no bracket holds."""
    depth = 0
    while sign := _SIGN.search(code, at, end):
        at = sign.end()
        depth += {b"(": 1, b")": -1}.get(sign.group(), 0)
        if depth <= 0 and sign.group() == b",":
            return at
    return end


def _blank(cleaned: bytearray, start: int, end: int) -> None:
    cleaned[start:end] = blanks(bytes(cleaned[start:end]))

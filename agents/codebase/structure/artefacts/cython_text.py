"""Pieces of one statement of Cython: brackets, and a parameter without its type of C. Pure."""

from __future__ import annotations

import re

_NAME = re.compile(r"(?<!\w)(\w++)\s*+(?:(?:not|or)\s++None\s*+)?$")


def closed(text: str, at: int) -> int:
    """The place behind the bracket that closes the one at a place."""
    depth = 0
    for place in range(at, len(text)):
        depth += (text[place] in "([{") - (text[place] in ")]}")
        if not depth:
            return place + 1
    return len(text)


def colon(text: str, at: int) -> int:
    """The place of the colon that ends a head, -1 when there is none."""
    depth = 0
    for place in range(at, len(text)):
        depth += (text[place] in "([{") - (text[place] in ")]}")
        if text[place] == ":" and not depth:
            return place
    return -1


def is_flat(text: str) -> bool:
    """Whether every bracket is closed."""
    return all(text.count(a) == text.count(b) for a, b in ("()", "[]", "{}"))


def without_brackets(text: str) -> str:
    """The text without what stands in brackets."""
    before = ""
    while before != text:
        before, text = text, re.sub(r"\[[^\[\]]*\]|\([^()]*\)", "", text)
    return text


def parameter(written: str) -> str:
    """A parameter without its type of C."""
    written = " ".join(written.split())
    if written in {"", "*", "/", "..."}:
        return written.strip(".")
    left, equals, default = _sides(written)
    if re.match(r"\**\w+\s*:", left):
        return written
    stars = re.match(r"\**", left.strip())
    named = _NAME.search(without_brackets(left))
    if named is None:
        return ""
    before = stars.group() if stars and not re.search(r"\w\s*\*", left) else ""
    return f"{before}{named.group(1)}{equals}{default}"


def parameter_type(written: str) -> tuple[str, str]:
    """A parameter's name and its type of C, empty where it has none: `int* a`, `np.ndarray[f8, ndim=2] a not None`."""
    left = _sides(" ".join(written.split()))[0].strip()
    named = _NAME.search(left)
    if named is None or re.match(r"\**\w+\s*(?::|$)", left):
        return "", ""
    return named.group(1), left[: named.start()].strip()


def _sides(written: str) -> tuple[str, str, str]:
    at = next((match.start() for match in re.finditer("=", written) if is_flat(written[: match.start()])), -1)
    return (written[:at], "=", written[at + 1 :].strip()) if at >= 0 else (written, "", "")

"""Calls, decorators and literals as they are written, in any language of brackets, commas and quotes. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_OPEN, _CLOSE = "([{", ")]}"
_QUOTES = "\"'`"
#: Reading more of one call tells nothing new.
_LONGEST = 4_000
#: `name=`, `"name":`, and Ruby's `:name =>`.
_NAMED = re.compile(r"^(?::(?=\w+\s*=>))?([\"']?)([A-Za-z_$][\w$-]*)\1\s*(?:=(?![=>])|=>|:(?!:))\s*", re.ASCII)
_NAME = re.compile(r"^(?:await\s+|new\s+|&|\*|@|#\[|\[)*([A-Za-z_$][\w$]*(?:(?:\.|::|->|\\)[A-Za-z_$][\w$]*!?)*!?)")
_LITERAL = re.compile(r"^(?:[rRbBuU]{0,2}|@|r#*)([\"'`])(.*)\1#*$", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": ""}
_GENERIC = re.compile(r"<[^<>()]*>(?=\()")


@dataclass(frozen=True)
class Written:
    """A call or a decorator: its dotted name and its arguments as text."""

    name: str
    positional: tuple[str, ...] = ()
    named: Mapping[str, str] = field(default_factory=dict)

    @property
    def method(self) -> str:
        """The last part of the name."""
        return self.name.rpartition(".")[2]

    @property
    def receiver(self) -> str:
        """The name without its last part."""
        return self.name.rpartition(".")[0]

    def text(self, at: int, *names: str) -> str:
        """The text literal in a position (-1 for none) or under one of the names; empty where there is none."""
        value = literal(self.value(at, *names))
        return value or ""

    def value(self, at: int, *names: str) -> str:
        """The argument as written."""
        matched = next((self.named[item] for item in names if item in self.named), "")
        return matched or (self.positional[at] if 0 <= at < len(self.positional) else "")


def read_call(text: str) -> Written:
    """The call or decorator that a text begins with; its name is empty when it is none."""
    flat = _GENERIC.sub("", text.strip()[:_LONGEST])
    matched = _NAME.match(flat)
    if matched is None:
        return Written("")
    name = re.sub(r"::|->|\\", ".", matched[1]).rstrip("!")
    rest = flat[matched.end() :].lstrip()
    if not rest.startswith(("(", "{")):
        return Written(name)
    positional, named = arguments(inside(rest))
    return Written(name, positional, named)


def inside(text: str) -> str:
    """What stands between the bracket a text begins with and its partner."""
    depth, at = 0, 0
    while at < len(text):
        sign = text[at]
        if sign in _QUOTES:
            at = _after_string(text, at)
            continue
        depth += (sign in _OPEN) - (sign in _CLOSE)
        if depth == 0:
            return text[1:at]
        at += 1
    return text[1:]


def arguments(text: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """The parts between commas of the outermost level: positional ones, and named ones by name."""
    positional: list[str] = []
    named: dict[str, str] = {}
    for part in parts(text):
        matched = _NAMED.match(part)
        if matched and part[matched.end() :].strip():
            named.setdefault(matched[2], part[matched.end() :].strip())
        else:
            positional.append(part)
    return tuple(positional), named


def parts(text: str, separator: str = ",") -> list[str]:
    """The text parted at a sign of the outermost level, blank parts left out."""
    matched: list[str] = []
    depth, start, at = 0, 0, 0
    while at < len(text):
        sign = text[at]
        if sign in _QUOTES and not (sign == "'" and at and text[at - 1].isalnum()):
            at = _after_string(text, at)
            continue
        depth += (sign in _OPEN) - (sign in _CLOSE)
        if sign == separator and depth == 0:
            matched.append(text[start:at].strip())
            start = at + 1
        at += 1
    return [item for item in (*matched, text[start:].strip()) if item]


def _after_string(text: str, at: int) -> int:
    """The position after the string that begins here; an unclosed quotation mark is one sign."""
    quote = text[at] * 3 if text[at] * 3 == text[at : at + 3] else text[at]
    end = at + len(quote)
    while end < len(text):
        if text[end] == "\\":
            end += 2
        elif text.startswith(quote, end):
            return end + len(quote)
        else:
            end += 1
    return at + 1


def literal(text: str) -> str | None:
    """The value of a text literal; None for anything else, and for one that holds expressions."""
    flat = text.strip()
    if flat[:1] == "(" and flat[-1:] == ")" and flat[1:2] != ")":
        return literal(flat[1:-1]) if len(flat) < _LONGEST else None
    if flat[:3] in {'"""', "'''"} and flat.endswith(flat[:3]) and len(flat) > 5:
        return flat[3:-3]
    matched = _LITERAL.match(flat)
    if matched is None:
        return flat[1:] if re.fullmatch(r":\w+[?!]?", flat) else None
    quote, body = matched[1], matched[2]
    if re.search(rf"(?<!\\){quote}", body):
        return _joined(flat)
    if quote == "`" and "${" in body:
        return None
    if flat[0] in "rR@" or quote == "`":
        return re.sub(r"\\([\"'`\\])", r"\1", body)
    # A backslash at a line's end leaves out the break and, in Rust, the margin below it.
    body = re.sub(r"\\\n\s*", "", body)
    return re.sub(r"\\([\"'`\\ntr])", lambda sign: _ESCAPED.get(sign[1], sign[1]), body)


def _joined(text: str) -> str | None:
    """Literals that stand beside each other are one."""
    values: list[str] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        if text[at] not in "\"'":
            return None
        end = _after_string(text, at)
        if end <= at + 1:
            return None
        values.append(text[at + 1 : end - 1])
        at = end
    return "".join(values)


def texts_in(text: str) -> list[str]:
    """The text literals of a list, or the one that it is."""
    flat = text.strip()
    item = literal(flat)
    if item is not None:
        return [item]
    body = inside(flat) if flat[:1] in _OPEN else flat
    return [value for part in parts(body) if (value := literal(part)) is not None]


#: A number, a word of the language, a case of an enumeration of Swift.
_PLAIN = re.compile(r"-?[_.]*\d[\d_.]*[a-z%]*|[Tt]rue|[Ff]alse|[Nn]one|null|nil|\[\]|\{\}|\(\)|\.[A-Za-z]\w*")


def shown_default(text: str) -> str:
    """A default that is a plain value: a text without quotes, a number, a word of the language; empty for a call."""
    value = literal(text)
    if value is not None:
        return value
    flat = text.strip()
    return flat if _PLAIN.fullmatch(flat) else ""

"""The filters of a JSON path, such as `?(@.size > 3 && @.kind == 'a')`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from local.moto.language.paths import LeadsNowhere, MalformedPath, Path, parse

Accepts = Callable[[Any], bool]
Operand = Callable[[Any], Any]

_NOTHING = object()
_OPERATOR = re.compile(r"\s*(===?|!==?|<=|>=|<|>|=~|nin\b|in\b)\s*")
_LITERAL = re.compile(
    r"""\s*(?:(?P<number>-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)|'(?P<single>(?:[^'\\]|\\.)*)'|"(?P<double>(?:[^"\\]|\\.)*)"
        |(?P<word>true|false|null)\b|/(?P<pattern>(?:[^/\\]|\\.)*)/(?P<flags>[a-z]*))""",
    re.VERBOSE,
)
_WORDS = {"true": True, "false": False, "null": None}


def read_filter(text: str, at: int) -> tuple[Accepts, int]:
    """What the filter accepts, and where the path goes on behind its bracket; `at` is behind its question mark.

    Raises:
        MalformedPath: it is no filter that is known here.
    """
    reader = _FilterReader(text, at)
    reader.need("(")
    accepts = reader.either()
    reader.need(")")
    reader.need("]")
    return accepts, reader.at


class _FilterReader:
    def __init__(self, text: str, at: int) -> None:
        self.text, self.at = text, at

    def comes(self, token: str) -> bool:
        match = re.compile(rf"\s*{re.escape(token)}").match(self.text, self.at)
        if match is None:
            return False
        self.at = match.end()
        return True

    def need(self, token: str) -> None:
        if not self.comes(token):
            raise MalformedPath(f"{self.text!r}: {token} is missing at character {self.at + 1}")

    def either(self) -> Accepts:
        parts = [self.both()]
        while self.comes("||"):
            parts.append(self.both())
        return lambda item: any(part(item) for part in parts)

    def both(self) -> Accepts:
        parts = [self.single()]
        while self.comes("&&"):
            parts.append(self.single())
        return lambda item: all(part(item) for part in parts)

    def single(self) -> Accepts:
        if re.compile(r"\s*!(?!=)").match(self.text, self.at):
            self.need("!")
            inner = self.single()
            return lambda item: not inner(item)
        if self.comes("("):
            inner = self.either()
            self.need(")")
            return inner
        return self.comparison()

    def comparison(self) -> Accepts:
        left, is_path = self.operand()
        match = _OPERATOR.match(self.text, self.at)
        if match is None:
            if not is_path:
                raise MalformedPath(f"{self.text!r}: an operator is missing at character {self.at + 1}")
            return lambda item: left(item) is not _NOTHING
        self.at = match.end()
        right, _ = self.operand()
        compare = _COMPARISONS[match[1]]
        return lambda item: compare(left(item), right(item))

    def operand(self) -> tuple[Operand, bool]:
        start = len(self.text) - len(self.text[self.at :].lstrip())
        if self.text[start : start + 1] in {"@", "$"}:
            return self.path(start), True
        if self.comes("["):
            return self.list(), False
        match = _LITERAL.match(self.text, self.at)
        if match is None:
            raise MalformedPath(f"{self.text!r}: a value is missing at character {self.at + 1}")
        self.at = match.end()
        try:
            value = _value(match)
        except re.error as problem:
            raise MalformedPath(f"{self.text!r}: {problem}") from problem
        return (lambda _: value), False

    def path(self, start: int) -> Operand:
        if self.text[start] == "$":
            raise MalformedPath(f"{self.text!r}: a filter reads the item alone here")
        end, depth = start + 1, 0
        while end < len(self.text) and (depth or self.text[end] not in " )=!<>&|,]~"):
            depth += {"[": 1, "]": -1}.get(self.text[end], 0)
            end += 1
        path = parse(f"${self.text[start + 1 : end]}")
        self.at = end
        return lambda item: _read(path, item)

    def list(self) -> Operand:
        values: list[Operand] = []
        while not self.comes("]"):
            values.append(self.operand()[0])
            self.comes(",")
        return lambda item: [value(item) for value in values]


def _value(match: re.Match[str]) -> Any:
    if match["number"]:
        return float(match["number"]) if set(match["number"]) & set(".eE") else int(match["number"])
    if match["word"]:
        return _WORDS[match["word"]]
    if match["pattern"] is not None:
        return re.compile(match["pattern"], re.IGNORECASE if "i" in match["flags"] else 0)
    text = match["single"] if match["single"] is not None else match["double"]
    return re.sub(r"\\(.)", r"\1", text)


def _read(path: Path, item: Any) -> Any:
    try:
        return path.read(item)
    except LeadsNowhere:
        return _NOTHING


def same(left: Any, right: Any) -> bool:
    """Whether two JSON values are equal: true is not 1, and 1.0 is."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(value, right[name]) for name, value in left.items())
    return bool(left == right)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def comparison(left: Any, right: Any) -> bool:
        kinds = {type(left), type(right)}
        return (kinds <= {int, float} or kinds == {str}) and compare(left, right)

    return comparison


def _matches(left: Any, right: Any) -> bool:
    return isinstance(left, str) and isinstance(right, re.Pattern) and right.fullmatch(left) is not None


def _in(left: Any, right: Any) -> bool:
    return isinstance(right, list) and any(same(left, value) for value in right)


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": same,
    "===": same,
    "!=": lambda left, right: not same(left, right),
    "!==": lambda left, right: not same(left, right),
    "<": _ordered(lambda left, right: left < right),
    "<=": _ordered(lambda left, right: left <= right),
    ">": _ordered(lambda left, right: left > right),
    ">=": _ordered(lambda left, right: left >= right),
    "=~": _matches,
    "in": _in,
    "nin": lambda left, right: not _in(left, right),
}

"""JSON paths as Step Functions reads them; that is how the Java library Jayway JsonPath does.

A path that names one place gives what is there, and leads nowhere when nothing is. Any other path gives a list, which
may be empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

Step = Callable[[Any, str], Iterator[tuple[Any, str]]]

_NAME = re.compile(r"[^\s.\[\](){}*,'\"]+")
_NUMBERS = re.compile(r"\s*(-?\d+(?:\s*,\s*-?\d+)*)\s*\]")
_SLICE = re.compile(r"\s*(-?\d+)?\s*:\s*(-?\d+)?\s*(?::\s*(\d+)\s*)?\]")
_QUOTED = re.compile(r"""\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*([,\]])""", re.DOTALL)


class MalformedPath(ValueError):
    """The text is no path."""


class LeadsNowhere(LookupError):
    """Nothing is where the path leads; the message says how far it got, in Jayway's words."""


class PropertyMissing(LeadsNowhere):
    """An object has no such property; `place` is where it would be."""

    def __init__(self, place: str) -> None:
        super().__init__(f"Missing property in path {place}")
        self.place = place


@dataclass(frozen=True)
class Path:
    """A path that was read. `definite` means that it names one place; `plain`, by names and numbers alone."""

    text: str
    steps: tuple[Step, ...]
    definite: bool
    keys: tuple[str | int, ...] | None = None

    @property
    def plain(self) -> bool:
        """Whether AWS calls it a reference path."""
        return self.keys is not None

    def read(self, data: Any) -> Any:
        """What is there.

        Raises:
            LeadsNowhere: the path names one place, and nothing is there.
        """
        if not self.definite:
            return list(_follow(self.steps, data))
        value, where = data, "$"
        for number, step in enumerate(self.steps, start=1):
            try:
                value, where = next(step(value, where))
            except PropertyMissing as missing:
                if number < len(self.steps):
                    raise
                raise LeadsNowhere(f"No results for path: {missing.place}") from None
        return value


def _follow(steps: tuple[Step, ...], data: Any) -> Iterator[Any]:
    """All values that the steps lead to; none where a step leads nowhere."""
    if not steps:
        yield data
        return
    try:
        for value, _ in steps[0](data, "$"):
            yield from _follow(steps[1:], value)
    except LeadsNowhere:
        return


@lru_cache(maxsize=1_024)
def parse(text: str) -> Path:
    """Read the text of a path.

    Raises:
        MalformedPath: the text is no path.
    """
    if not text.startswith("$"):
        raise MalformedPath(f"{text!r} does not begin with $")
    reader = _PathReader(text)
    reader.read_all()
    return Path(text, tuple(reader.steps), reader.definite, tuple(reader.keys) if reader.plain else None)


class _PathReader:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 1
        self.steps: list[Step] = []
        self.keys: list[str | int] = []
        self.definite = self.plain = True

    def read_all(self) -> None:
        while self.at < len(self.text):
            if self.text.startswith("..", self.at):
                self.several(_anywhere)
                self.at += 1
                if self.text.startswith(".[", self.at):
                    self.at += 1
                    self.bracket()
                else:
                    self.name()
            elif self.text[self.at] == ".":
                self.name()
            elif self.text[self.at] == "[":
                self.bracket()
            else:
                raise self.malformed()

    def malformed(self) -> MalformedPath:
        return MalformedPath(f"{self.text!r} is no path: character {self.at + 1}")

    def several(self, step: Step) -> None:
        self.steps.append(step)
        self.definite = self.plain = False

    def one(self, key: str | int) -> None:
        self.steps.append(_named(key) if isinstance(key, str) else _numbered(key))
        self.keys.append(key)
        self.plain = self.plain and (isinstance(key, str) or key >= 0)

    def name(self) -> None:
        if self.text[self.at] == ".":
            self.at += 1
        if self.text.startswith("*", self.at):
            self.at += 1
            self.several(_children)
            return
        match = _NAME.match(self.text, self.at)
        if match is None:
            raise self.malformed()
        self.at = match.end()
        if self.text.startswith("()", self.at):
            if match[0] != "length" or not self.definite or self.at + 2 != len(self.text):
                raise self.malformed()
            self.at, self.plain = self.at + 2, False
            self.steps.append(_length)
            return
        self.one(match[0])

    def bracket(self) -> None:
        self.at += 1
        rest = self.text[self.at :].lstrip()
        if rest.startswith("?"):
            self.filter()
        elif rest.startswith("*"):
            match = re.compile(r"\s*\*\s*\]").match(self.text, self.at)
            if match is None:
                raise self.malformed()
            self.at = match.end()
            self.several(_children)
        elif rest.startswith(("'", '"')):
            self.quoted()
        elif match := _NUMBERS.match(self.text, self.at):
            self.at = match.end()
            numbers = [int(number) for number in match[1].split(",")]
            if len(numbers) == 1:
                self.one(numbers[0])
            else:
                self.several(_union(numbers))
        elif match := _SLICE.match(self.text, self.at):
            self.at = match.end()
            self.several(_sliced(slice(*(int(part) if part else None for part in match.groups()))))
        else:
            raise self.malformed()

    def quoted(self) -> None:
        names = []
        while True:
            match = _QUOTED.match(self.text, self.at)
            if match is None:
                raise self.malformed()
            self.at = match.end()
            names.append((match[1] if match[1] is not None else match[2]).replace("\\'", "'"))
            if match[3] == "]":
                break
        if len(names) == 1:
            self.one(names[0])
        elif self.definite and self.at == len(self.text):
            self.steps.append(_picked(names))
            self.plain = False
        else:
            raise self.malformed()

    def filter(self) -> None:
        from local.moto.language.filters import read_filter  # a filter has paths in it

        accepts, self.at = read_filter(self.text, self.text.index("?", self.at) + 1)
        self.several(_filtered(accepts))


def _named(name: str) -> Step:
    def step(data: Any, where: str) -> Iterator[tuple[Any, str]]:
        place = f"{where}['{name}']"
        if not isinstance(data, dict):
            expected = f"Expected to find an object with property ['{name}'] in path {where}"
            raise LeadsNowhere(f"{expected} but found {_kind(data)} instead.")
        if name not in data:
            raise PropertyMissing(place)
        yield data[name], place

    return step


def _numbered(number: int) -> Step:
    def step(data: Any, where: str) -> Iterator[tuple[Any, str]]:
        if not isinstance(data, list):
            raise LeadsNowhere(f"Filter: [{number}] can only be applied to arrays. Current context is: {where}")
        place = f"{where}[{number}]"
        if not -len(data) <= number < len(data):
            raise LeadsNowhere(f"No results for path: {place}")
        yield data[number], place

    return step


def _picked(names: list[str]) -> Step:
    def step(data: Any, where: str) -> Iterator[tuple[Any, str]]:
        if not isinstance(data, dict):
            raise LeadsNowhere(f"Expected to find an object in path {where} but found {_kind(data)} instead.")
        yield {name: data[name] for name in names if name in data}, where

    return step


def _union(numbers: list[int]) -> Step:
    def step(data: Any, where: str) -> Iterator[tuple[Any, str]]:
        for number in numbers:
            if isinstance(data, list) and -len(data) <= number < len(data):
                yield data[number], f"{where}[{number}]"

    return step


def _sliced(part: slice) -> Step:
    def step(data: Any, where: str) -> Iterator[tuple[Any, str]]:
        yield from ((value, where) for value in (data[part] if isinstance(data, list) else ()))

    return step


def _filtered(accepts: Callable[[Any], bool]) -> Step:
    def step(data: Any, where: str) -> Iterator[tuple[Any, str]]:
        candidates = data if isinstance(data, list) else [data] if isinstance(data, dict) else []
        yield from ((value, where) for value in candidates if accepts(value))

    return step


def _children(data: Any, where: str) -> Iterator[tuple[Any, str]]:
    values = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    yield from ((value, where) for value in values)


def _anywhere(data: Any, where: str) -> Iterator[tuple[Any, str]]:
    """The value itself, then everything below it, parents first."""
    if isinstance(data, (dict, list)):
        yield data, where
        for value, _ in _children(data, where):
            yield from _anywhere(value, where)


def _length(data: Any, where: str) -> Iterator[tuple[Any, str]]:
    yield (len(data) if isinstance(data, (dict, list)) else None), where


def _kind(value: Any) -> str:
    kinds = {list: "an array", str: "a text", bool: "a boolean", type(None): "null"}
    return kinds.get(type(value), "a number")

"""The tables of patterns that describe a language of declarations with bodies in braces. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from agents.contracts.structure import Symbol, SymbolKind


@dataclass(frozen=True)
class BlockRule:
    """A declaration: `pattern` names the groups `name` and perhaps `label`, `type`, `default`, `target`.

    `within` are the words of the rules that may hold it, empty for the top of the file; `word` is its own.
    """

    word: str
    kind: SymbolKind | None
    pattern: re.Pattern[str]
    within: frozenset[str] = frozenset()
    private: Callable[[str], bool] = field(default=lambda _name: False)


@dataclass(frozen=True)
class Dialect:
    """A language's tables; `quiet` matches its strings and comments, the latter as group `comment`."""

    language: str
    quiet: re.Pattern[str]
    rules: tuple[BlockRule, ...]
    imports: re.Pattern[str]
    describes: bool = False
    """Whether a string directly before a declaration documents it."""
    commas: frozenset[str] = frozenset()
    """The words of the rules in which a comma ends a member."""
    goes_on: tuple[str, ...] = ("{",)
    """What begins a line that still belongs to the declaration above it."""
    several: frozenset[str] = frozenset()
    """The words of the rules that declare a name after each comma."""
    parted: Callable[[str], str] = field(default=lambda code: code)
    """The code without strings and comments, of the same length, with a comma where the language needs none."""
    inner: Callable[[str], str] = field(default=lambda _body: "")
    """The documentation comment at the beginning of a body."""
    finished: Callable[[Symbol, str], Symbol] = field(default=lambda symbol, _body: symbol)
    """A finished symbol with what its body says of it."""
    also: Callable[[Symbol], Iterable[Symbol]] = field(default=lambda _symbol: ())
    """What a declaration's head declares beside its own name."""


def rules(
    *rows: tuple[str, SymbolKind | None, str, str], private: Callable[[str], bool] = lambda _name: False
) -> tuple[BlockRule, ...]:
    """Rules from rows of word, kind, pattern and the words of owners."""
    return tuple(
        BlockRule(word, kind, re.compile(pattern), frozenset(within.split()), private)
        for word, kind, pattern, within in rows
    )


def joined(patterns: Sequence[str]) -> re.Pattern[str]:
    """One pattern of several, of which the first match wins."""
    return re.compile("|".join(patterns), re.DOTALL)

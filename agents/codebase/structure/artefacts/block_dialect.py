"""The tables of patterns that describe a language of declarations with bodies in braces. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from agents.contracts.structure import Symbol, SymbolKind

# What is never closed matches to its line's or the file's end, so that no place is scanned twice.
SLASHES = r"(?P<comment>//[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/|\Z))"
STRINGS = r"\"(?:[^\"\\\n]|\\.)*\"?|'(?:[^'\\\n]|\\.)*'?"
TRIPLE = r"\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*(?:\"\"\"|\Z)"
WORD = r"[A-Za-z_]\w{0,159}"
_LONGEST_LIST = 20_000


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
    braced: bool = False
    """Whether a brace behind an equals sign begins a value."""
    describes: bool = False
    """Whether a string directly before a declaration documents it."""
    commas: frozenset[str] = frozenset()
    """The words of the rules in which a comma ends a member."""
    annotation: re.Pattern[str] | None = None
    """What may stand before a declaration, on its line or on lines above it, and decorates it."""
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


def between(text: str, at: int) -> str:
    """What stands between the bracket at a place and the one that closes it."""
    depth = 0
    for place in range(at, min(len(text), at + _LONGEST_LIST)):
        depth += (text[place] in "([{") - (text[place] in ")]}")
        if not depth:
            return text[at + 1 : place]
    return ""

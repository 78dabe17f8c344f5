"""Signatures as pages show them: whole with one parameter on each line, or shortened for a table. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from agents.contracts.structure import Symbol, SymbolKind
from agents.roles.editor import markdown
from agents.roles.editor.page_builder import PageBuilder

#: A signature up to here stays on one line.
_LINE = 88
_INDENT = "    "
_CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">"}


_CALLED = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD})


@dataclass(frozen=True)
class SymbolGroup:
    """What has one heading: the definitions of one name, such as the overloads of a function."""

    symbols: tuple[Symbol, ...]

    @property
    def first(self) -> Symbol:
        """The definition to which links lead."""
        return self.symbols[0]

    @property
    def declared(self) -> tuple[Symbol, ...]:
        """Those that a caller sees: not the one that runs behind signatures of its own."""
        signatures = {symbol.signature for symbol in self.symbols}
        seen = [symbol for symbol in self.symbols if not symbol.overloads or not set(symbol.overloads) <= signatures]
        return tuple(seen) or self.symbols

    def parts(self, written: Callable[[Symbol], str]) -> list[tuple[str, str]]:
        """Signatures, each followed by the documentation that holds for them and those above that have none.

        Where no signature has any, that of the function that runs holds for all.
        """
        docs = {id(symbol): written(symbol) for symbol in self.symbols}
        parts: list[tuple[str, str]] = []
        waiting: list[str] = []
        distinct = list(dict.fromkeys(doc for doc in docs.values() if doc))
        for symbol in self.declared:
            whole = symbol.overloads if self.declared == self.symbols else ()
            waiting.append(formatted(symbol.signature, symbol.decorators, whole))
            if docs[id(symbol)] and len(distinct) > 1:
                parts.append(("\n".join(waiting), docs[id(symbol)]))
                waiting = []
        runs = next((docs[id(symbol)] for symbol in self.symbols if symbol not in self.declared), "")
        rest = runs if parts else next(iter(distinct), "")
        return [*parts, ("\n".join(waiting), rest)] if waiting else parts


def grouped(symbols: Iterable[Symbol]) -> list[SymbolGroup]:
    """Definitions of one name and kind together, where the first of them stands."""
    by_name: dict[tuple[str, str], list[Symbol]] = {}
    for symbol in symbols:
        kind = "called" if symbol.kind in _CALLED else symbol.kind.value
        by_name.setdefault((symbol.name, kind), []).append(symbol)
    return [SymbolGroup(tuple(several)) for several in by_name.values()]


def formatted(signature: str, decorators: Sequence[str] = (), overloads: Sequence[str] = ()) -> str:
    """A signature with its decorators and overloads above it; a long one has one parameter on each line."""
    return "\n".join([*map(_broken, overloads), *decorators, _broken(signature)])


def shortened(signature: str, most: int = 120) -> str:
    """A signature for a table's cell; an ellipsis says that it goes on."""
    return signature if len(signature) <= most else signature[: most - 1].rstrip() + "…"


def linked_types(builder: PageBuilder, path: str, type_: str) -> str:
    """A type as code, its parts linked where the snapshot defines them."""
    written: list[str] = []
    last = 0
    for name, place in builder.material.symbols.types(type_, path):
        match = re.compile(rf"(?<![\w$.]){re.escape(name)}(?![\w$])").search(type_, last)
        if match is not None:
            written += [_spaced(type_[last : match.start()]), builder.symbol(*place, label=name)]
            last = match.end()
    return "".join([*written, _spaced(type_[last:])])


def _spaced(piece: str) -> str:
    """A piece of a type as code, the blanks at its ends outside: code would lose those of `readonly Row[]`."""
    inside = piece.strip()
    return piece.replace(inside, markdown.code(inside)) if inside else piece


def _broken(signature: str) -> str:
    if len(signature) <= _LINE:
        return signature
    start, end, commas = _longest_list(signature)
    if not commas:
        return signature
    edges = [start, *commas, end]
    pieces = [signature[first + 1 : last].strip() for first, last in pairwise(edges)]
    inside = ",\n".join(f"{_INDENT}{piece}" for piece in pieces if piece)
    return f"{signature[: start + 1]}\n{inside}\n{signature[end:]}"


def _longest_list(text: str) -> tuple[int, int, list[int]]:
    """The longest outermost bracket that holds commas: its two ends, and where its own commas are."""
    best: tuple[int, int, list[int]] = (0, 0, [])
    waiting: list[str] = []
    start = 0
    commas: list[int] = []
    at = 0
    while at < len(text):
        character = text[at]
        if character in "\"'" and (end := text.find(character, at + 1)) > 0 and not _is_lifetime(text, at):
            at = end
        elif character in "([{" or (character == "<" and _is_generic(text, at)):
            if not waiting:
                start, commas = at, []
            waiting.append(_CLOSING[character])
        elif waiting and character == waiting[-1] and not (character == ">" and text[at - 1] in "-="):
            waiting.pop()
            if not waiting and commas and at - start > best[1] - best[0]:
                best = (start, at, commas)
        elif character == "," and len(waiting) == 1:
            commas.append(at)
        at += 1
    return best


def _is_generic(text: str, at: int) -> bool:
    return at > 0 and (text[at - 1].isalnum() or text[at - 1] in "_:") and text.find(">", at) > 0


def _is_lifetime(text: str, at: int) -> bool:
    """Rust's `'a`, which nothing closes; a string stands after an equals sign or is closed at once."""
    before = text[:at].rstrip()
    return text[at] == "'" and before[-1:] in {"&", "<", ",", "+", ":"} and text[at + 2 : at + 3] != "'"

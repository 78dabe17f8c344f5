"""Compares two versions of the files that differ: documentation comments are statements about the code under them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from agents.codebase.change.matching import Matches
from agents.codebase.change.result import CitedCode, Touch, TouchedStatement, UndocumentedSymbol
from agents.codebase.change.tokens import SEPARATOR
from agents.codebase.change.units import ComparedFile, Piece
from agents.codebase.paths import is_example, is_generated, is_test
from agents.codebase.secrets import without_secrets
from agents.text.sentences import first_sentence

_WORD = re.compile(r"[^\W\d][\w$]*")


@dataclass(frozen=True)
class Comparison:
    """What the change did to the statements of the code itself."""

    matches: Matches
    changed: Mapping[Piece, Touch]
    statements: tuple[TouchedStatement, ...]
    rewritten: tuple[TouchedStatement, ...]
    undocumented: tuple[UndocumentedSymbol, ...]


def compare(before: Mapping[str, ComparedFile], after: Mapping[str, ComparedFile]) -> Comparison:
    """Compare two versions; both hold only files that differ, by path."""
    matches = Matches(_pieces(before), _pieces(after))
    names = {new: old for old, new in matches.renamed.items()}
    changed = {old: reason for old, new in matches.pairs.items() if (reason := _reason(old, new, names)) is not None}
    touched: dict[Piece, TouchedStatement] = {}
    rewritten: dict[Piece, TouchedStatement] = {}
    documented = {(piece.path, piece.name): piece for piece in matches.pairs if piece.doc}
    for old, new in matches.pairs.items():
        if old.doc and _words(old.doc) != _words(new.doc):
            rewritten[old] = _statement(old, new, changed.get(old, Touch.COMMENT))
    for old, reason in changed.items():
        about = old if old.doc else _owner(old, documented)
        if about is None or about in touched or about in rewritten:
            continue
        touched[about] = _statement(about, matches.pairs[about], reason, "" if about is old else old.name)
    return Comparison(matches, changed, _sorted(touched), _sorted(rewritten), tuple(_undocumented(matches)))


def _pieces(files: Mapping[str, ComparedFile]) -> Iterator[Piece]:
    for path in sorted(files):
        yield from files[path].pieces


def _reason(old: Piece, new: Piece, names: Mapping[str, str]) -> Touch | None:
    """How the code differs; None for code that is the same, but for names that this change gives elsewhere."""
    if old.name and old.last_name != new.last_name:
        return Touch.RENAMED
    if old.own == new.own or (names and old.own == renamed_back(new.own, names)):
        return None
    return Touch.SIGNATURE if old.signature != new.signature else Touch.BODY


def renamed_back(text: str, names: Mapping[str, str]) -> str:
    """Tokens with the old names in the place of the new ones, also in the values that strings hold (`f"{name}"`)."""

    def back(token: str) -> str:
        if "{" in token and len(token) > 1:
            return _WORD.sub(lambda word: names.get(word[0], word[0]), token)
        return names.get(token, token)

    return SEPARATOR.join(back(token) for token in text.split(SEPARATOR))


def _owner(piece: Piece, documented: Mapping[tuple[str, str], Piece]) -> Piece | None:
    """The nearest documented symbol around an undocumented definition."""
    name = piece.name if piece.is_definition else ""
    while "." in name:
        name = name.rpartition(".")[0]
        if (piece.path, name) in documented:
            return documented[(piece.path, name)]
    return None


def _statement(old: Piece, new: Piece, reason: Touch, because: str = "") -> TouchedStatement:
    now = CitedCode(new.path, new.lines)
    text = first_sentence(without_secrets(old.doc))
    return TouchedStatement(text, old.title, CitedCode(old.path, old.lines), now, reason, because)


def _sorted(statements: Mapping[Piece, TouchedStatement]) -> tuple[TouchedStatement, ...]:
    return tuple(
        sorted(statements.values(), key=lambda piece: (piece.before.path, piece.before.lines.start, piece.symbol))
    )


def _undocumented(matches: Matches) -> Iterator[UndocumentedSymbol]:
    for piece in matches.added:
        wanted = piece.is_definition and piece.public and not piece.doc
        special = piece.last_name.startswith("__") and piece.last_name.endswith("__")
        if wanted and not special and not _is_apart(piece.path):
            yield UndocumentedSymbol(piece.name, piece.kind.value, CitedCode(piece.path, piece.lines))


def removed_names(matches: Matches) -> Iterator[tuple[Piece, str]]:
    """Definitions of the product that are gone or have another name, with the new name or an empty text."""
    for piece in matches.removed:
        if piece.is_definition and not _is_apart(piece.path):
            yield piece, ""
    for old, new in matches.pairs.items():
        if old.is_definition and not _is_apart(old.path) and old.last_name != new.last_name:
            yield old, new.name


def _is_apart(path: str) -> bool:
    return is_test(path) or is_example(path) or is_generated(path)


def _words(text: str) -> list[str]:
    return text.split()

"""Notes that people keep in the documented repository: which file or symbol each is about, also after a move. Pure.

`docs/notes/agents/keys.py.md` is about the file agents/keys.py, `docs/notes/agents/keys.py/site.md` about its symbol
`site`. Front matter may say `kind: function`, which tells symbols of one name apart when one has moved.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from agents.codebase.claims.names import looks_like_file
from agents.contracts.structure import Symbol

ValueT = TypeVar("ValueT")

FOLDER = "docs/notes/"
_ENDING = ".md"
_FRONT = re.compile(r"\A---[ \t]*\n(?P<keys>(?:[^\n]*\n){0,50}?)---[ \t]*(?:\n|\Z)")
_KIND = re.compile(r"^kind:[ \t]*[\"']?([a-z-]+)[\"']?[ \t]*$", re.MULTILINE)


class NoteState(StrEnum):
    """What became of a note."""

    IN_PLACE = "in place"
    MOVED = "moved"
    LOST = "lost"


@dataclass(frozen=True)
class PlacedNote:
    """A note: its own file, what it was written about, and where that is now. `symbol` is empty for a whole file."""

    source: str
    wanted: str
    symbol: str
    path: str
    state: NoteState


def placed_notes(
    paths: Collection[str], symbols: Mapping[str, Iterable[Symbol]], text: Callable[[str], str]
) -> Iterator[PlacedNote]:
    """Every note among a snapshot's files, in order; a document in the folder that names no file is none."""
    for source in sorted(paths):
        subject = _subject(source, paths)
        if subject is not None:
            yield _placed(source, *subject, symbols, text)


def notes_among(paths: Collection[str]) -> frozenset[str]:
    """The files of a snapshot that are a person's note about a file or a symbol."""
    return frozenset(path for path in paths if _subject(path, paths) is not None)


def without_notes(by_path: Mapping[str, ValueT], paths: Collection[str]) -> dict[str, ValueT]:
    """The entries whose file is not a person's note: a note is shown on its subject's page and has none of its own.

    `paths` are the files of the snapshot.
    """
    notes = notes_among(paths)
    return {path: value for path, value in by_path.items() if path not in notes}


def _subject(source: str, paths: Collection[str]) -> tuple[str, str] | None:
    """The file and the symbol that a note's own path names."""
    if not (source.startswith(FOLDER) and source.endswith(_ENDING)):
        return None
    name = source.removeprefix(FOLDER).removesuffix(_ENDING)
    if name in paths:
        return name, ""
    path, _, symbol = name.rpartition("/")
    if path in paths or looks_like_file(path):
        return path, symbol.replace("::", ".")
    return (name, "") if "/" in name and looks_like_file(name) else None


def _placed(
    source: str, wanted: str, symbol: str, symbols: Mapping[str, Iterable[Symbol]], text: Callable[[str], str]
) -> PlacedNote:
    if wanted in symbols and (not symbol or any(candidate.name == symbol for candidate in symbols[wanted])):
        return PlacedNote(source, wanted, symbol, wanted, NoteState.IN_PLACE)
    homes = set(_homes(symbol, _kind(text(source)), symbols) if symbol else _of_name(wanted, symbols))
    if len(homes) == 1:
        return PlacedNote(source, wanted, symbol, homes.pop(), NoteState.MOVED)
    return PlacedNote(source, wanted, symbol, "", NoteState.LOST)


def _kind(text: str) -> str:
    """The kind of symbol that a note's front matter names; empty for any."""
    front = _FRONT.match(text)
    kind = _KIND.search(front["keys"]) if front else None
    return kind[1] if kind else ""


def _homes(name: str, kind: str, symbols: Mapping[str, Iterable[Symbol]]) -> Iterator[str]:
    """The files that define a symbol of this name."""
    for path, defined in symbols.items():
        if not path.startswith(FOLDER) and any(
            candidate.name == name and kind in {"", candidate.kind.value} for candidate in defined
        ):
            yield path


def _of_name(wanted: str, symbols: Mapping[str, Iterable[Symbol]]) -> Iterator[str]:
    """The files of the same name in other folders."""
    name = wanted.rpartition("/")[2]
    return (path for path in symbols if path.rpartition("/")[2] == name and not path.startswith(FOLDER))

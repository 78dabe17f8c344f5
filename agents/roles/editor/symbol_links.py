"""Which symbol a name on a page means: of its file, of what that imports, of its package, of the snapshot. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from agents.contracts.analysis import Analysis
from agents.contracts.structure import PARTS_OF_DATA, Symbol, SymbolKind

#: Rust's and C++'s paths, Ruby's and Javadoc's methods, and the letter before a cref's name.
_PARTED = re.compile(r"::|#|->|/")
_ARGUMENTS = re.compile(r"\(.*$", re.DOTALL)
_CREF = re.compile(r"^[A-Z]:(?=\w)")
_OUTER = re.compile(r"^(?:[~!.]|crate\.|self\.|super\.|Self\.|this\.)+")
#: How code names the object it stands in.
_OWN = re.compile(r"^(?:self|this|cls|Self)(?:\.|::|->)")
#: Files that offer what others define.
_HUBS = frozenset({"__init__", "index", "mod", "lib"})
_GENERIC = re.compile(r"<.*$", re.DOTALL)
_NAME = re.compile(r"(?<![\w$.'\"-])[A-Za-z_$][\w$]*(?:(?:\.|::)[A-Za-z_$][\w$]*)*")
_STRING = re.compile(r"\"[^\"]*\"|'[^']*'(?!\w)")
_TYPES = frozenset(
    {SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.ENUM, SymbolKind.TRAIT, SymbolKind.TYPE,
     SymbolKind.ALIAS}
)  # fmt: skip
#: Definitions of one name among which a name without its file is looked for; more say nothing.
_MOST = 40
#: Types that a signature links.
_LISTED = 12


class SymbolLinks:
    """Finds the definition that a name means; built once for all pages."""

    def __init__(self, analyses: Mapping[str, Analysis], imports: Mapping[str, Iterable[str]]) -> None:
        self._analyses = analyses
        self._imports = imports

    @cached_property
    def _by_last(self) -> dict[str, list[tuple[str, Symbol]]]:
        by_last: dict[str, list[tuple[str, Symbol]]] = {}
        for path, analysis in self._analyses.items():
            for symbol in analysis.structure.symbols:
                if symbol.kind not in PARTS_OF_DATA and symbol.kind is not SymbolKind.RE_EXPORT:
                    by_last.setdefault(symbol.name.rpartition(".")[2], []).append((path, symbol))
        return by_last

    def mentioned(self, name: str, path: str, owner: str = "") -> tuple[str, str] | None:
        """File and name of what an author's documentation means, anywhere in the snapshot."""
        return self._definition(name, path, owner, types=False, near=False)

    def called(self, name: str, path: str, owner: str = "") -> tuple[str, str] | None:
        """What code calls: a whole name, or a method of the class it stands in; another object's is unknown."""
        own = _OWN.match(name)
        wanted = f"{owner.rpartition('.')[0]}.{name[own.end() :]}" if own else name
        place = self._definition(wanted, path, types=False, near=True)
        return place if place is not None and place[1] == _plain(wanted) else None

    def type(self, name: str, path: str) -> tuple[str, str] | None:
        """The type that code names: of its file, of what that imports, or of its folder."""
        return self._definition(name, path, types=True, near=True)

    def _definition(self, name: str, path: str, owner: str = "", *, types: bool, near: bool) -> tuple[str, str] | None:
        wanted = _plain(name)
        if not wanted:
            return None
        candidates = self._by_last.get(wanted.rpartition(".")[2], ())
        if len(candidates) > _MOST:
            candidates = [
                candidate for candidate in candidates if candidate[0] == path or candidate[0] in self._imported(path)
            ]
        places = [
            (file, symbol.name)
            for file, symbol in candidates
            if (not types or symbol.kind in _TYPES) and _ends(symbol.name, wanted)
        ]
        if "." in wanted and not places:  # the first parts may be a package, a module or a crate
            places = [
                (file, symbol.name)
                for file, symbol in candidates
                if (not types or symbol.kind in _TYPES) and _ends(wanted, symbol.name) and _lies_in(file, wanted)
            ]
        circles = self._circles(places, path, owner, wanted)
        return next(_only(circles[:-2] if near else circles), None)

    def types(self, signature: str, path: str) -> list[tuple[str, tuple[str, str]]]:
        """The types that a signature names and the snapshot defines, each once, with their definitions."""
        places: dict[str, tuple[str, str]] = {}
        for name in _NAME.findall(_STRING.sub(" ", signature)):
            if name not in places and len(places) < _LISTED:
                place = self.type(name, path)
                if place is not None:
                    places[name] = place
        return list(places.items())

    def _imported(self, path: str) -> frozenset[str]:
        direct = frozenset(self._imports.get(path, ()))
        hubs = [path for path in direct if posixpath.basename(path).partition(".")[0] in _HUBS]
        return direct.union(*(self._imports.get(hub, ()) for hub in hubs))

    def _circles(
        self, places: list[tuple[str, str]], path: str, owner: str, wanted: str
    ) -> tuple[list[tuple[str, str]], ...]:
        """The candidates by how near they are; the last two circles are the whole snapshot."""
        folder = posixpath.dirname(path)
        imported = self._imported(path)
        return (
            [place for place in places if place[0] == path and owner and place[1] == f"{owner}.{wanted}"],
            [place for place in places if place[0] == path and place[1] == wanted],
            [place for place in places if place[0] == path],
            [place for place in places if place[0] in imported and place[1] == wanted],
            [place for place in places if place[0] in imported],
            [place for place in places if posixpath.dirname(place[0]) == folder and place[1] == wanted],
            [place for place in places if place[1] == wanted],
            places if "." in wanted or len(places) == 1 else [],
        )


def _only(circles: Iterable[list[tuple[str, str]]]) -> Iterator[tuple[str, str]]:
    """The candidates that are alone in the nearest circle that has any."""
    for circle in circles:
        distinct = list(dict.fromkeys(circle))
        if len(distinct) == 1:
            yield distinct[0]
        elif distinct:
            return


def _plain(name: str) -> str:
    flat = _CREF.sub("", _ARGUMENTS.sub("", name.strip().strip("`")))
    return _OUTER.sub("", _PARTED.sub(".", _GENERIC.sub("", flat))).strip(".! ")


def _ends(name: str, end: str) -> bool:
    return name == end or name.endswith(f".{end}")


def _lies_in(file: str, name: str) -> bool:
    """Whether a part of a dotted name is a folder or a stem of the file's path."""
    parts = {part.partition(".")[0] for part in file.split("/")}
    return not parts.isdisjoint(name.split(".")[:-1])

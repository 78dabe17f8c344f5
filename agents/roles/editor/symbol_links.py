"""Which symbol a name on a page means: of its file, of what that imports, of its package, of the snapshot. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import islice
from typing import TypeAlias

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
#: Files that define one name among which a name without its file is looked for; more say nothing.
_MOST = 40
#: Types that a signature links.
_LISTED = 12
#: Symbols by their last name, then by their file: a common name is looked for in a few files, not in all.
_SymbolsByLast: TypeAlias = dict[str, dict[str, list[Symbol]]]


class SymbolLinks:
    """Finds the definition that a name means; built once for all pages."""

    def __init__(self, analyses: Mapping[str, Analysis], imports: Mapping[str, Iterable[str]]) -> None:
        self._analyses = analyses
        self._imports = imports
        self._reached: dict[str, frozenset[str]] = {}
        # A file names the same types and functions again and again.
        self._definition = lru_cache(maxsize=4_096)(self._looked_up)

    @cached_property
    def _by_last(self) -> _SymbolsByLast:
        return self._listed_by_last(lambda kind: kind not in PARTS_OF_DATA and kind is not SymbolKind.RE_EXPORT)

    @cached_property
    def _types_by_last(self) -> _SymbolsByLast:
        """Types alone: what a signature calls its parameters, a hundred functions are called."""
        return self._listed_by_last(_TYPES.__contains__)

    def _listed_by_last(self, is_listed: Callable[[SymbolKind], bool]) -> _SymbolsByLast:
        by_last: _SymbolsByLast = {}
        for path, analysis in self._analyses.items():
            for symbol in analysis.structure.symbols:
                if is_listed(symbol.kind):
                    by_last.setdefault(symbol.name.rpartition(".")[2], {}).setdefault(path, []).append(symbol)
        return by_last

    def mentioned(self, name: str, path: str, owner: str = "") -> tuple[str, str] | None:
        """File and name of what an author's documentation means, anywhere in the snapshot."""
        return self._definition(_plain(name), path, owner, types=False, near=False)

    def called(self, name: str, path: str, owner: str = "") -> tuple[str, str] | None:
        """What code calls: a whole name, or a method of the class it stands in; another object's is unknown."""
        own = _OWN.match(name)
        wanted = _plain(f"{owner.rpartition('.')[0]}.{name[own.end() :]}" if own else name)
        place = self._definition(wanted, path, "", types=False, near=True)
        return place if place is not None and place[1] == wanted else None

    def type(self, name: str, path: str) -> tuple[str, str] | None:
        """The type that code names: of its file, of what that imports, or of its folder."""
        return self._definition(_plain(name), path, "", types=True, near=True)

    def _looked_up(self, wanted: str, path: str, owner: str, *, types: bool, near: bool) -> tuple[str, str] | None:
        if not wanted:
            return None
        by_file = (self._types_by_last if types else self._by_last).get(wanted.rpartition(".")[2])
        if by_file is None:
            return None
        files = by_file if len(by_file) <= _MOST else by_file.keys() & {path, *self._imported(path)}
        candidates = [(file, symbol.name) for file in files for symbol in by_file[file]]
        places = [place for place in candidates if _ends(place[1], wanted)]
        if "." in wanted and not places:  # the first parts may be a package, a module or a crate
            places = [place for place in candidates if _ends(wanted, place[1]) and _lies_in(place[0], wanted)]
        return next(_only(self._circles(places, path, owner, wanted, near=near)), None) if places else None

    def types(self, signature: str, path: str) -> list[tuple[str, tuple[str, str]]]:
        """The types that a signature names and the snapshot defines, each once, with their definitions."""
        names = dict.fromkeys(_NAME.findall(_STRING.sub(" ", signature)))
        placed = ((name, place) for name in names if (place := self.type(name, path)) is not None)
        return list(islice(placed, _LISTED))

    def _imported(self, path: str) -> frozenset[str]:
        if path not in self._reached:
            direct = frozenset(self._imports.get(path, ()))
            hubs = [file for file in direct if posixpath.basename(file).partition(".")[0] in _HUBS]
            self._reached[path] = direct.union(*(self._imports.get(hub, ()) for hub in hubs))
        return self._reached[path]

    def _circles(
        self, places: list[tuple[str, str]], path: str, owner: str, wanted: str, *, near: bool
    ) -> Iterator[list[tuple[str, str]]]:
        """The candidates by how near they are; with `near` those of the whole snapshot are none."""
        here = [place for place in places if place[0] == path]
        yield [place for place in here if owner and place[1] == f"{owner}.{wanted}"]
        yield [place for place in here if place[1] == wanted]
        yield here
        imported = self._imported(path)
        yield [place for place in places if place[0] in imported and place[1] == wanted]
        yield [place for place in places if place[0] in imported]
        folder = posixpath.dirname(path)
        yield [place for place in places if place[1] == wanted and posixpath.dirname(place[0]) == folder]
        if not near:
            yield [place for place in places if place[1] == wanted]
            yield places if "." in wanted or len(places) == 1 else []


def _only(circles: Iterable[list[tuple[str, str]]]) -> Iterator[tuple[str, str]]:
    """The candidates that are alone in the nearest circle that has any."""
    for circle in circles:
        distinct = list(dict.fromkeys(circle))
        if len(distinct) == 1:
            yield distinct[0]
        elif distinct:
            return


def _plain(name: str) -> str:
    if name.isidentifier():
        return name
    flat = _CREF.sub("", _ARGUMENTS.sub("", name.strip().strip("`")))
    return _OUTER.sub("", _PARTED.sub(".", _GENERIC.sub("", flat))).strip(".! ")


def _ends(name: str, end: str) -> bool:
    return name == end or name.endswith(f".{end}")


def _lies_in(file: str, name: str) -> bool:
    """Whether a part of a dotted name is a folder or a stem of the file's path."""
    parts = {part.partition(".")[0] for part in file.split("/")}
    return not parts.isdisjoint(name.split(".")[:-1])

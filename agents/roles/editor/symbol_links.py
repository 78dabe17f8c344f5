"""Which symbol a name on a page means: of the same file, of what it imports, of its package, else of the snapshot. Pure."""

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
        found: dict[str, list[tuple[str, Symbol]]] = {}
        for path, analysis in self._analyses.items():
            for symbol in analysis.structure.symbols:
                if symbol.kind not in PARTS_OF_DATA and symbol.kind is not SymbolKind.RE_EXPORT:
                    found.setdefault(symbol.name.rpartition(".")[2], []).append((path, symbol))
        return found

    def definition(self, name: str, path: str, owner: str = "", *, types: bool = False) -> tuple[str, str] | None:
        """File and name of what `name` means in `path`; None when nothing, or several things, could be meant."""
        wanted = _plain(name)
        if not wanted:
            return None
        known = self._by_last.get(wanted.rpartition(".")[2], ())
        if len(known) > _MOST:
            known = [one for one in known if one[0] == path or one[0] in self._imported(path)]
        found = [(file, one.name) for file, one in known if (not types or one.kind in _TYPES) and _ends(one.name, wanted)]
        if "." in wanted and not found:  # the first parts may be a package, a module or a crate
            found = [
                (file, one.name)
                for file, one in known
                if (not types or one.kind in _TYPES) and _ends(wanted, one.name) and _lies_in(file, wanted)
            ]
        return next(self._nearest(found, path, owner, wanted), None)

    def types(self, signature: str, path: str) -> list[tuple[str, tuple[str, str]]]:
        """The types that a signature names and the snapshot defines, each once, with their definitions."""
        found: dict[str, tuple[str, str]] = {}
        for one in _NAME.findall(_STRING.sub(" ", signature)):
            if one not in found and len(found) < _LISTED:
                place = self.definition(one, path, types=True)
                if place is not None:
                    found[one] = place
        return list(found.items())

    def _imported(self, path: str) -> frozenset[str]:
        return frozenset(self._imports.get(path, ()))

    def _nearest(self, found: list[tuple[str, str]], path: str, owner: str, wanted: str) -> Iterator[tuple[str, str]]:
        """The only candidate of the nearest circle that has one."""
        folder = posixpath.dirname(path)
        imported = self._imported(path)
        circles = (
            [one for one in found if one[0] == path and owner and one[1] == f"{owner}.{wanted}"],
            [one for one in found if one[0] == path and one[1] == wanted],
            [one for one in found if one[0] == path],
            [one for one in found if one[0] in imported and one[1] == wanted],
            [one for one in found if one[0] in imported],
            [one for one in found if posixpath.dirname(one[0]) == folder and one[1] == wanted],
            [one for one in found if one[1] == wanted],
            found if "." in wanted or len(found) == 1 else [],
        )
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

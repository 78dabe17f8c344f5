"""The file that imports, with what is known around it: what every resolver is given. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from agents.codebase.imports.files import FileIndex, shared_folders
from agents.codebase.imports.packages import Packages
from agents.codebase.paths import folders_above
from agents.contracts.structure import Structure

_WORD = re.compile(r"[^\W\d]\w+")
_QUALIFIED = re.compile(r"\b([^\W\d]\w*)\.([^\W\d]\w*)")
#: An import may bring in a whole namespace; more files than this of it say nothing about the file that imports it.
_MOST_NAMED = 8


class Namespaces:
    """The files of a snapshot by the package or namespace that they declare."""

    def __init__(self, structures: Mapping[str, Structure]) -> None:
        self._files: dict[str, list[str]] = {}
        self._around: set[str] = set()
        for path, structure in structures.items():
            for name in structure.namespaces:
                self._files.setdefault(name, []).append(path)
                parts = name.split(".")
                self._around.update(".".join(parts[:end]) for end in range(1, len(parts) + 1))

    def files(self, name: str) -> Sequence[str]:
        """The files whose code is directly in it."""
        return self._files.get(name, ())

    def has(self, name: str) -> bool:
        """Whether the snapshot has code in it, or in one below it."""
        return name in self._around


@dataclass(frozen=True)
class Importer:
    """One file, the snapshot's files and packages, and what each file defines."""

    path: str
    structure: Structure
    index: FileIndex
    packages: Packages
    structures: Mapping[str, Structure]
    namespaces: Namespaces

    def distance(self, path: str) -> tuple[int, int, str]:
        """How far away a file lies: the smaller, the more of its folders are the importing file's."""
        return -shared_folders(path, self.path), path.count("/"), path

    @property
    def folder(self) -> str:
        """The folder that it lies in."""
        return posixpath.dirname(self.path)

    @cached_property
    def outside_packages(self) -> tuple[str, ...]:
        """The folders around it that are no package of Python, the nearest first."""
        around = reversed(folders_above(self.path))
        return tuple(folder for folder in around if f"{folder}/__init__.py" not in self.index.paths)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every name in its signatures and calls."""
        return frozenset(_WORD.findall(self._code))

    def names_of(self, qualifier: str) -> frozenset[str]:
        """The names that it uses behind a qualifier, as `Do` in `util.Do`."""
        return frozenset(name for owner, name in self._qualified if owner == qualifier)

    def defining(self, members: Iterable[str], names: Iterable[str]) -> list[str]:
        """Those of some files that define, or are called, one of the names; a few at most."""
        wanted = set(names)
        paths = [
            path
            for path in members
            if posixpath.basename(path).split(".")[0] in wanted or not wanted.isdisjoint(self._defined(path))
        ]
        return paths[:_MOST_NAMED]

    @cached_property
    def _code(self) -> str:
        return " ".join(
            text for symbol in self.structure.symbols for text in (symbol.signature, symbol.default, *symbol.calls)
        )

    @cached_property
    def _qualified(self) -> list[tuple[str, str]]:
        return _QUALIFIED.findall(self._code)

    def _defined(self, path: str) -> Iterable[str]:
        structure = self.structures.get(path)
        return () if structure is None else (symbol.name.partition(".")[0] for symbol in structure.symbols)

"""What the scanner knows of the files around a file: its imports, their signatures, its siblings. Pure."""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from agents.codebase.imports.files import FileIndex
from agents.codebase.imports.resolve import NAMESPACED, resolve
from agents.codebase.paths import speaks_for_folder
from agents.contracts.context import ImportedFile, Neighbour
from agents.contracts.structure import Structure, Symbol, Topic
from agents.errors import FileUnparseable
from agents.roles.scanner.outline import outline
from agents.text.cleaning import clean_line

#: Beyond this the scan would take minutes: keys must not depend on how fast a machine reads, so it is no deadline.
MOST_FILES = 5_000
MOST_BYTES = 50_000_000
#: Signatures of one file, letters of one and of the documentation behind it.
_SIGNATURES = 40
_SIGNATURE_LIMIT = 160
_DOC_LIMIT = 100
_SIBLINGS = 8
#: Of a file that imports hundreds, the analyst reads about the first of them.
_MOST_IMPORTS = 60


@dataclass(frozen=True)
class Readable:
    """A file that has a text."""

    path: str
    language: str
    bytes: int


#: Takes a file's path and its structure.
TakeStructure: TypeAlias = Callable[[str, Structure], None]
#: Reads files, in any order; one that cannot be read is not handed on.
ReadEach: TypeAlias = Callable[[Sequence[Readable], TakeStructure], None]


@dataclass(frozen=True)
class NeighbourIndex:
    """The structures of a whole snapshot, by path; none when there is nothing to tell. `note` says which and why."""

    note: str = ""
    outline: str = ""
    structures: Mapping[str, Structure] = field(default_factory=dict)
    evidence: Mapping[str, Mapping[Topic, int]] = field(default_factory=dict)

    @cached_property
    def imports(self) -> dict[str, tuple[ImportedFile, ...]]:
        """The files that a file imports, in the order of its imports, by its path."""
        dependencies, _ = resolve(self.structures, FileIndex(self.structures))
        imports: dict[str, list[ImportedFile]] = defaultdict(list)
        for dependency in dependencies:
            names = [
                name
                for imported in self.structures[dependency.source].imports
                if imported.lines == dependency.lines
                for name in imported.names
            ]
            imports[dependency.source].append(ImportedFile(path=dependency.target, names=tuple(dict.fromkeys(names))))
        return {path: tuple(imported) for path, imported in imports.items()}

    def imported_by(self, path: str) -> tuple[str, ...]:
        """The paths of the files that this one imports."""
        return tuple(neighbour.path for neighbour in self.imports.get(path, ()))

    def shown_imports(self, path: str) -> tuple[ImportedFile, ...]:
        """The imports that its analyst reads about."""
        return self.imports.get(path, ())[:_MOST_IMPORTS]

    @cached_property
    def signatures(self) -> dict[str, tuple[str, ...]]:
        """What each imported file offers, by its path: many import the same ones."""
        imported = {neighbour.path for neighbours in self.imports.values() for neighbour in neighbours}
        return {path: signatures(self.structures[path]) for path in imported}

    @cached_property
    def _folders(self) -> dict[str, list[str]]:
        folders: dict[str, list[str]] = defaultdict(list)
        for path in sorted(self.structures, key=lambda path: (not speaks_for_folder(path), path)):
            folders[posixpath.dirname(path)].append(path)
        return folders

    def siblings(self, path: str) -> tuple[str, ...]:
        """Files of the same folder that it does not import, what speaks for the folder first."""
        met = {path, *self.imported_by(path)}
        return tuple([path for path in self._folders.get(posixpath.dirname(path), ()) if path not in met][:_SIBLINGS])

    def neighbours(self, paths: Iterable[str], analysis_keys: Mapping[str, str]) -> tuple[Neighbour, ...]:
        """Every file around these, signatures only of those that are imported."""
        own = list(paths)
        imported = {neighbour.path for path in own for neighbour in self.shown_imports(path)}
        beside = {sibling for path in own for sibling in self.siblings(path)}
        return tuple(
            Neighbour(
                path=path,
                analysis_key=analysis_keys[path],
                signatures=self.signatures[path] if path in imported else (),
            )
            for path in sorted(imported | beside)
            if path in analysis_keys
        )


def read_all(
    repository: str, files: Iterable[Readable], read_each: ReadEach, most: tuple[int, int] = (MOST_FILES, MOST_BYTES)
) -> NeighbourIndex:
    """Read every file's structure, if that fits `most` files and bytes; a file that cannot be read has none."""
    wanted = list(files)
    size = sum(file.bytes for file in wanted)
    if len(wanted) > most[0] or size > most[1]:
        return NeighbourIndex(
            f"none: {len(wanted):,} files of {size:,} bytes are more than the {most[0]:,} of {most[1]:,} that are read"
        )
    structures: dict[str, Structure] = {}
    evidence: dict[str, Counter[Topic]] = {}

    def take(path: str, structure: Structure) -> None:
        structures[path] = _slim(structure)
        evidence[path] = Counter(piece.topic for piece in structure.evidence)

    read_each(wanted, take)
    in_order = {file.path: structures[file.path] for file in wanted if file.path in structures}
    return NeighbourIndex(
        f"{len(in_order):,} of {len(wanted):,} files read for imports and signatures",
        outline(repository, in_order),
        in_order,
        evidence,
    )


def read_by_one(
    read: Callable[[str, str, str], Structure],
    text_of: Callable[[str], str],
    files: Iterable[Readable],
    take: TakeStructure,
) -> None:
    """Read files one after another; `read` takes a path, a language and a text."""
    for file in files:
        try:
            structure = read(file.path, file.language, text_of(file.path))
        except FileUnparseable:
            continue  # its analyst will name the gap
        take(file.path, structure)


def signatures(structure: Structure) -> tuple[str, ...]:
    """Public symbols as a reader of another file wants them."""
    return tuple(_signature(symbol) for symbol in structure.definitions if symbol.public)[:_SIGNATURES]


def _signature(symbol: Symbol) -> str:
    doc = clean_line(symbol.doc.strip().partition("\n")[0])[:_DOC_LIMIT]
    text = f"{clean_line(symbol.name)}: {clean_line(symbol.signature)[:_SIGNATURE_LIMIT]}"
    return f"{text} - {doc}" if doc else text


def _slim(structure: Structure) -> Structure:
    """What is needed of a structure until the plan is written: thousands are held at once."""
    symbols = tuple(
        symbol.with_changes(
            doc=symbol.doc.strip().partition("\n")[0][:_DOC_LIMIT],
            calls=symbol.calls if structure.language in NAMESPACED else (),
            raises=(),
            decorators=(),
            parameters=(),
        )
        for symbol in (structure.symbols if structure.language in NAMESPACED else structure.definitions)
    )
    return structure.with_changes(symbols=symbols, evidence=(), doc=structure.doc[:2_000])

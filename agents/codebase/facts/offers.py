"""What a package offers to those who import it: names and re-exports of its entry file, followed home. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from agents.codebase.files.built_folders import source_of
from agents.codebase.paths import is_generated, is_product
from agents.contracts.structure import ManifestKind, Structure, Symbol, SymbolKind
from agents.contracts.synthesis import Dependency

#: Re-exports of re-exports that are followed.
_FAR = 6
#: Entries of one package of npm.
_ENTRIES = 60
_SCRIPTS = frozenset(
    {"setup.py", "conftest.py", "noxfile.py", "tasks.py", "fabfile.py", "manage.py", "dodo.py", "wscript.py"}
)
_NPM = re.compile(r"^(?:src/|lib/)?index\.(?:[cm]?[jt]sx?)$")
_SCRIPT = re.compile(r"(?:\.d)?\.[cm]?[jt]sx?$")
_RUST = re.compile(r"^(?:.*/)?src/lib\.rs$")
_INTERNAL = re.compile(r"(?:^|/)(?:internal|cmd|third_party|vendor)/")
_DUNDER = re.compile(r"^__\w+__$")


@dataclass(frozen=True)
class Offered:
    """A name that users of a package may import: `path` and `symbol` are where it is defined."""

    name: str
    path: str
    symbol: Symbol


@dataclass(frozen=True)
class EntryFile:
    """A file that users import from, and how they name it."""

    path: str
    label: str


class Offers:
    """Finds entries and what they offer among the structures of a snapshot."""

    def __init__(
        self,
        structures: Mapping[str, Structure],
        imports: Mapping[str, Sequence[Dependency]],
        others: Collection[str] = (),
    ) -> None:
        """`others` are paths of files without a structure: an empty `__init__.py` makes a package, too."""
        self._structures = structures
        self._imports = imports
        self._paths = {*structures, *others}

    def entries(self) -> list[tuple[EntryFile, list[Offered]]]:
        """Each entry with the names it offers, those without any left out."""
        entries = sorted(
            {entry.path: entry for entry in self._entries()}.items(), key=lambda item: (item[1].label, item[0])
        )
        listed = [(entry, list(self.offered(path))) for path, entry in entries]
        return [(entry, offered) for entry, offered in listed if offered]

    def offered(self, path: str, far: int = _FAR) -> Iterator[Offered]:
        """The names that a file offers, each once."""
        seen: set[str] = set()
        for offer in self._all(path, far):
            if offer.name not in seen and not _DUNDER.match(offer.name):
                seen.add(offer.name)
                yield offer

    def _entries(self) -> Iterator[EntryFile]:
        for path, structure in self._structures.items():
            if not is_product(path) or is_generated(path):
                continue
            folder, name = posixpath.split(path)
            if structure.language == "python":
                label = self._python_package(folder)
                # Below the top a package is an entry where it says itself what it offers.
                if name == "__init__.py" and ("." not in label or _declares(structure)):
                    yield EntryFile(path, label)
                elif (
                    folder in {"", "src"} and name.endswith(".py") and name not in _SCRIPTS and not name.startswith("_")
                ):
                    yield EntryFile(path, name.removesuffix(".py"))
            elif _RUST.match(path):
                yield EntryFile(path, self._crate(posixpath.dirname(folder)))
            elif structure.package is not None and structure.package.kind is ManifestKind.NPM:
                yield from self._npm(folder, structure)
            elif structure.language == "go" and not _INTERNAL.search(path) and "main" not in _names(structure):
                yield EntryFile(path, folder or ".")

    def _python_package(self, folder: str) -> str:
        """The dotted name of the package in a folder."""
        above = posixpath.dirname(folder)
        name = posixpath.basename(folder)
        is_inside = above and f"{above}/__init__.py" in self._paths
        return f"{self._python_package(above)}.{name}" if is_inside else name

    def _crate(self, folder: str) -> str:
        """A crate's name by its manifest, else by its folder."""
        manifest = self._structures.get(posixpath.join(folder, "Cargo.toml"))
        package = manifest.package if manifest is not None else None
        return package.name if package and package.name else posixpath.basename(folder) or "crate"

    def _npm(self, folder: str, manifest: Structure) -> Iterator[EntryFile]:
        package = manifest.package
        name = package.name if package else ""
        if folder and not name:
            return  # it sends importers of a folder to the files of the package around it
        entries: list[EntryFile] = []
        for key, files in package.entries.items() if package else ():
            # What a package gives away was built of sources that its users read here.
            paths = [posixpath.normpath(posixpath.join(folder, file)) for file in files]
            paths = [path if path in self._structures else source_of(path, self._structures) for path in paths]
            offering = (path for path in paths if path in self._structures and _offers(path))
            entries += [EntryFile(path, f"{name}{key.lstrip('.')}") for path in list(offering)[:1]]
        yield from (
            entries[:_ENTRIES]
            or [
                EntryFile(path, name or folder)
                for path in self._structures
                if _NPM.match(posixpath.relpath(path, folder or "."))
            ][:8]
        )

    def _all(self, path: str, far: int) -> Iterator[Offered]:
        structure = self._structures.get(path)
        if structure is None:
            return
        for symbol in structure.symbols:
            if "." in symbol.name or not symbol.public:
                continue
            if symbol.kind is SymbolKind.RE_EXPORT:
                yield from self._followed(path, symbol, far)
            elif symbol.kind is not SymbolKind.MODULE:
                yield Offered(symbol.name, path, symbol)
        if posixpath.basename(path) == "__init__.py":
            yield from self._imported(path, structure, far)

    def _imported(self, path: str, structure: Structure, far: int) -> Iterator[Offered]:
        declares = _declares(structure)
        for bound in structure.imports:
            # Without `__all__` a package offers what its `__init__` imports from its own modules.
            for name in bound.names if bound.target.startswith(".") and not declares else ():
                if name != "*" and not name.startswith("_"):
                    signature = f"from {bound.target} import {name}"
                    written = Symbol(name=name, kind=SymbolKind.RE_EXPORT, signature=signature, lines=bound.lines)
                    target = f"{bound.target}.{name}"
                    followed = self._followed(path, written.model_copy(update={"target": target}), far)
                    yield from (offer for offer in followed if offer.symbol.kind is not SymbolKind.RE_EXPORT)
            if "*" in bound.names and far:
                for target in self._targets(path, bound.lines.start, bound.lines.end):
                    yield from self.offered(target, far - 1)

    def _followed(self, path: str, symbol: Symbol, far: int) -> Iterator[Offered]:
        """A re-export at its definition in the snapshot, or where it stands when that is elsewhere."""
        targets = self._targets(path, symbol.lines.start, symbol.lines.end)
        if symbol.name == "*":
            targets = targets or self._named(path, symbol.target)
            for target in targets if far else ():
                yield from self.offered(target, far - 1)
            return
        *_, module, wanted = ["", *re.split(r"[.#:/]+", symbol.target or symbol.name)]
        # An importer's dependency on a file has the lines of its first import alone.
        others = [item.target for item in self._imports.get(path, ()) if module and module in _parts(item.target)]
        for target in dict.fromkeys((*targets, *(item for item in others if item in self._structures))):
            for other in self._structures[target].symbols if far else ():
                if other.name == wanted and other.kind is SymbolKind.RE_EXPORT:
                    yield from (
                        Offered(symbol.name, end.path, end.symbol) for end in self._followed(target, other, far - 1)
                    )
                    return
                if other.name == wanted:
                    yield Offered(symbol.name, target, other)
                    return
        yield Offered(symbol.name, path, symbol)

    def _targets(self, path: str, first: int, last: int) -> list[str]:
        return [
            dependency.target
            for dependency in self._imports.get(path, ())
            if dependency.lines.start <= last
            and first <= dependency.lines.end
            and dependency.target in self._structures
        ]

    def _named(self, path: str, relative: str) -> list[str]:
        """The file that `./other.js` means, among those that this file imports on other lines."""
        if not relative.startswith("."):
            return []
        wanted = _stem(posixpath.normpath(posixpath.join(posixpath.dirname(path), relative)))
        targets = dict.fromkeys(item.target for item in self._imports.get(path, ()) if item.target in self._structures)
        return [target for target in targets if wanted in {_stem(target), posixpath.dirname(target)}]


def _stem(path: str) -> str:
    return _SCRIPT.sub("", path)


def _offers(path: str) -> bool:
    """Whether a file that a manifest names is code of the product."""
    return is_product(path) and not path.endswith((".json", ".css", ".map"))


def _declares(structure: Structure) -> bool:
    """Whether a Python file names what it offers of other files."""
    return any(symbol.kind is SymbolKind.RE_EXPORT for symbol in structure.symbols)


def _parts(path: str) -> list[str]:
    folder, name = posixpath.split(path)
    return [name.partition(".")[0], posixpath.basename(folder)]


def _names(structure: Structure) -> set[str]:
    return {symbol.name for symbol in structure.symbols}

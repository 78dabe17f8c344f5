"""The packages of a snapshot, as their manifests declare them: what an import by a package's name leads to. Pure."""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from agents.codebase.imports.files import FileIndex
from agents.contracts.structure import ImportNames, ManifestKind, Structure

_MOST_EXTENDED = 5


@dataclass(frozen=True)
class Package:
    """A manifest and the folder it lies in."""

    folder: str
    manifest: ImportNames


class Packages:
    """Every package of the snapshot, by kind and name, and by the folders that they cover."""

    def __init__(self, structures: Mapping[str, Structure], index: FileIndex) -> None:
        self._by_name: dict[tuple[ManifestKind, str], Package] = {}
        self._in_folder: dict[tuple[ManifestKind, str], Package] = {}
        self._by_path: dict[str, Package] = {}
        self._of_kind: dict[ManifestKind, list[Package]] = defaultdict(list)
        for path, structure in sorted(structures.items()):
            if structure.package is not None:
                self._add(path, Package(posixpath.dirname(path), structure.package))
        self.go_modules = self._declared_go_modules() or _voted_go_modules(structures, index)

    def _add(self, path: str, package: Package) -> None:
        kind = package.manifest.kind
        self._by_path[path] = package
        self._of_kind[kind].append(package)
        if package.manifest.name:
            self._by_name.setdefault((kind, package.manifest.name), package)
        # `tsconfig.json` is the one that a compiler reads by itself; `tsconfig.build.json` extends or is extended.
        if kind is not ManifestKind.TSCONFIG or posixpath.basename(path) in {"tsconfig.json", "jsconfig.json"}:
            self._in_folder.setdefault((kind, package.folder), package)

    def named(self, kind: ManifestKind, name: str) -> Package | None:
        """The package of this name."""
        return self._by_name.get((kind, name))

    def of_kind(self, kind: ManifestKind) -> list[Package]:
        """Every package of one kind, in the order of their paths."""
        return self._of_kind.get(kind, [])

    def around(self, kind: ManifestKind, path: str) -> Iterator[Package]:
        """The packages that a file lies in, the closest first."""
        folder = posixpath.dirname(path)
        while True:
            package = self._in_folder.get((kind, folder))
            if package is not None:
                yield package
            if not folder:
                return
            folder = posixpath.dirname(folder)

    def extended(self, package: Package) -> Iterator[Package]:
        """A compiler's configuration and those that it extends, its own first."""
        waiting, met = [package], 0
        while waiting and met < _MOST_EXTENDED:
            met += 1
            current = waiting.pop(0)
            yield current
            for name in current.manifest.extends:
                path = posixpath.normpath(posixpath.join(current.folder, name))
                parent = self._by_path.get(path) or self._by_path.get(f"{path}.json")
                if name.startswith(".") and parent is not None:
                    waiting.append(parent)

    def _declared_go_modules(self) -> dict[str, str]:
        """Each module's folder by its name, and by the name that another one replaces with that folder."""
        modules = self.of_kind(ManifestKind.GO)
        replaced = {
            name: posixpath.normpath(posixpath.join(package.folder, folder))
            for package in modules
            for name, (folder,) in package.manifest.aliases.items()
        }
        return replaced | {package.manifest.name: package.folder for package in modules}


def _voted_go_modules(structures: Mapping[str, Structure], index: FileIndex) -> dict[str, str]:
    """Without a go.mod, by vote: what is left of most imports once a folder of the snapshot is cut off."""
    votes: Counter[str] = Counter()
    targets = {i.target for structure in structures.values() if structure.language == "go" for i in structure.imports}
    for target in targets:
        parts = target.split("/")
        for cut in range(1, len(parts)):
            folder = "/".join(parts[cut:])
            if index.members(folder, (".go",)) and "." in parts[0]:
                votes["/".join(parts[:cut])] += 1
    if not votes:
        return {}
    best = max(votes, key=lambda prefix: (votes[prefix], -prefix.count("/"), prefix))
    return {best: ""}

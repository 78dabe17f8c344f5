"""Resolves imports to files of the snapshot: one small resolver per language family, best effort. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from agents.codebase.imports import own_libraries
from agents.codebase.imports.files import FileIndex
from agents.codebase.imports.importer import Importer, Namespaces
from agents.codebase.imports.namespaces import resolve_csharp, resolve_go, resolve_jvm, resolve_php, resolve_swift
from agents.codebase.imports.packages import Packages
from agents.codebase.imports.rust import resolve_rust
from agents.codebase.imports.scripts import resolve_script
from agents.codebase.paths import folders_above
from agents.contracts.structure import Import, ManifestKind, Structure
from agents.contracts.synthesis import Dependency

#: Languages whose imports lead to the files that define what the importing file calls.
NAMESPACED = frozenset({"csharp", "go", "java", "kotlin", "scala", "swift", "php"})
#: Folders of a gem, of Rails and of test runners that `require` starts from.
_LOAD_PATH = ("lib", "app", "test", "spec")
Resolver = Callable[[Import, Importer], Iterable[str | None]]


def resolve(
    structures: Mapping[str, Structure], index: FileIndex
) -> tuple[tuple[Dependency, ...], dict[str, tuple[str, ...]]]:
    """Dependencies between files, once per pair, and by file the import targets that no file answers."""
    packages, namespaces = Packages(structures, index), Namespaces(structures)
    dependencies: dict[tuple[str, str], Dependency] = {}
    outside: dict[str, tuple[str, ...]] = {}
    for path, structure in structures.items():
        importer = Importer(path, structure, index, packages, structures, namespaces)
        resolver = RESOLVERS.get(structure.language, _relative)
        unknown: list[str] = []
        for imported in structure.imports:
            targets = list(dict.fromkeys(target for target in resolver(imported, importer) if target))
            if not targets:
                unknown.append(imported.target)
            for target in targets:
                if target != path:
                    dependencies.setdefault(
                        (path, target), Dependency(source=path, target=target, lines=imported.lines)
                    )
        outside[path] = tuple(unknown)
    return tuple(dependencies.values()), outside


def _python(imported: Import, importer: Importer) -> Iterator[str | None]:
    target = imported.target
    dots = len(target) - len(target.lstrip("."))
    parts = [part for part in target.lstrip(".").split(".") if part]
    roots = _roots(importer, parts[0] if parts else "")
    if dots:
        folder = importer.folder
        for _ in range(dots - 1):
            folder = posixpath.dirname(folder)
        roots = [folder]
    bases = [posixpath.join(root, *parts) for root in roots]
    submodules = [importer.index.first(_python_files(f"{base}/{name}" for base in bases)) for name in imported.names]
    yield from submodules
    if any(submodules):
        return
    # What a package generates is in no snapshot: to import it runs the package around it.
    for end in range(len(parts), 0, -1):
        file = importer.index.first(_python_files(posixpath.join(root, *parts[:end]) for root in roots))
        if file:
            yield file
            return
    yield importer.index.first(f"{base}/__init__.py" for base in bases if dots)
    if not dots and len(parts) > 1 and parts[0] not in own_libraries.PYTHON:
        dotted = "/".join(parts)
        yield importer.index.ending(f"{dotted}.py", importer.path) or importer.index.ending(
            f"{dotted}/__init__.py", importer.path
        )


def _python_files(bases: Iterable[str]) -> Iterator[str]:
    for base in bases:
        yield from (f"{base}.py", f"{base}/__init__.py", f"{base}.pyi")


def _roots(importer: Importer, name: str) -> Sequence[str]:
    """Where an absolute import may start: folders above the file that are no packages, src layouts, the root.

    A name of the standard library is the repository's only beside a script, whose folder Python looks in first.
    """
    above = importer.outside_packages
    if name in own_libraries.PYTHON:
        return above[:1] if above[:1] == (importer.folder,) or not importer.folder else ()
    declared = [
        posixpath.normpath(posixpath.join(package.folder, folder))
        for package in importer.packages.of_kind(ManifestKind.PYTHON)
        for folder in package.manifest.entries.get(".", ())
    ]
    return ["", "src", "lib", "python", *above, *declared]


def _include(imported: Import, importer: Importer) -> Iterator[str | None]:
    target = imported.target.strip("<>\"'")
    if own_libraries.is_c_header(target):
        return
    here = posixpath.join(importer.folder, target)
    yield importer.index.first([here, target, f"include/{target}", f"src/{target}"]) or importer.index.ending(
        posixpath.normpath(target).removeprefix("../"), importer.path
    )


def _ruby(imported: Import, importer: Importer) -> Iterator[str | None]:
    target = imported.target.removesuffix(".rb")
    if target.startswith("."):
        yield importer.index.first([posixpath.join(importer.folder, f"{target}.rb")])
        return
    # `require` looks in the folders that gems, Rails and test runners put on the load path, never beside the file.
    above = ["", *reversed(folders_above(importer.path))]
    tries = [posixpath.join(root, load, f"{target}.rb") for root in above for load in _LOAD_PATH]
    yield importer.index.first([*tries, f"{target}.rb"]) or (
        importer.index.ending(f"lib/{target}.rb", importer.path) if "/" in target else None
    )


def _lua(imported: Import, importer: Importer) -> Iterator[str | None]:
    if imported.target in own_libraries.LUA:
        return
    base = imported.target.replace(".", "/")
    yield importer.index.ending(f"{base}.lua", importer.path) or importer.index.ending(
        f"{base}/init.lua", importer.path
    )


def _bash(imported: Import, importer: Importer) -> Iterator[str | None]:
    # A script sources by a path that often starts with a variable: what follows it is what can be found.
    parts = [
        part for part in imported.target.strip("\"'").split("/") if part and part[0] not in "$.~" and "$" not in part
    ]
    plain = "/".join(parts)
    if plain:
        yield importer.index.first([posixpath.join(importer.folder, plain), plain]) or importer.index.ending(
            plain, importer.path
        )


def _relative(imported: Import, importer: Importer) -> Iterator[str | None]:
    target = imported.target.split("#")[0].split("?")[0]
    if target and "://" not in target:
        yield importer.index.first([posixpath.join(importer.folder, target), target.lstrip("/")])


RESOLVERS: Mapping[str, Resolver] = {
    "python": _python,
    **dict.fromkeys(("javascript", "typescript", "tsx"), resolve_script),
    **dict.fromkeys(("java", "kotlin", "scala"), resolve_jvm),
    **dict.fromkeys(("c", "cpp"), _include),
    "go": resolve_go,
    "csharp": resolve_csharp,
    "swift": resolve_swift,
    "rust": resolve_rust,
    "ruby": _ruby,
    "php": resolve_php,
    "lua": _lua,
    "bash": _bash,
}

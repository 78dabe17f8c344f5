"""Resolves imports to files of the snapshot: one small resolver per language family, best effort. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping

from agents.codebase.imports.files import FileIndex
from agents.codebase.imports.importer import Importer
from agents.codebase.imports.namespaces import resolve_csharp, resolve_go, resolve_jvm, resolve_php
from agents.codebase.imports.packages import Packages
from agents.codebase.imports.rust import resolve_rust
from agents.codebase.imports.scripts import resolve_script
from agents.contracts.structure import Import, ManifestKind, Structure
from agents.contracts.synthesis import Dependency

#: Languages whose imports lead to the files that define what the importing file calls.
NAMESPACED = frozenset({"csharp", "go", "java", "kotlin", "scala"})
Resolver = Callable[[Import, Importer], Iterable[str | None]]


def resolve(
    structures: Mapping[str, Structure], index: FileIndex
) -> tuple[tuple[Dependency, ...], dict[str, tuple[str, ...]]]:
    """Dependencies between files, once per pair, and by file the import targets that no file answers."""
    packages = Packages(structures, index)
    dependencies: dict[tuple[str, str], Dependency] = {}
    outside: dict[str, tuple[str, ...]] = {}
    for path, structure in structures.items():
        importer = Importer(path, structure, index, packages, structures)
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
    dotted = target.lstrip(".").replace(".", "/")
    if dots:
        folder = importer.folder
        for _ in range(dots - 1):
            folder = posixpath.dirname(folder)
        bases = [posixpath.join(folder, dotted) if dotted else folder]
    else:
        bases = [posixpath.join(root, dotted) for root in _roots(importer)]
    submodules = [importer.index.first(_python_file(f"{base}/{name}") for base in bases) for name in imported.names]
    package = importer.index.first(
        candidate for base in bases for candidate in (f"{base}.py", f"{base}/__init__.py", f"{base}.pyi")
    )
    if package is None and not dots and "/" in dotted:
        package = importer.index.ending(f"{dotted}.py", importer.path) or importer.index.ending(
            f"{dotted}/__init__.py", importer.path
        )
    yield from submodules
    packages = [importer.index.first([f"{base}/{name}/__init__.py" for base in bases]) for name in imported.names]
    yield from packages
    if not any(submodules) and not any(packages):
        yield package


def _python_file(base: str) -> str:
    return f"{base}.py"


def _roots(importer: Importer) -> list[str]:
    """Where an absolute import may start: the root, src layouts, and every folder above the file."""
    declared = [
        posixpath.normpath(posixpath.join(package.folder, folder))
        for package in importer.packages.of_kind(ManifestKind.PYTHON)
        for folder in package.manifest.entries.get(".", ())
    ]
    above: list[str] = []
    folder = importer.folder
    while folder:
        above.append(folder)
        folder = posixpath.dirname(folder)
    return ["", "src", "lib", "python", *above, *declared]


def _include(imported: Import, importer: Importer) -> Iterator[str | None]:
    target = imported.target.strip("<>\"'")
    here = posixpath.join(importer.folder, target)
    yield importer.index.first([here, target, f"include/{target}", f"src/{target}"]) or importer.index.ending(
        posixpath.normpath(target).removeprefix("../"), importer.path
    )


def _ruby(imported: Import, importer: Importer) -> Iterator[str | None]:
    target = imported.target.removesuffix(".rb")
    here = posixpath.join(importer.folder, target)
    yield importer.index.first([f"{here}.rb", f"lib/{target}.rb", f"{target}.rb", f"app/{target}.rb"]) or (
        importer.index.ending(f"{target}.rb", importer.path) if "/" in target and not target.startswith(".") else None
    )


def _lua(imported: Import, importer: Importer) -> Iterator[str | None]:
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
    "rust": resolve_rust,
    "ruby": _ruby,
    "php": resolve_php,
    "lua": _lua,
    "bash": _bash,
}

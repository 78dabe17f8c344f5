"""Resolves imports of JavaScript and TypeScript: paths, aliases of compilers, packages of a workspace. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from agents.codebase.imports.importer import Importer
from agents.codebase.imports.own_libraries import NODE
from agents.codebase.imports.packages import Package
from agents.contracts.structure import Import, ManifestKind

_SUFFIXES: Final = (
    ".ts",
    ".tsx",
    ".d.ts",
    ".js",
    ".jsx",
    ".mjs",
    ".cjs",
    ".mts",
    ".cts",
    ".vue",
    ".svelte",
    ".json",
    ".css",
)
#: TypeScript's ESM style writes the suffix of the file that will be built.
_BUILT: Final = (".js", ".jsx", ".mjs", ".cjs")
#: Folders that a build writes into; what a manifest names there has its source under the others.
_BUILDS: Final = ("dist", "build", "lib", "out", "esm", "cjs", "es", "types")
_SOURCES: Final = ("src", "source", "lib", "")


def resolve_script(imported: Import, importer: Importer) -> Iterator[str | None]:
    """The file that an import of a script names."""
    target = imported.target.split("?", 1)[0]
    if target.startswith("."):
        yield _file(importer, [posixpath.join(importer.folder, target)])
        return
    for candidates in (_aliased(target, importer), _of_package(target, importer), _by_habit(target)):
        file = _file(importer, candidates)
        if file:
            yield file
            return
    if _workspace(target, importer) is not None:  # it is the repository's, and its file is built
        yield importer.path


def _workspace(target: str, importer: Importer) -> Package | None:
    """The workspace's package that an import names."""
    length = 2 if target.startswith("@") else 1
    return importer.packages.named(ManifestKind.NPM, "/".join(target.split("/")[:length]))


def _file(importer: Importer, bases: Iterable[str]) -> str | None:
    for base in bases:
        plain = posixpath.splitext(base)[0] if base.endswith(_BUILT) else base
        tries = [
            base,
            *(f"{plain}{suffix}" for suffix in _SUFFIXES),
            *(f"{base}/index{suffix}" for suffix in _SUFFIXES),
        ]
        file = importer.index.first(tries)
        if file:
            return file
    return None


def _aliased(target: str, importer: Importer) -> Iterator[str]:
    """What `paths` and `baseUrl` of the closest compiler configuration make of it, and `imports` of its package."""
    closest = next(importer.packages.around(ManifestKind.TSCONFIG, importer.path), None)
    for package in importer.packages.extended(closest) if closest else ():
        base = posixpath.join(package.folder, package.manifest.base)
        yield from (posixpath.join(base, below) for below in _matches(target, package.manifest.aliases))
        if package.manifest.base:
            yield posixpath.join(base, target)
    own = next(importer.packages.around(ManifestKind.NPM, importer.path), None)
    if own is not None:
        yield from _built_or_source(own, _matches(target, own.manifest.aliases))


def _of_package(target: str, importer: Importer) -> Iterator[str]:
    """The entry of the workspace's package of this name."""
    parts = target.split("/")
    if target in NODE:
        return
    package = _workspace(target, importer)
    if package is None:
        return
    below = "/".join(parts[2 if target.startswith("@") else 1 :])
    entry = f"./{below}" if below else "."
    yield from _built_or_source(package, _matches(entry, package.manifest.entries))
    if below:
        yield from (posixpath.join(package.folder, source, below) for source in ("", *_SOURCES))
    else:
        yield from (posixpath.join(package.folder, source, "index") for source in _SOURCES)


def _built_or_source(package: Package, targets: Iterable[str]) -> Iterator[str]:
    for target in targets:
        yield posixpath.join(package.folder, target)
        first, _, rest = target.removeprefix("./").partition("/")
        if first in _BUILDS and rest:
            while rest.partition("/")[0] in _BUILDS:  # dist/esm/index.js
                rest = rest.partition("/")[2]
            name = rest.removesuffix(".d.ts") if rest.endswith(".d.ts") else rest
            yield from (posixpath.join(package.folder, source, name) for source in _SOURCES)


def _matches(target: str, patterns: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """What the patterns make of a name: an exact one first, then the longest one with a star."""
    yield from patterns.get(target, ())
    starred = sorted((pattern for pattern in patterns if "*" in pattern), key=len, reverse=True)
    for pattern in starred:
        before, _, after = pattern.partition("*")
        if target.startswith(before) and target.endswith(after) and len(target) >= len(before) + len(after):
            middle = target[len(before) : len(target) - len(after)]
            yield from (replacement.replace("*", middle) for replacement in patterns[pattern])


def _by_habit(target: str) -> list[str]:
    """Aliases that bundlers have by default or by habit, where no configuration says another thing."""
    if target.startswith(("@/", "~/")):
        return [target[2:], f"src/{target[2:]}", f"app/{target[2:]}"]
    return [target[1:], f"src{target}", f"public{target}"] if target.startswith("/") else []

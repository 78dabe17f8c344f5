"""Knows which folders of a JavaScript package hold what its build made of the sources beside them. Pure."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from typing import Final

from agents.codebase.files.attributes import FileAttributes

_NAMES: Final = frozenset({"dist", "build", "lib", "out", "es", "esm", "cjs", "umd", "types"})
_BUILT: Final = re.compile(r"\.(?:d\.[cm]?ts|[cm]?js)(?:\.map)?$")
_SOURCE: Final = re.compile(r"(?<!\.d)\.[cm]?tsx?$")


def built_folders(paths: Collection[str]) -> frozenset[str]:
    """The folders of compiled scripts: beside a `package.json` and a `src` whose TypeScript files most of them mirror.

    The files of a folder named `dist`, which is no author's word, may be fewer: a bundler joins many into one.
    """
    everything = set(paths)
    sources = {_SOURCE.sub("", path) for path in everything if _SOURCE.search(path)}
    stems: dict[str, set[str]] = defaultdict(set)
    for path in filter(_BUILT.search, everything):
        for folder in _above(path):
            parent, name = posixpath.split(folder)
            if name in _NAMES and posixpath.join(parent, "package.json") in everything:
                stems[folder].add(_BUILT.sub("", path.removeprefix(f"{folder}/")))
    built: set[str] = set()
    for folder, names in stems.items():
        beside = posixpath.join(posixpath.dirname(folder), "src")
        # A build for several readers has a folder for each: `build/modern/query.js`.
        inner = {name: name.partition("/")[2] for name in names}
        mirrored = sum(
            1
            for name in names
            if posixpath.join(beside, name) in sources
            or (inner[name] and posixpath.join(beside, inner[name]) in sources)
        )
        if mirrored * 2 > len(names) or (mirrored and posixpath.basename(folder) == "dist"):
            built.add(folder)
    return frozenset(built)


def _above(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:depth]) for depth in range(1, len(parts))]


def is_built(path: str, folders: Collection[str]) -> bool:
    """Whether a script lies in one of the folders."""
    return bool(folders) and _BUILT.search(path) is not None and any(folder in folders for folder in _above(path))


def with_built(path: str, folders: Collection[str], attributes: FileAttributes) -> FileAttributes:
    """What the repository says of a file; where it says nothing, a built script is generated."""
    if attributes.generated is not None or not is_built(path, folders):
        return attributes
    return replace(attributes, generated=True)


def source_of(path: str, paths: Collection[str]) -> str:
    """The source below `src` that a built file of a package was made of; empty where there is none."""
    parts = path.split("/")
    for at, part in enumerate(parts[:-1]):
        if part in _NAMES:
            below = [parts[at + 1 :], parts[at + 2 :]]
            stems = [_BUILT.sub("", "/".join([*parts[:at], "src", *rest])) for rest in below if rest]
            matching = (f"{stem}{end}" for stem in stems for end in (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx"))
            return next((source for source in matching if source in paths), "")
    return ""

"""Knows which folders of a JavaScript package hold what its build made of the sources beside them. Pure."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from typing import Final

from agents.codebase.files.attributes import FileAttributes
from agents.codebase.paths import folders_above

_NAMES: Final = frozenset({"dist", "build", "lib", "out", "es", "esm", "cjs", "umd", "types"})
_BUILT: Final = re.compile(r"\.(?:d\.[cm]?ts|[cm]?js)(?:\.map)?$")
_SOURCE: Final = re.compile(r"(?<!\.d)\.[cm]?tsx?$")


def built_folders(paths: Collection[str]) -> frozenset[str]:
    """The folders of compiled scripts: beside a `package.json` and a `src` whose TypeScript files most of them mirror.

    The files of a folder named `dist`, which is no author's word, may be fewer: a bundler joins many into one. A folder
    of any other name mirrors the folder of its own name below `src`. Scripts beside the `package.json` itself, with a
    declaration and a source of their name, are given by their own paths.
    """
    everything = set(paths)
    sources = {_SOURCE.sub("", path) for path in everything if _SOURCE.search(path)}
    stems: dict[str, set[str]] = defaultdict(set)
    built: set[str] = set()
    for path in filter(_BUILT.search, everything):
        for folder in folders_above(path):
            if posixpath.join(posixpath.dirname(folder), "package.json") in everything:
                stems[folder].add(_BUILT.sub("", path.removeprefix(f"{folder}/")))
        if _is_built_at_root(path, everything, sources):
            built.add(path)
    for folder, names in stems.items():
        parent, name_of_folder = posixpath.split(folder)
        beside = posixpath.join(parent, "src")
        if name_of_folder not in _NAMES:
            beside = posixpath.join(beside, name_of_folder)
        # A build for several readers has a folder for each: `build/modern/query.js`.
        inner = {name: name.partition("/")[2] if name_of_folder in _NAMES else "" for name in names}
        mirrored = sum(
            1
            for name in names
            if posixpath.join(beside, name) in sources
            or (inner[name] and posixpath.join(beside, inner[name]) in sources)
        )
        if mirrored * 2 > len(names) or (mirrored and name_of_folder == "dist"):
            built.add(folder)
    return frozenset(built)


def _is_built_at_root(path: str, everything: Collection[str], sources: Collection[str]) -> bool:
    folder, name = posixpath.split(path)
    stem = _BUILT.sub("", name)
    if posixpath.join(folder, "package.json") not in everything or posixpath.join(folder, "src", stem) not in sources:
        return False
    return any(posixpath.join(folder, f"{stem}.d.{ending}") in everything for ending in ("ts", "mts", "cts"))


def is_built(path: str, folders: Collection[str]) -> bool:
    """Whether a script lies in one of the folders, or is one of them."""
    return (
        bool(folders)
        and _BUILT.search(path) is not None
        and (path in folders or any(folder in folders for folder in folders_above(path)))
    )


def with_built(path: str, folders: Collection[str], attributes: FileAttributes) -> FileAttributes:
    """What the repository says of a file; where it says nothing, a built script is generated."""
    if attributes.generated is not None or not is_built(path, folders):
        return attributes
    return replace(attributes, generated=True)


def source_of(path: str, paths: Collection[str]) -> str:
    """The source below `src` that a built file of a package was made of; empty where there is none."""
    parts = path.split("/")
    for at in range(len(parts)):
        # A built file lies in a folder of builds, or where its source lies below `src`.
        below = [parts[at + 1 :], parts[at + 2 :]] if parts[at] in _NAMES else []
        stems = [_BUILT.sub("", "/".join([*parts[:at], "src", *rest])) for rest in (*below, parts[at:]) if rest]
        matching = (f"{stem}{end}" for stem in stems for end in (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx"))
        source = next((source for source in matching if source in paths), "")
        if source:
            return source
    return ""

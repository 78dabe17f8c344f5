"""Where a reader, or the program itself, starts. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Container, Iterator, Mapping
from itertools import islice

from agents.codebase.paths import is_product
from agents.contracts.structure import ImportNames, ManifestKind, Structure, SymbolKind

_MAIN_LANGUAGES = frozenset({"go", "rust", "c", "cpp", "java", "kotlin", "scala", "csharp", "swift", "python"})
#: Languages whose programs start in a method of a class; elsewhere a method called main is any method.
_MAIN_IN_CLASS = frozenset({"java", "kotlin", "scala", "csharp"})
_NAMES = frozenset({"__main__.py", "manage.py", "makefile", "dockerfile", "main.go", "main.rs", "program.cs"})
_FOLDERS = re.compile(r"^(bin|cmd|exe)/|/(bin|cmd)/[^/]+$")
#: Languages whose files run as they are; a compiled language starts in a function of that name alone.
_PROGRAMS = frozenset({"python", "javascript", "typescript", "ruby", "php", "bash", "lua"})


def entry_points(structures: Mapping[str, Structure]) -> frozenset[str]:
    """The files that something runs: main functions, `__main__.py`, bin and cmd folders, Dockerfiles, Makefiles.

    And what the commands of a package's manifest start.
    """
    starts = {path for path, structure in structures.items() if _starts(path, structure)}
    starts |= {
        file
        for path, structure in structures.items()
        if structure.package is not None
        for file in _started(path, structure.package, structures)
    }
    return frozenset(path for path in starts if is_product(path))


def _started(manifest: str, package: ImportNames, paths: Container[str]) -> Iterator[str]:
    """The files that a manifest's commands start, as far as they are in the snapshot."""
    folder = posixpath.dirname(manifest)
    for start in package.starts:
        candidates = [start]
        if package.kind is ManifestKind.PYTHON:
            module = start.partition(":")[0].strip().replace(".", "/")
            roots = ("", "src", *package.entries.get(".", ()))
            candidates = [posixpath.join(root, module + end) for root in roots for end in (".py", "/__init__.py")]
        places = (posixpath.normpath(posixpath.join(folder, place)) for place in candidates)
        yield from islice((place for place in places if place in paths), 1)


def _starts(path: str, structure: Structure) -> bool:
    name = posixpath.basename(path).lower()
    if name in _NAMES:
        return True
    if structure.language in _PROGRAMS and _FOLDERS.search(path) and not name.startswith("__init__"):
        return True
    return structure.language in _MAIN_LANGUAGES and any(
        symbol.kind in {SymbolKind.FUNCTION, SymbolKind.METHOD}
        and symbol.name.split(".")[-1] in {"main", "Main"}
        and ("." not in symbol.name or structure.language in _MAIN_IN_CLASS)
        for symbol in structure.symbols
    )

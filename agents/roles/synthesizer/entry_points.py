"""Where a reader, or the program itself, starts. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from agents.codebase.paths import is_product
from agents.contracts.structure import Structure, SymbolKind

_MAIN_LANGUAGES = frozenset({"go", "rust", "c", "cpp", "java", "kotlin", "scala", "csharp", "swift", "python"})
#: Languages whose programs start in a method of a class; elsewhere a method called main is any method.
_MAIN_IN_CLASS = frozenset({"java", "kotlin", "scala", "csharp"})
_NAMES = frozenset({"__main__.py", "manage.py", "makefile", "dockerfile", "main.go", "main.rs", "program.cs"})
_FOLDERS = re.compile(r"^(bin|cmd|exe)/|/(bin|cmd)/[^/]+$")
_PROGRAMS = frozenset({"go", "python", "javascript", "typescript", "ruby", "php", "bash", "rust", "lua"})


def entry_points(structures: Mapping[str, Structure]) -> frozenset[str]:
    """The files that something runs: main functions, `__main__.py`, bin and cmd folders, Dockerfiles, Makefiles."""
    return frozenset(path for path, structure in structures.items() if is_product(path) and _starts(path, structure))


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

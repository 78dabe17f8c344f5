"""Names what an import brings in from outside the snapshot: the package, without a language's own library. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from agents.codebase.imports.own_libraries import NODE, PYTHON, RUBY, is_system_header

_RUST = {"std", "core", "alloc", "self", "super", "crate"}
_JVM = ("java.", "javax.", "kotlin.", "scala.")
_MANY = 12


def ranked(imports: Iterable[tuple[str, str]], limit: int = _MANY) -> tuple[str, ...]:
    """Packages by how often they are imported; `imports` are pairs of language and target."""
    counted = Counter(name for language, target in imports if (name := package(language, target)))
    return tuple(name for name, _ in sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:limit])


def package(language: str, target: str) -> str:
    """The package an import belongs to; empty for a language's own library and for paths that lead nowhere."""
    if not target or target.startswith((".", "/", "$", "@/", "~/")):
        return ""
    if language == "python":
        top = target.split(".")[0]
        return "" if top in PYTHON else top
    if language in {"javascript", "typescript", "tsx"}:
        return _npm(target)
    if language == "go":
        parts = target.split("/")
        return "/".join(parts[:3]) if "." in parts[0] else ""
    if language in {"java", "kotlin", "scala"}:
        return "" if target.startswith(_JVM) else ".".join(target.split(".")[:3]).removesuffix(".*")
    return _other(language, target)


def _npm(target: str) -> str:
    parts = target.split("/")
    if target.startswith("node:") or parts[0] in NODE or "://" in target:
        return ""
    return "/".join(parts[:2]) if target.startswith("@") else parts[0]


def _other(language: str, target: str) -> str:
    if language == "rust":
        top = target.removeprefix("mod ").split("::")[0].strip()
        return top if "::" in target and top not in _RUST and top.islower() else ""
    if language == "ruby":
        top = target.split("/")[0]
        return "" if top in RUBY else top
    if language == "php":
        return target.strip("\\").split("\\")[0] if "\\" in target.strip("\\") else ""
    if language == "csharp":
        return "" if target.startswith("System") else ".".join(target.split(".")[:2])
    if language in {"c", "cpp"}:
        plain = target.strip('<>"')
        return (
            plain.split("/")[0] if "/" in plain and not plain.startswith("../") and not is_system_header(plain) else ""
        )
    return target if language == "swift" and target not in {"Foundation", "Swift"} else ""

"""What a repository's own manifests say of its package: name, description, commands, how it is installed. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable

from agents.codebase.package_facts import other_languages, python, setup_script
from agents.codebase.package_facts.package import PackageFacts

_LONGEST = 400_000
_IN_JAR = re.compile(r"META-INF/maven/[^/]+/[^/]+/pom\.xml")
#: Gives a file's text, empty for one that is not there.
Read = Callable[[str], str]


def packages(paths: Iterable[str], read: Read, folder: str = "") -> list[PackageFacts]:
    """The packages that manifests directly in a folder describe, the one that says most first; a subfolder's are none.

    A manifest that only names its package counts as well: its `description` is empty.
    """
    facts: list[PackageFacts] = []
    files = list(paths)
    beside = [path for path in files if posixpath.dirname(path) == folder]
    if not folder and not any(map(is_manifest, beside)):
        # A published jar has its own project file here, and others' only when it holds their code too.
        own = [path for path in files if _IN_JAR.fullmatch(path)]
        beside += own if len(own) == 1 else []
    for path in sorted(beside):
        reader = _reader(path)
        text = read(path) if reader is not None else ""
        if reader is None or not text or len(text) > _LONGEST:
            continue
        try:
            package = reader(path, text)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            continue  # a manifest that cannot be read says nothing
        if package is not None and (package.name or package.description or (folder and package.ecosystem == "Gradle")):
            facts.append(package)
    return sorted(facts, key=lambda package: (not package.description, not package.name, _order(package.file)))


def is_manifest(path: str) -> bool:
    """Whether a file's name is that of a manifest."""
    return _reader(path) is not None


def _order(path: str) -> int:
    name = posixpath.basename(path)
    return next((at for at, (pattern, _) in enumerate(_READERS) if re.fullmatch(pattern, name, re.IGNORECASE)), 99)


def _reader(path: str) -> Callable[[str, str], PackageFacts | None] | None:
    name = posixpath.basename(path)
    return next((reader for pattern, reader in _READERS if re.fullmatch(pattern, name, re.IGNORECASE)), None)


_READERS: tuple[tuple[str, Callable[[str, str], PackageFacts | None]], ...] = (
    (r"pyproject\.toml", python.pyproject),
    (r"setup\.cfg", python.setup_cfg),
    (r"setup\.py", setup_script.setup_py),
    (r"cargo\.toml", other_languages.cargo),
    (r"go\.mod", other_languages.go_mod),
    (r"pom\.xml", other_languages.pom),
    (
        r"build\.gradle(?:\.kts)?",
        other_languages.assigned(
            "Gradle", "", {"name": "rootProject.name", "version": "version", "description": "description"}
        ),
    ),
    (r"[\w.-]+\.gemspec", other_languages.gemspec),
    (r"composer\.json", other_languages.composer),
    (r"[\w.-]+\.csproj", other_languages.csproj),
    (r"description", other_languages.description),
    (
        r"mix\.exs",
        other_languages.assigned("Elixir", "", {"name": "app:", "version": "version:", "description": "description:"}),
    ),
    (
        r"pubspec\.yaml",
        other_languages.assigned(
            "Dart",
            "dart pub add",
            {
                "name": "name",
                "version": "version",
                "description": "description",
                "homepage": "homepage",
                "repository": "repository",
            },
        ),
    ),
    (r"package\.json", other_languages.package_json),
    (r"pkg-info", python.pkg_info),
)

__all__ = ["PackageFacts", "Read", "is_manifest", "packages"]

"""Two versions of a small repository, as the comparison sees them."""

from __future__ import annotations

from collections.abc import Mapping

from agents.codebase.change.units import ComparedFile, source_file
from agents.codebase.structure.reader import TreeSitterReader

_LANGUAGES = {"py": "python", "go": "go", "ts": "typescript", "md": "markdown", "yaml": "yaml", "js": "javascript"}


def read(files: Mapping[str, str]) -> dict[str, ComparedFile]:
    """The files by path; the ending says the language."""
    return {path: _file(path, text) for path, text in files.items()}


def _file(path: str, text: str) -> ComparedFile:
    language = _LANGUAGES[path.rpartition(".")[2]]
    return source_file(path, language, text, TreeSitterReader().read(path, language, text))

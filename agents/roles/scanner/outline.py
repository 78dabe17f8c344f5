"""The repository's folders in a few lines: every question of a session begins with the same ones. Pure."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Mapping

from agents.codebase.paths import speaks_for_folder
from agents.contracts.base import clean_text
from agents.contracts.structure import Structure
from agents.questions.limits import OUTLINE_BYTES
from agents.text.cleaning import clean_line
from agents.text.sentences import first_sentence
from agents.text.wording import counted

_PURPOSE_LIMIT = 120
_PATH_LIMIT = 200


def outline(repository: str, structures: Mapping[str, Structure], budget_bytes: int = OUTLINE_BYTES) -> str:
    """One line a folder with its files counted and, where its README or package says one, its purpose.

    Folders near the root come first into the budget; those that have no room are counted.
    """
    files: dict[str, list[str]] = defaultdict(list)
    for path in sorted(structures):
        files[posixpath.dirname(path)].append(path)
    lines = {folder: _line(folder, own, structures) for folder, own in files.items()}
    room = budget_bytes
    listed_folders: set[str] = set()
    for folder in sorted(files, key=lambda folder: (folder.count("/") + bool(folder), -len(files[folder]), folder)):
        size = len(lines[folder].encode("utf-8", "replace")) + 1
        if size <= room:
            room -= size
            listed_folders.add(folder)
    head = f"{clean_line(repository)[:_PATH_LIMIT]}: {len(structures):,} files in {len(files):,} folders"
    left = len(files) - len(listed_folders)
    tail = [f"and {left:,} further folders"] if left else []
    return "\n".join([head, *(lines[folder] for folder in sorted(listed_folders)), *tail])


def _line(folder: str, files: list[str], structures: Mapping[str, Structure]) -> str:
    name = f"{clean_line(folder)[:_PATH_LIMIT]}/" if folder else "(root)"
    count = counted(len(files), "file")
    purpose = next((text for path in files if speaks_for_folder(path) and (text := _purpose(structures[path]))), "")
    return f"{name} {count}" + (f": {purpose}" if purpose else "")


def _purpose(structure: Structure) -> str:
    """The first sentence of what a file says of itself."""
    return first_sentence(clean_text(structure.doc), _PURPOSE_LIMIT)

"""The snapshot's paths, ready to be looked up by their ends: imports rarely name a file from the root. Pure."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

#: What `normpath` would change: `.` and `..`, doubled slashes, one at the end.
_UNPLAIN = re.compile(r"^\.|/(?:[./]|$)")


class FileIndex:
    """Every file and folder of the snapshot, found by suffix."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.paths = frozenset(paths)
        self._files: dict[str, list[str]] = defaultdict(list)
        self._members: dict[str, list[str]] = defaultdict(list)
        for path in sorted(self.paths):
            self._files[_end(path)].append(path)
            self._files[posixpath.basename(path)].append(path)
            self._members[posixpath.dirname(path)].append(path)
        self._folders: dict[str, list[str]] = defaultdict(list)
        for folder in self._members:
            self._folders[posixpath.basename(folder)].append(folder)

    def first(self, candidates: Iterable[str]) -> str | None:
        """The first candidate that is a file, with `.` and `..` worked out."""
        for candidate in candidates:
            # Most candidates are plain already, and an import of Python has a dozen.
            plain = posixpath.normpath(candidate) if _UNPLAIN.search(candidate) else candidate
            if plain in self.paths:
                return plain
        return None

    def ending(self, suffix: str, near: str) -> str | None:
        """The file whose path ends with these whole segments; of several, the closest to the file `near`."""
        suffix = suffix.lstrip("/")
        key = _end(suffix) if "/" in suffix else suffix
        paths = [path for path in self._files.get(key, ()) if path == suffix or path.endswith("/" + suffix)]
        return min(paths, key=lambda path: (-shared_folders(path, near), path.count("/"), path), default=None)

    def folders_ending(self, suffix: str) -> Sequence[str]:
        """The folders whose path ends with these whole segments."""
        named = self._folders.get(posixpath.basename(suffix), ())
        return [folder for folder in named if folder == suffix or folder.endswith("/" + suffix)]

    def below(self, folder: str, suffixes: tuple[str, ...]) -> Sequence[str]:
        """The files in a folder, and in those below it, that end in one of the suffixes."""
        start = f"{folder}/"
        return sorted(path for path in self.paths if path.startswith(start) and path.endswith(suffixes))

    def members(self, folder: str, suffixes: tuple[str, ...]) -> Sequence[str]:
        """The files directly in a folder that end in one of the suffixes."""
        return [path for path in self._members.get(folder, ()) if path.endswith(suffixes)]


def _end(path: str) -> str:
    return "/".join(path.split("/")[-2:])


def shared_folders(first: str, other: str) -> int:
    """How many segments two paths have in common, from the root."""
    count = 0
    for left, right in zip(first.split("/"), other.split("/"), strict=False):
        if left != right:
            break
        count += 1
    return count

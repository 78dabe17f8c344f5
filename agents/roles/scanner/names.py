"""Turns an archive's member names into the repository's paths: inside the root, printable, one for each file."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Container, Iterable, Sequence
from typing import Final

from agents.codebase.secrets import without_secret_names
from agents.contracts.base import clean_text
from agents.errors import ArchiveUnsafe

#: Longer names do not fit on a file system when the site's pages are named after them.
_PART_LIMIT_BYTES: Final = 200
_PATH_LIMIT_BYTES: Final = 900
_GO_MODULE: Final = re.compile(r"(?:[^/@]+/)+[^/@]+@v\d[^/]*(?=/)")


def place(name: str) -> str:
    """Where a member unpacks to, in its own characters; empty for the root itself.

    Raises:
        ArchiveUnsafe: the name is absolute or climbs out of the root.
    """
    if name.startswith("/"):
        raise ArchiveUnsafe(f"the archive names an absolute path: {clean_text(name)[:200]!r}")
    parts = [part for part in name.split("/") if part not in {"", "."}]
    if ".." in parts:
        raise ArchiveUnsafe(f"the archive names a path outside its folder: {clean_text(name)[:200]!r}")
    return "/".join(parts)


def repository_path(name: str) -> str:
    """A member's name as a repository path, printable and short enough. Raises ArchiveUnsafe."""
    decoded = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    path = "/".join(_printable(part) for part in place(decoded).split("/")) if place(decoded) else ""
    return path if len(path.encode()) <= _PATH_LIMIT_BYTES else f"long-path-{_short(path)}/{path.rsplit('/', 1)[-1]}"


def is_of_macos(name: str, names: Container[str]) -> bool:
    """Whether macOS put a member into the archive beside the files, for their icons and attributes."""
    folder, _, last = name.rpartition("/")
    if name.split("/", 1)[0] == "__MACOSX":
        return True
    return last.startswith("._") and f"{folder}/{last[2:]}".lstrip("/") in names


def top_folder(paths: Iterable[str]) -> str:
    """The one folder that holds everything, as in archives of GitHub and of package indexes; empty if there is none.

    A zip of Go's module proxy has all below `host/owner/name@v1.2.3`.
    """
    paths = list(paths)
    modules = {match[0] if (match := _GO_MODULE.match(path)) else "" for path in paths}
    if len(modules) == 1 and (module := modules.pop()):
        return module
    tops = {path.partition("/")[:2] for path in paths}
    if len(tops) != 1:
        return ""
    top, slash = tops.pop()
    return top if slash else ""


def without_top(path: str, top: str) -> str:
    """The path as seen from inside the top folder."""
    return path.removeprefix(f"{top}/") if top else path


def distinct(paths: Sequence[str]) -> list[str]:
    """Each path, with a number added where cleaning made two the same or a file has a folder's name."""
    folders = {path[:at] for path in paths for at, c in enumerate(path) if c == "/"}
    taken = set(folders)
    result = []
    for path in paths:
        unique, number = path, 2
        while unique in taken:
            unique = f"{path}~{number}"
            number += 1
        taken.add(unique)
        result.append(unique)
    return result


def _printable(part: str) -> str:
    plain = (
        "".join("_" if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} else c for c in part)
        if not part.isprintable()
        else part
    )
    cleaned = clean_text(plain).strip() or "_"
    # Names stand in prompts, in links and in addresses: what they hide is hidden here, for all of them alike.
    cleaned = without_secret_names(cleaned)
    cleaned = "_" if cleaned in {".", ".."} else cleaned
    if len(cleaned.encode()) <= _PART_LIMIT_BYTES:
        return cleaned
    prefix = cleaned.encode()[: _PART_LIMIT_BYTES - 40].decode("utf-8", "ignore")
    return f"{prefix}~{_short(cleaned)}{cleaned[-10:] if '.' in cleaned[-10:] else ''}"


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]

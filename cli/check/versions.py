"""A version of a repository that is no commit: a folder or an archive, such as two releases."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from agents.errors import ArchiveCorrupt, ArchiveUnsafe, FileUnreadable, RepositoryTooLarge
from agents.roles.scanner.archive import Limits, MemberKind, open_archive
from agents.roles.scanner.names import place, repository_path, top_folder, without_top
from cli.disk_errors import explained
from cli.errors import BadInput
from cli.upload.folder_listing import list_folder

_LIMITS = Limits(files=200_000, bytes=2_000_000_000)
#: No file that is documented is larger; the rest of a larger one is not read.
LARGEST_FILE = 4_000_000


class Version(Protocol):
    """The files of one version."""

    @property
    def files(self) -> Mapping[str, str]:
        """What tells each file's content from another's, by path."""

    def read(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The bytes of files, in any order."""


@dataclass(frozen=True)
class ReadFiles:
    """The files of a folder or an archive."""

    contents: Mapping[str, bytes]
    files: Mapping[str, str] = field(default_factory=dict)

    def read(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The bytes of files."""
        return ((path, self.contents[path]) for path in paths)


def version_of(path: Path) -> ReadFiles:
    """The files of a folder, a .zip or a .tar.gz. Raises BadInput."""
    given = path.expanduser()
    if not given.exists():
        raise BadInput(f"There is no such file or folder: {path}")
    with explained(f"{path} cannot be read"):
        contents = dict(_folder(given) if given.is_dir() else _archive(given))
    return ReadFiles(contents, {name: hashlib.sha256(data).hexdigest() for name, data in contents.items()})


def _folder(root: Path) -> Iterator[tuple[str, bytes]]:
    for name in list_folder(root).names:
        file = root / name
        if file.is_file() and not file.is_symlink():
            with file.open("rb") as opened:
                yield name, opened.read(LARGEST_FILE + 1)


def _archive(path: Path) -> Iterator[tuple[str, bytes]]:
    try:
        archive = open_archive(path, path.name, _LIMITS)
        members = {place(one.name): one for one in archive.members() if one.kind is MemberKind.FILE}
        top = "" if "" in members else top_folder(list(members))
        names = {one.index: repository_path(without_top(name, top)) for name, one in members.items() if name}
        for index, chunks in archive.contents(names):
            yield names[index], _bytes(chunks)
    except (ArchiveCorrupt, ArchiveUnsafe, RepositoryTooLarge) as error:
        raise BadInput(f"{path} cannot be compared: {error}") from error


def _bytes(chunks: Iterable[bytes]) -> bytes:
    data = bytearray()
    try:
        for chunk in chunks:
            data += chunk if len(data) <= LARGEST_FILE else b""
    except FileUnreadable:
        return b""
    return bytes(data)

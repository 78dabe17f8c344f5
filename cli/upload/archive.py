"""A folder's snapshot as a deterministic tar.gz: the same files give the same bytes, whoever packs them, and when."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import stat
import tarfile
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from agents.keys import UNREADABLE_MEMBER
from cli.disk_errors import is_full

_COMPRESSION = 1  # the archive travels to 127.0.0.1 or once to S3; a higher level costs more than it saves
_IN_MEMORY = 8_000_000  # bytes of one file; above that it is spooled to disk


@dataclass(frozen=True)
class PackedArchive:
    """What packing came to: the archive's SHA-256 in hexadecimal, its bytes, its files, and what could not be read."""

    sha256: str
    bytes: int
    files: int
    unreadable: tuple[tuple[str, str], ...]


class _HashingWriter(io.RawIOBase):
    """Passes bytes on and hashes them on the way."""

    def __init__(self, target: BinaryIO | IO[bytes]) -> None:
        self._target = target
        self.digest = hashlib.sha256()
        self.bytes = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        view = bytes(data)  # type: ignore[call-overload]  # whatever tarfile writes is a buffer
        self.digest.update(view)
        self.bytes += len(view)
        self._target.write(view)
        return len(view)


def pack(
    root: Path, names: Sequence[str], unreadable: Sequence[tuple[str, str]], target: BinaryIO | IO[bytes]
) -> PackedArchive:
    """Write the named entries of `root` to `target`; an entry that cannot be read is listed, not dropped.

    Raises:
        OSError: there is no space for the archive.
    """
    writer = _HashingWriter(target)
    failed = list(unreadable)
    files = 0
    with gzip.GzipFile("", "wb", _COMPRESSION, writer, mtime=0) as zipped, _tar(zipped) as archive:
        archive.addfile(_root())
        for name in names:
            if name == UNREADABLE_MEMBER:  # ours: a repository's own file of this name could forge gaps
                continue
            try:
                files += _add(archive, root / name, name)
            except FileNotFoundError:  # deleted since it was listed
                continue
            except OSError as error:
                if is_full(error):  # of the disk that the archive is written to: reading needs no space
                    raise
                failed.append((name, error.strerror or str(error)))
        if failed:
            _add_unreadable(archive, sorted(failed))
    return PackedArchive(writer.digest.hexdigest(), writer.bytes, files, tuple(sorted(failed)))


def _tar(target: gzip.GzipFile) -> tarfile.TarFile:
    """GNU format keeps any file name, also one that is no UTF-8, as the bytes it has on disk."""
    return tarfile.open(fileobj=target, mode="w", format=tarfile.GNU_FORMAT, encoding="utf-8", errors="surrogateescape")


def _root() -> tarfile.TarInfo:
    """The folder itself: an archive that names its root keeps its only folder, others are taken for wrapped ones."""
    member = tarfile.TarInfo(".")
    member.type = tarfile.DIRTYPE
    member.mode = 0o755
    return member


def _add(archive: tarfile.TarFile, path: Path, name: str) -> int:
    """Add one file or link; 1 if it was added, 0 for a socket, pipe or device."""
    member = tarfile.TarInfo(name)
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        member.type = tarfile.SYMTYPE
        member.linkname = str(path.readlink())
        archive.addfile(member)
        return 1
    if not stat.S_ISREG(mode):
        return 0
    member.mode = 0o644
    # Read to its end before anything is written: a file that fails or grows half-way must not break the archive.
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as whole:
        # Non-blocking: should the file have become a pipe since, opening it must not wait for a writer.
        with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:  # noqa: PTH123 (needs flags)
            shutil.copyfileobj(file, whole)
        member.mode = 0o644
        member.size = whole.tell()
        whole.seek(0)
        archive.addfile(member, whole)
    return 1


def _add_unreadable(archive: tarfile.TarFile, unreadable: Sequence[tuple[str, str]]) -> None:
    body = json.dumps([{"path": path, "detail": detail} for path, detail in unreadable]).encode("ascii")
    member = tarfile.TarInfo(UNREADABLE_MEMBER)
    member.mode = 0o644
    member.size = len(body)
    archive.addfile(member, io.BytesIO(body))

"""Reads an uploaded zip or tar.gz as a stream of members. Nothing is ever unpacked to a path that the archive names."""

from __future__ import annotations

import gzip
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Final, Protocol

from agents.errors import ArchiveCorrupt, FileUnreadable
from agents.roles.scanner.archive_bounds import (
    CHUNK_BYTES,
    MEMBERS_PER_FILE,
    Limits,
    MemberKind,
    Tally,
    Unzipped,
    check_shared,
)
from agents.roles.scanner.zip_directory import check_directory
from agents.roles.scanner.zip_names import zip_names

__all__ = ["CHUNK_BYTES", "Archive", "Limits", "Member", "MemberKind", "open_archive"]

_UNREADABLE: Final = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    ArithmeticError,
    LookupError,
    RuntimeError,
)
#: Messages of these are about the archive; those of the others are about Python's own values.
#: NotImplementedError is what zipfile raises for a compression that it lacks.
_CLEAR: Final = (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, gzip.BadGzipFile, NotImplementedError)


@dataclass(frozen=True)
class Member:
    """One member: its place in the archive counted from 0, its name as it stands there, its unpacked bytes.

    `content` is the place of the member that holds its bytes: another one for a tar's hard link, which is a file too.
    A byte of a tar's name that is no UTF-8 is a surrogate in `name`, as tarfile gives it.
    """

    index: int
    name: str
    bytes: int
    kind: MemberKind
    content: int


class Archive(Protocol):
    """Members, and the bytes of those that are wanted."""

    def members(self) -> Iterator[Member]:
        """Every member in order. Raises ArchiveCorrupt, ArchiveUnsafe or RepositoryTooLarge."""

    def contents(self, wanted: Container[int]) -> Iterator[tuple[int, Iterator[bytes]]]:
        """The wanted members' indexes and chunks; read one's chunks before asking for the next.

        Raises ArchiveCorrupt; a chunk raises FileUnreadable when that one file cannot be read.
        """

    def check_end(self) -> None:
        """Read on to the archive's end without looking at members. Raises ArchiveCorrupt when it was cut off."""


def open_archive(path: Path, name: str, limits: Limits) -> Archive:
    """The archive in this file, known by its first bytes; `name` is what errors call it. Raises ArchiveCorrupt."""
    with path.open("rb") as file:
        magic = file.read(4)
    if magic[:2] == b"\x1f\x8b":
        return _TarArchive(path, name, limits)
    if magic[:2] == b"PK":
        return _ZipArchive(path, name, limits)
    what = "is empty" if not magic else "is neither a zip nor a tar.gz, though its name may say so"
    raise ArchiveCorrupt(f"{name} {what}")


@contextmanager
def _readable(name: str) -> Iterator[None]:
    """Whatever a library says about broken bytes is ArchiveCorrupt: they raise nearly everything on crafted input."""
    try:
        yield
    except _UNREADABLE as error:
        reason = str(error) if isinstance(error, _CLEAR) else ""
        raise ArchiveCorrupt(f"{name} cannot be read to its end: {reason or 'a header is broken'}") from error


def _chunks_of(file: IO[bytes], name: str) -> Iterator[bytes]:
    while True:
        with _readable(name):
            chunk = file.read(CHUNK_BYTES)
        if not chunk:
            return
        yield chunk


class _TarArchive:
    """A tar.gz, read from its beginning each time."""

    def __init__(self, path: Path, name: str, limits: Limits) -> None:
        self._path = path
        self._name = name
        self._limits = limits

    def members(self) -> Iterator[Member]:
        tally = Tally(self._name, self._path.stat().st_size, self._limits)
        files: dict[str, Member] = {}  # what a hard link, which comes later, may point to
        for index, (_, info) in enumerate(self._walk()):
            kind = _tar_kind(info)
            tally.member(kind)
            member = Member(index, info.name, info.size if kind is MemberKind.FILE else 0, kind, index)
            target = files.get(_tar_name(info.linkname)) if info.islnk() else None
            if target is not None:
                member = replace(target, index=index, name=info.name)
                tally.unpacked(target.bytes)
            if member.kind is MemberKind.FILE:
                files[_tar_name(info.name)] = member
            yield member

    def contents(self, wanted: Container[int]) -> Iterator[tuple[int, Iterator[bytes]]]:
        for index, (tar, info) in enumerate(self._walk()):
            if index in wanted:
                yield index, self._chunks(tar, info)

    def _walk(self) -> Iterator[tuple[tarfile.TarFile, tarfile.TarInfo]]:
        tally = Tally(self._name, self._path.stat().st_size, self._limits)
        with gzip.open(self._path, "rb") as raw:
            stream = Unzipped(raw, tally)  # type: ignore[arg-type]  # the stubs ask for more than reading takes
            with _readable(self._name):
                tar = tarfile.open(fileobj=stream, mode="r:")  # type: ignore[call-overload]  # noqa: SIM115 (owns no file: `raw` does)
            while True:
                with _readable(self._name):
                    info = stream.next_of(tar)
                if info is None:
                    break
                check_shared(tar)
                # tarfile keeps every member it has seen; an archive of many would fill the memory.
                tar.members.clear()
                yield tar, info
            with _readable(self._name):
                if stream.last.strip(b"\x00"):
                    raise tarfile.ReadError("a header is broken")
                while stream.read(CHUNK_BYTES):  # gzip proves its checksum only at the end
                    pass

    def check_end(self) -> None:
        tally = Tally(self._name, self._path.stat().st_size, self._limits)
        with gzip.open(self._path, "rb") as raw:
            # The stubs ask for more than reading takes.
            for chunk in _chunks_of(raw, self._name):  # type: ignore[arg-type]
                tally.unpacked(len(chunk))

    def _chunks(self, tar: tarfile.TarFile, info: tarfile.TarInfo) -> Iterator[bytes]:
        with _readable(self._name):
            file = tar.extractfile(info)
        if file is not None:
            yield from _chunks_of(file, self._name)


def _tar_name(name: str) -> str:
    return "/".join(part for part in name.split("/") if part not in {"", "."})


def _tar_kind(info: tarfile.TarInfo) -> MemberKind:
    if info.issym() or info.islnk():
        return MemberKind.LINK
    if info.isdir():
        return MemberKind.FOLDER
    return MemberKind.FILE if info.isreg() and not info.issparse() else MemberKind.OTHER


class _ZipArchive:
    """A zip, read by its central directory."""

    def __init__(self, path: Path, name: str, limits: Limits) -> None:
        self._path = path
        self._name = name
        self._limits = limits

    def members(self) -> Iterator[Member]:
        tally = Tally(self._name, self._path.stat().st_size, self._limits)
        with _readable(self._name):
            check_directory(self._path, self._name, self._limits.files * MEMBERS_PER_FILE)
            with zipfile.ZipFile(self._path) as archive:
                infos = archive.infolist()
        for index, (info, name) in enumerate(zip(infos, zip_names(infos), strict=True)):
            if info.flag_bits & 0x1:
                raise ArchiveCorrupt(f"{self._name} is encrypted: upload it without a password")
            kind = _zip_kind(info)
            tally.member(kind)
            tally.unpacked(info.file_size)
            yield Member(index, name, info.file_size if kind is MemberKind.FILE else 0, kind, index)

    def contents(self, wanted: Container[int]) -> Iterator[tuple[int, Iterator[bytes]]]:
        with _readable(self._name):
            archive = zipfile.ZipFile(self._path)
        with archive:
            for index, info in enumerate(archive.infolist()):
                if index in wanted:
                    yield index, self._chunks(archive, info)

    def check_end(self) -> None:
        """Nothing to read: a zip has its directory at its end."""

    def _chunks(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
        if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise FileUnreadable(f"compressed by method {info.compress_type}; a zip's usual method is deflate")
        with _readable(self._name):
            file = archive.open(info)
        with file:
            yield from _chunks_of(file, self._name)


def _zip_kind(info: zipfile.ZipInfo) -> MemberKind:
    mode = info.external_attr >> 16
    if stat.S_ISLNK(mode):
        return MemberKind.LINK
    if info.is_dir():
        return MemberKind.FOLDER
    return MemberKind.FILE if stat.S_IFMT(mode) in {0, stat.S_IFREG} else MemberKind.OTHER

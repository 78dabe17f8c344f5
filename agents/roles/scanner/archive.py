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
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Final, Protocol

from agents.errors import ArchiveCorrupt, ArchiveUnsafe, FileUnreadable, RepositoryTooLarge

CHUNK_BYTES: Final = 256 * 1024
#: Sources compress 3 to 20 times, generated data perhaps 100 times; beyond this an archive is made to do harm.
_RATIO_LIMIT: Final = 250
_RATIO_FREE_BYTES: Final = 64 * 1024 * 1024
#: The largest single read: a tar header that claims more (a long name, say) would be read into memory whole.
_READ_LIMIT_BYTES: Final = 4 * 1024 * 1024
#: Folders and other things that are not files count too, or a list of them could fill the memory.
_MEMBERS_PER_FILE: Final = 4
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


class MemberKind(StrEnum):
    """What an archive's member is."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    OTHER = "other"


@dataclass(frozen=True)
class Member:
    """One member: its place in the archive counted from 0, its name as it stands there, its unpacked bytes.

    A byte of a tar's name that is no UTF-8 is a surrogate in `name`, as tarfile gives it.
    """

    index: int
    name: str
    bytes: int
    kind: MemberKind


@dataclass(frozen=True)
class Limits:
    """How much one session unpacks."""

    files: int
    bytes: int


class Archive(Protocol):
    """Members, and the bytes of those that are wanted."""

    def members(self) -> Iterator[Member]:
        """Every member in order. Raises ArchiveCorrupt, ArchiveUnsafe or RepositoryTooLarge."""

    def contents(self, wanted: Container[int]) -> Iterator[tuple[int, Iterator[bytes]]]:
        """The wanted members' indexes and chunks; read one's chunks before asking for the next.

        Raises ArchiveCorrupt; a chunk raises FileUnreadable when that one file cannot be read.
        """


def open_archive(path: Path, name: str, limits: Limits) -> Archive:
    """The archive in this file, known by its first bytes; `name` is what errors call it. Raises ArchiveCorrupt."""
    with path.open("rb") as file:
        magic = file.read(4)
    if magic[:2] == b"\x1f\x8b":
        return _TarArchive(path, name, limits)
    if magic[:2] == b"PK":
        return _ZipArchive(path, name, limits)
    what = "is empty" if not magic else "is neither a zip nor a tar.gz, whatever its name says"
    raise ArchiveCorrupt(f"{name} {what}")


class _Tally:
    """Counts what comes out of an archive against what may."""

    def __init__(self, name: str, packed_bytes: int, limits: Limits) -> None:
        self._name = name
        self._packed = packed_bytes
        self._limits = limits
        self._bytes = self._files = self._members = 0

    def unpacked(self, count: int) -> None:
        self._bytes += count
        if self._bytes > _RATIO_FREE_BYTES and self._bytes > self._packed * _RATIO_LIMIT:
            raise ArchiveUnsafe(f"{self._name} unpacks to more than {_RATIO_LIMIT} times its size")
        if self._bytes > self._limits.bytes:
            raise RepositoryTooLarge(f"{self._name} unpacks to more than {self._limits.bytes:,} bytes")

    def member(self, kind: MemberKind) -> None:
        self._members += 1
        self._files += kind is not MemberKind.FOLDER
        if self._files > self._limits.files or self._members > self._limits.files * _MEMBERS_PER_FILE:
            raise RepositoryTooLarge(f"{self._name} holds more than {self._limits.files:,} files")


@contextmanager
def _readable(name: str) -> Iterator[None]:
    """Whatever a library says about broken bytes is ArchiveCorrupt: they raise nearly everything on crafted input."""
    try:
        yield
    except _UNREADABLE as error:
        raise ArchiveCorrupt(f"{name} cannot be read to its end: {error or type(error).__name__}") from error


def _chunks_of(file: IO[bytes], name: str) -> Iterator[bytes]:
    while True:
        with _readable(name):
            chunk = file.read(CHUNK_BYTES)
        if not chunk:
            return
        yield chunk


class _Unzipped:
    """A gzip's bytes for tarfile: forward only, each read and the total bounded, the last block remembered."""

    def __init__(self, raw: IO[bytes], tally: _Tally) -> None:
        self._raw = raw
        self._tally = tally
        self._position = 0
        self.last = b""

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= _READ_LIMIT_BYTES:
            raise ArchiveUnsafe("a header of the tar claims to be larger than any header is")
        data = self._raw.read(size)
        self._position += len(data)
        self._tally.unpacked(len(data))
        self.last = data
        return data

    def tell(self) -> int:
        return self._position

    def seek(self, position: int, whence: int = 0) -> int:
        if whence != 0 or position < self._position:
            raise tarfile.ReadError("the tar points backwards")
        while self._position < position and self.read(min(CHUNK_BYTES, position - self._position)):
            pass
        return self._position


class _TarArchive:
    """A tar.gz, read from its beginning each time."""

    def __init__(self, path: Path, name: str, limits: Limits) -> None:
        self._path = path
        self._name = name
        self._limits = limits

    def members(self) -> Iterator[Member]:
        tally = _Tally(self._name, self._path.stat().st_size, self._limits)
        for index, (_, info) in enumerate(self._walk()):
            kind = _tar_kind(info)
            tally.member(kind)
            yield Member(index, info.name, info.size if kind is MemberKind.FILE else 0, kind)

    def contents(self, wanted: Container[int]) -> Iterator[tuple[int, Iterator[bytes]]]:
        for index, (tar, info) in enumerate(self._walk()):
            if index in wanted:
                yield index, self._chunks(tar, info)

    def _walk(self) -> Iterator[tuple[tarfile.TarFile, tarfile.TarInfo]]:
        tally = _Tally(self._name, self._path.stat().st_size, self._limits)
        with gzip.open(self._path, "rb") as raw:
            stream = _Unzipped(raw, tally)  # type: ignore[arg-type]
            with _readable(self._name):
                tar = tarfile.open(fileobj=stream, mode="r:")  # type: ignore[call-overload]  # noqa: SIM115 (owns no file: `raw` does)
            while True:
                with _readable(self._name):
                    info = tar.next()
                if info is None:
                    break
                # tarfile keeps every member it has seen; an archive of many would fill the memory.
                tar.members.clear()
                yield tar, info
            with _readable(self._name):
                if stream.last.strip(b"\x00"):
                    raise tarfile.ReadError("a header is broken")
                while stream.read(CHUNK_BYTES):  # gzip proves its checksum only at the end
                    pass

    def _chunks(self, tar: tarfile.TarFile, info: tarfile.TarInfo) -> Iterator[bytes]:
        with _readable(self._name):
            file = tar.extractfile(info)
        if file is not None:
            yield from _chunks_of(file, self._name)


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
        tally = _Tally(self._name, self._path.stat().st_size, self._limits)
        with _readable(self._name), zipfile.ZipFile(self._path) as archive:
            infos = archive.infolist()
        for index, info in enumerate(infos):
            if info.flag_bits & 0x1:
                raise ArchiveCorrupt(f"{self._name} is encrypted: upload it without a password")
            kind = _zip_kind(info)
            tally.member(kind)
            tally.unpacked(info.file_size)
            yield Member(index, _zip_name(info), info.file_size if kind is MemberKind.FILE else 0, kind)

    def contents(self, wanted: Container[int]) -> Iterator[tuple[int, Iterator[bytes]]]:
        with _readable(self._name):
            archive = zipfile.ZipFile(self._path)
        with archive:
            for index, info in enumerate(archive.infolist()):
                if index in wanted:
                    yield index, self._chunks(archive, info)

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


def _zip_name(info: zipfile.ZipInfo) -> str:
    """A zip's name: without its flag for UTF-8 zipfile takes it for cp437, although most writers mean UTF-8."""
    name = info.filename.replace("\\", "/")
    if info.flag_bits & 0x800:
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name

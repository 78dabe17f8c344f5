"""How much of an archive one session reads: its bytes, its members, and the headers between them."""

from __future__ import annotations

import tarfile
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, Final

from agents.errors import ArchiveUnsafe, RepositoryTooLarge

CHUNK_BYTES: Final = 256 * 1024
#: Sources compress 3 to 20 times, generated data perhaps 100 times; beyond this an archive is made to do harm.
_RATIO_LIMIT: Final = 250
_RATIO_FREE_BYTES: Final = 64 * 1024 * 1024
#: The largest single read: a tar header that claims more (a long name, say) would be read into memory whole.
_READ_LIMIT_BYTES: Final = 4 * 1024 * 1024
#: All headers of one member of a tar together: a long name, a list of attributes, the map of a sparse file.
_HEADERS_LIMIT_BYTES: Final = 8 * 1024 * 1024
#: Attributes of a tar that hold for all that follows; tarfile looks through them again for each member.
_SHARED_LIMIT: Final = 100
_SHARED_LIMIT_BYTES: Final = 1024 * 1024
#: Folders and other things that are not files count too, or a list of them could fill the memory.
MEMBERS_PER_FILE: Final = 2


class MemberKind(StrEnum):
    """What an archive's member is."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    OTHER = "other"


@dataclass(frozen=True)
class Limits:
    """How much one session unpacks."""

    files: int
    bytes: int


class Tally:
    """Counts what comes out of an archive against what may."""

    def __init__(self, name: str, packed_bytes: int, limits: Limits) -> None:
        self._name = name
        self._packed = packed_bytes
        self._limits = limits
        self._bytes = self._files = self._members = 0

    def unpacked(self, count: int) -> None:
        """Count bytes. Raises ArchiveUnsafe or RepositoryTooLarge."""
        self._bytes += count
        if self._bytes > _RATIO_FREE_BYTES and self._bytes > self._packed * _RATIO_LIMIT:
            raise ArchiveUnsafe(f"{self._name} unpacks to more than {_RATIO_LIMIT} times its size")
        if self._bytes > self._limits.bytes:
            raise RepositoryTooLarge(f"{self._name} unpacks to more than {self._limits.bytes:,} bytes")

    def member(self, kind: MemberKind) -> None:
        """Count a member. Raises RepositoryTooLarge."""
        self._members += 1
        self._files += kind is not MemberKind.FOLDER
        if self._files > self._limits.files or self._members > self._limits.files * MEMBERS_PER_FILE:
            raise RepositoryTooLarge(f"{self._name} holds more than {self._limits.files:,} files")


class Unzipped:
    """A gzip's bytes for tarfile: forward only, each read and the total bounded, the last block remembered."""

    def __init__(self, raw: IO[bytes], tally: Tally) -> None:
        self._raw = raw
        self._tally = tally
        self._position = 0
        self._headers: int | None = 0  # tarfile reads the first member's as soon as it is there
        self.last = b""

    def next_of(self, tar: tarfile.TarFile) -> tarfile.TarInfo | None:
        """The next member, whose headers are bounded together: tarfile reads some of them on until it finds an end."""
        self._headers = 0
        try:
            return tar.next()
        finally:
            self._headers = None

    def read(self, size: int = -1) -> bytes:
        """As a file. Raises ArchiveUnsafe."""
        if not 0 <= size <= _READ_LIMIT_BYTES:
            raise ArchiveUnsafe("a header of the tar claims to be larger than any header is")
        if self._headers is not None:
            self._headers += size
            if self._headers > _HEADERS_LIMIT_BYTES:
                raise ArchiveUnsafe("a member of the tar has larger headers than any member has")
        return self._taken(size)

    def _taken(self, size: int) -> bytes:
        data = self._raw.read(size)
        self._position += len(data)
        self._tally.unpacked(len(data))
        self.last = data
        return data

    def tell(self) -> int:
        """As a file."""
        return self._position

    def seek(self, position: int, whence: int = 0) -> int:
        """Forward alone. Raises tarfile.ReadError."""
        if whence != 0 or position < self._position:
            raise tarfile.ReadError("the tar points backwards")
        while self._position < position and self._taken(min(CHUNK_BYTES, position - self._position)):
            pass
        return self._position


def check_shared(tar: tarfile.TarFile) -> None:
    """Raises ArchiveUnsafe when what holds for all that follows is too much."""
    shared = tar.pax_headers
    if len(shared) > _SHARED_LIMIT or sum(len(value) for value in shared.values()) > _SHARED_LIMIT_BYTES:
        raise ArchiveUnsafe("the tar has more shared attributes than any archive has")

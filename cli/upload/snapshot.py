"""PATH (a folder, a zip or a tar.gz) becomes the archive that is uploaded, and the name it is known by."""

from __future__ import annotations

import gzip
import hashlib
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cli.errors import BadInput
from cli.upload.archive import pack
from cli.upload.listing import list_folder
from local.temporary import temporary_folder

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_ARCHIVE_ENDINGS = (".tar.gz", ".tgz", ".zip")
_GZIP, _ZIP = b"\x1f\x8b", b"PK"
_LONGEST_NAME = 80
_CHUNK_BYTES = 1 << 20
_CHECKED_BYTES = 1 << 30


@dataclass(frozen=True)
class Snapshot:
    """The archive to upload. `files` is 0 when a ready archive was given: nobody has counted them."""

    repository: str
    archive: Path
    suffix: str
    sha256: str
    bytes: int
    files: int = 0
    unreadable: tuple[tuple[str, str], ...] = ()


def repository_name(path: Path) -> str:
    """The folder's or archive's name, with only what is safe in a key."""
    name = path.name
    for ending in _ARCHIVE_ENDINGS:
        if name.lower().endswith(ending):
            name = name[: -len(ending)]
            break
    return _UNSAFE.sub("-", name).strip("-.")[:_LONGEST_NAME] or "repository"


@contextmanager
def snapshot_of(path: Path, left_out: Iterable[Path] = ()) -> Iterator[Snapshot]:
    """The snapshot of PATH; folders in `left_out` that lie inside it are not part of it.

    Raises:
        BadInput: there is no such path, it holds nothing, or it is an archive that cannot be opened.
    """
    resolved = path.expanduser().resolve()
    if not resolved.exists():
        raise BadInput(f"There is no such file or folder: {path}")
    if resolved.is_dir():
        with temporary_folder("swarm-snapshot-") as folder:
            yield _of_folder(resolved, (place.resolve() for place in left_out), folder / "snapshot.tar.gz")
    elif resolved.is_file():
        yield _of_archive(resolved)
    else:
        raise BadInput(f"Neither a file nor a folder: {path}")


def _of_folder(root: Path, left_out: Iterable[Path], archive: Path) -> Snapshot:
    if _is_bare(root):
        raise BadInput(
            f"A git repository without a working tree: {root}. Check it out (git clone) and give that folder."
        )
    inside = [place.relative_to(root).as_posix() for place in left_out if root in place.parents]
    try:
        listing = list_folder(root)
    except OSError as error:
        raise BadInput(f"The folder cannot be read: {root}: {error.strerror}") from error
    names = [name for name in listing.names if not any(name == i or name.startswith(f"{i}/") for i in inside)]
    with archive.open("wb") as target:
        packed = pack(root, names, listing.unreadable, target)
    if packed.files == 0:
        if packed.unreadable:
            path, detail = packed.unreadable[0]
            raise BadInput(f"Nothing in the folder can be read: {root}: {path}: {detail}")
        raise BadInput(f"The folder holds no files to document (ignored ones do not count): {root}")
    return Snapshot(
        repository_name(root), archive, "tar.gz", packed.sha256, packed.bytes, packed.files, packed.unreadable
    )


def _is_bare(root: Path) -> bool:
    return (root / "HEAD").is_file() and (root / "objects").is_dir() and (root / "refs").is_dir()


def _of_archive(path: Path) -> Snapshot:
    try:
        with path.open("rb") as file:
            start = file.read(2)
            file.seek(0)
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BadInput(f"The file cannot be read: {path}: {error.strerror}") from error
    if start == _ZIP:
        _check_zip(path)
    elif start == _GZIP:
        _check_tar(path)
    elif path.stat().st_size == 0:
        raise BadInput(f"The file is empty: {path}")
    else:
        raise BadInput(f"Not a folder, a .zip or a .tar.gz: {path}")
    suffix = "zip" if start == _ZIP else "tar.gz"
    return Snapshot(repository_name(path), path, suffix, sha256, path.stat().st_size)


def _check_zip(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise BadInput(f"The zip is broken: {path}: {error}") from error
    if not any(not member.is_dir() for member in members):
        raise BadInput(f"The zip holds no files: {path}")
    if any(member.flag_bits & 1 for member in members):
        raise BadInput(f"The zip is protected by a password: {path}")


def _check_tar(path: Path) -> None:
    """Find a first file, and whether the archive was cut off; what is further inside is the scanner's to judge."""
    try:
        with tarfile.open(path, "r:gz") as archive:
            found = any(not member.isdir() for member in archive)
        with gzip.open(path) as unzipped:  # to its end, where the checksum is, unless it is far too large to wait for
            for _ in range(_CHECKED_BYTES // _CHUNK_BYTES):
                if not unzipped.read(_CHUNK_BYTES):
                    break
    except (tarfile.TarError, OSError, EOFError, zlib.error, ValueError) as error:
        raise BadInput(f"The tar.gz is broken: {path}: {error}") from error
    if not found:
        raise BadInput(f"The tar.gz holds no files: {path}")

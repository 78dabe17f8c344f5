"""PATH (a folder, a zip or a tar.gz) becomes the archive that is uploaded, and the name it is known by."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from agents.codebase.site_settings import FILE_NAME, site_settings
from agents.codebase.site_settings import left_out as excluded_by
from agents.errors import ArchiveCorrupt, ArchiveUnsafe, RepositoryTooLarge
from agents.roles.scanner.archive import Limits, MemberKind, open_archive
from cli.disk_errors import explained, temporary_files
from cli.errors import BadInput
from cli.upload.archive import pack
from cli.upload.folder_listing import list_folder
from local.temporary import temporary_folder

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_ARCHIVE_ENDINGS = (".orig.tar.gz", ".tar.gz", ".tgz", ".zip", ".crate", ".gem", ".whl", "-sources.jar", ".jar")
_GZIP, _ZIP = b"\x1f\x8b", b"PK"
_LONGEST_NAME = 80
#: The highest that settings may allow: what a stack allows is the scanner's to judge.
_LIMITS = Limits(files=1_000_000, bytes=20_000_000_000)
#: No repository begins with as many; looking through millions of them would take minutes.
_FOLDERS_BEFORE_A_FILE = 20_000


@dataclass(frozen=True)
class RepositoryPart:
    """Which part of a folder is documented: patterns of what is left out, and the one folder that is taken."""

    exclude: tuple[str, ...] = ()
    folder: str = ""


WHOLE = RepositoryPart()


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
def snapshot_of(path: Path, left_out: Iterable[Path] = (), part: RepositoryPart = WHOLE) -> Iterator[Snapshot]:
    """The snapshot of PATH; folders in `left_out` that lie inside it are not part of it.

    Raises:
        BadInput: there is no such path, it holds nothing, or it is an archive that cannot be opened.
    """
    resolved = check_path(path)
    if resolved.is_dir():
        with ExitStack() as stack:
            with explained(f"The folder for temporary files, {temporary_files()} (TMPDIR)"):
                folder = stack.enter_context(temporary_folder("swarm-snapshot-"))
                archive = folder / "snapshot.tar.gz"
                snapshot = _of_folder(resolved, (place.resolve() for place in left_out), archive, part)
            yield snapshot
    elif resolved.is_file():
        if part != WHOLE:
            raise BadInput(f"--exclude and --path need a folder, and this is an archive: {path}")
        yield _of_archive(resolved)
    else:
        raise BadInput(f"Neither a file nor a folder: {path}")


def check_path(path: Path) -> Path:
    """PATH, absolute. Raises BadInput when there is nothing of this name."""
    with explained(""):
        resolved = path.expanduser().resolve()
        if not resolved.exists():
            raise BadInput(f"There is no such file or folder: {path}")
    return resolved


def _of_folder(root: Path, left_out: Iterable[Path], archive: Path, part: RepositoryPart) -> Snapshot:
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
    _check_settings(root)
    names = _of_part(root, names, part)
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


def _of_part(root: Path, names: list[str], part: RepositoryPart) -> list[str]:
    """The names in the part. Raises BadInput for a folder that is not inside, or a pattern that is none."""
    folder = os.path.normpath(part.folder).replace(os.sep, "/") if part.folder else "."
    if folder.startswith(("..", "/")) or not (root / folder).is_dir():
        raise BadInput(f"--path names no folder inside {root}: {part.folder}")
    try:
        excluded = excluded_by(part.exclude)
    except ValueError as error:
        raise BadInput(f"--exclude: {error}") from error
    prefix = "" if folder == "." else f"{folder}/"
    # The settings of the repository hold for each of its parts.
    return [name for name in names if (name.startswith(prefix) or name == FILE_NAME) and not excluded(name)]


def _check_settings(root: Path) -> None:
    """Raises BadInput for a swarm.toml that a session would report as a gap."""
    place = root / FILE_NAME
    if not place.is_file() or place.is_symlink():
        return
    with explained(f"{FILE_NAME} cannot be read"):
        text = place.read_text(encoding="utf-8", errors="replace")
    try:
        site_settings(text)
    except ValueError as error:
        raise BadInput(str(error)) from error


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
    suffix = "zip" if start == _ZIP else "tar.gz"
    if start in {_ZIP, _GZIP}:
        _check(path, suffix)
    elif path.stat().st_size == 0:
        raise BadInput(f"The file is empty: {path}")
    else:
        raise BadInput(f"Not a folder, a .zip or a .tar.gz: {path}")
    return Snapshot(repository_name(path), path, suffix, sha256, path.stat().st_size)


def _check(path: Path, suffix: str) -> None:
    """Find a first file, and whether the archive was cut off; what is further inside is the scanner's to judge.

    The scanner's own reader looks into it, which holds no more of an archive in memory than one header may be large.

    Raises:
        BadInput: it is broken, holds no file, or is made to do harm.
    """
    try:
        archive = open_archive(path, str(path), _LIMITS)
        for folders, member in enumerate(archive.members()):
            if member.kind is not MemberKind.FOLDER:
                break
            if folders >= _FOLDERS_BEFORE_A_FILE:
                raise BadInput(f"The {suffix} begins with more than {_FOLDERS_BEFORE_A_FILE:,} folders: {path}")
        else:
            raise BadInput(f"The {suffix} holds no files: {path}")
        archive.check_end()
    except ArchiveCorrupt as error:
        raise BadInput(f"The {suffix} is broken: {error}") from error
    except (ArchiveUnsafe, RepositoryTooLarge) as error:
        raise BadInput(f"The {suffix} is not taken: {error}: {path}") from error

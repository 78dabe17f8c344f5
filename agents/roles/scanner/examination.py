"""Examines every file of an archive once. Texts go into a snapshot on disk: the repository is never in memory whole."""

from __future__ import annotations

import json
import posixpath
import zipfile
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from agents import keys
from agents.codebase.files.attributes import FILE_NAME, FileAttributes, RepositoryAttributes
from agents.codebase.files.built_folders import built_folders, with_built
from agents.codebase.files.encoding import decoded
from agents.codebase.files.vendor_folders import copied_packages, vendor_folders, with_copied
from agents.codebase.snapshot_texts import IMAGES
from agents.contracts.snapshot import SkipReason
from agents.errors import FileUnreadable
from agents.roles.scanner.archive import Archive, Member, MemberKind
from agents.roles.scanner.core import ExaminedFile, examine, not_a_file, unreadable
from agents.roles.scanner.names import distinct, is_of_macos, place, repository_path, top_folder, without_top
from agents.roles.scanner.pictures import Pictures
from agents.settings import AgentSettings

#: How much a list of unreadable files may hold, in bytes; `swarm run` writes it, but anybody may upload one.
_UNREADABLE_LIMIT_BYTES: Final = 5_000_000
#: A longer `.gitattributes` says nothing more.
_ATTRIBUTES_LIMIT_BYTES: Final = 1_000_000
#: Deflate's level: the snapshot is read once or twice, and a scan should take seconds.
_FAST: Final = 1


@dataclass(frozen=True)
class _Contents:
    """An archive's members by the name that each unpacks to, and each one's path in the repository."""

    members: Mapping[str, Member]
    paths: Mapping[str, str]
    unreadable: Mapping[str, str]


def examine_all(archive: Archive, snapshot: Path, settings: AgentSettings) -> list[ExaminedFile]:
    """Every file of the archive, in the order of their paths; what has a text is in the zip `snapshot` afterwards."""
    contents = _contents_of(archive)
    paths = list(contents.paths.values())
    vendored, copied, built = vendor_folders(paths), copied_packages(paths), built_folders(paths)
    declared = _attributes(archive, contents)

    def attributes(path: str) -> FileAttributes:
        return with_copied(path, copied, with_built(path, built, declared.of(path)))

    limit = settings.file_limit_kilobytes * 1_000
    examined: list[ExaminedFile] = []
    paths_of = _paths_of_contents(contents)
    pictures = Pictures()
    with zipfile.ZipFile(snapshot, "w", zipfile.ZIP_DEFLATED) as texts:
        for index, chunks in archive.contents(paths_of):
            first, *linked = paths_of[index]
            # The bytes of a file with several names are read once for all of them.
            passing = pictures.passing(first, chunks)
            read = _Remembered(passing, limit) if linked else passing
            files = [examine(first, read, limit, vendored, attributes(first))]
            if picture := pictures.taken(files[0].skipped):
                texts.writestr(zipfile.ZipInfo(IMAGES + first), picture, zipfile.ZIP_DEFLATED, _FAST)
            if isinstance(read, _Remembered):
                files += [_same_bytes(path, files[0], read, limit, vendored, attributes(path)) for path in linked]
            for file in files:
                if file.text is not None:
                    # A fresh ZipInfo has a constant date: the same repository gives the same bytes.
                    texts.writestr(zipfile.ZipInfo(file.path), file.text.encode(), zipfile.ZIP_DEFLATED, _FAST)
                examined.append(replace(file, text=None))
    for name, member in contents.members.items():
        if member.kind is not MemberKind.FILE:
            reason = SkipReason.LINK if member.kind is MemberKind.LINK else SkipReason.NOT_A_FILE
            examined.append(not_a_file(contents.paths[name], reason))
    examined.extend(
        unreadable(contents.paths[name], detail)
        for name, detail in contents.unreadable.items()
        if name not in contents.members
    )
    return sorted(examined, key=lambda file: file.path)


def _contents_of(archive: Archive) -> _Contents:
    members = {place(member.name): member for member in archive.members()}  # of one name the last wins
    is_rooted = members.pop("", None) is not None
    unreadable_files = _listed_unreadable(archive, members.pop(keys.UNREADABLE_MEMBER, None))
    for name in [name for name in members if is_of_macos(name, members)]:
        del members[name]
    folders = [name for name, member in members.items() if member.kind is MemberKind.FOLDER]
    present = {name: member for name, member in members.items() if member.kind is not MemberKind.FOLDER}
    # An archive that names its own root says that everything lies in it; one of GitHub's has a folder around it.
    top = "" if is_rooted else top_folder([*(f"{name}/" for name in folders), *present, *unreadable_files])
    wanted = list(present | unreadable_files)
    paths = dict(zip(wanted, distinct([repository_path(without_top(name, top)) for name in wanted]), strict=True))
    return _Contents(present, paths, unreadable_files)


def _paths_of_contents(contents: _Contents) -> dict[int, list[str]]:
    """Which paths have the bytes of which member: several where the archive has hard links."""
    paths_of: dict[int, list[str]] = defaultdict(list)
    for name, member in contents.members.items():
        if member.kind is MemberKind.FILE:
            paths_of[member.content].append(contents.paths[name])
    return dict(paths_of)


class _Remembered:
    """A file's chunks, of which the first `limit` bytes stay in memory."""

    def __init__(self, chunks: Iterator[bytes], limit: int) -> None:
        self._chunks = chunks
        self._limit = limit
        self.bytes = b""

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            if len(self.bytes) < self._limit:
                self.bytes += chunk
            yield chunk


def _same_bytes(
    path: str,
    first: ExaminedFile,
    read: _Remembered,
    limit: int,
    vendored: Collection[str],
    attributes: FileAttributes,
) -> ExaminedFile:
    """A hard link, as a file of its own with the bytes of the first."""
    if first.gap is not None or len(read.bytes) < first.bytes:
        return replace(first, path=path, gap=first.gap and first.gap.with_changes(path=path))
    return examine(path, [read.bytes], limit, vendored, attributes)


def _attributes(archive: Archive, contents: _Contents) -> RepositoryAttributes:
    """What `.gitattributes` say; an archive without any is not read for them."""
    wanted = {
        member.content: contents.paths[name]
        for name, member in contents.members.items()
        if member.kind is MemberKind.FILE
        and posixpath.basename(contents.paths[name]) == FILE_NAME
        and member.bytes <= _ATTRIBUTES_LIMIT_BYTES
    }
    texts: dict[str, str] = {}
    if wanted:
        for index, chunks in archive.contents(wanted):
            with suppress(FileUnreadable):  # the file becomes a gap when it is examined itself
                texts[wanted[index]] = decoded(b"".join(chunks))
    return RepositoryAttributes(texts)


def _listed_unreadable(archive: Archive, member: Member | None) -> dict[str, str]:
    """Files that `swarm run` could not read, with the reason; an unusable list is no list."""
    if member is None or member.kind is not MemberKind.FILE or member.bytes > _UNREADABLE_LIMIT_BYTES:
        return {}
    data = b"".join(chunk for _, chunks in archive.contents({member.index}) for chunk in chunks)
    try:
        rows = json.loads(data)
        return {place(str(row["path"])): str(row["detail"]) for row in rows if place(row["path"])}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}

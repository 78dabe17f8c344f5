"""Examines one file's bytes: what language it is, whether it is left out, what its text is. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from agents.codebase.files.attributes import NO_ATTRIBUTES, FileAttributes
from agents.codebase.files.encoding import decoded
from agents.contracts.snapshot import Gap, SkipReason
from agents.errors import FileTooLarge, FileUnreadable
from agents.roles.scanner.languages import language_named, language_of
from agents.roles.scanner.skips import SAMPLE_BYTES, is_lfs_pointer, skip_by_content, skip_by_path

#: The digest of a file whose bytes nobody has seen.
NO_BYTES = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True)
class ExaminedFile:
    """A file as the scanner saw it: it has a text, or is skipped, or is a gap, and only one of these."""

    path: str
    language: str
    bytes: int
    digest: str
    lines: int = 0
    text: str | None = None
    skipped: SkipReason | None = None
    gap: Gap | None = None
    is_documentation: bool = False


def examine(
    path: str,
    chunks: Iterable[bytes],
    limit_bytes: int,
    vendored: Collection[str] = (),
    attributes: FileAttributes = NO_ATTRIBUTES,
) -> ExaminedFile:
    """Read one file's chunks to their end, holding no more than `limit_bytes` of them.

    `vendored` are the repository's folders of other people's code, `attributes` what `.gitattributes` says of the file.
    """
    digest = hashlib.sha256()
    chunks_read: list[bytes] = []
    size = newlines = 0
    sample = b""
    by_path = skip_by_path(path, vendored, attributes)
    try:
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            newlines += chunk.count(b"\n")
            if len(sample) < SAMPLE_BYTES:
                sample += chunk[: SAMPLE_BYTES - len(sample)]
            if size <= limit_bytes and by_path is None:
                chunks_read.append(chunk)
    except FileUnreadable as error:
        return unreadable(path, str(error))
    skipped = by_path or skip_by_content(path, sample, size, newlines, attributes)
    if skipped is SkipReason.BINARY and is_lfs_pointer(sample, size):
        skipped = SkipReason.LFS_POINTER
    declared = language_named(attributes.language)
    name = declared or language_of(path)
    if skipped is not None:
        return ExaminedFile(path, name, size, digest.hexdigest(), skipped=skipped)
    if size > limit_bytes:
        detail = f"{size:,} bytes, more than the {limit_bytes:,} that an analyst reads"
        gap = Gap(path=path, reason=FileTooLarge.__name__, detail=detail)
        return ExaminedFile(path, name, size, digest.hexdigest(), lines=newlines, gap=gap)
    text = decoded(b"".join(chunks_read), path, attributes.encoding)
    return ExaminedFile(
        path,
        declared or language_of(path, text),
        size,
        digest.hexdigest(),
        lines=line_count(text),
        text=text,
        is_documentation=bool(attributes.documentation),
    )


def unreadable(path: str, detail: str) -> ExaminedFile:
    """A file that could not be read at all."""
    gap = Gap(path=path, reason=FileUnreadable.__name__, detail=detail[:500])
    return ExaminedFile(path, language_of(path), 0, NO_BYTES, gap=gap)


def not_a_file(path: str, reason: SkipReason) -> ExaminedFile:
    """A link or a device: named, never followed."""
    return ExaminedFile(path, language_of(path), 0, NO_BYTES, skipped=reason)


def line_count(text: str) -> int:
    """Lines as citations count them: only a line feed ends one."""
    return text.count("\n") + (not text.endswith("\n")) if text else 0

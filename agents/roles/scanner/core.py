"""Examines one file's bytes: what language it is, whether it is left out, what its text is. Pure."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from agents.contracts.snapshot import Gap, SkipReason
from agents.errors import FileTooLarge, FileUnreadable
from agents.roles.scanner.languages import language_of
from agents.roles.scanner.skips import SAMPLE_BYTES, skip_by_content, skip_by_path
from agents.text.visible import visible_text

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


def examine(path: str, chunks: Iterable[bytes], limit_bytes: int) -> ExaminedFile:
    """Read one file's chunks to their end, holding no more than `limit_bytes` of them."""
    digest = hashlib.sha256()
    chunks_read: list[bytes] = []
    size = newlines = 0
    sample = b""
    by_path = skip_by_path(path)
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
    skipped = by_path or skip_by_content(path, sample, size, newlines)
    name = language_of(path)
    if skipped is not None:
        return ExaminedFile(path, name, size, digest.hexdigest(), skipped=skipped)
    if size > limit_bytes:
        detail = f"{size:,} bytes, more than the {limit_bytes:,} that an analyst reads"
        gap = Gap(path=path, reason=FileTooLarge.__name__, detail=detail)
        return ExaminedFile(path, name, size, digest.hexdigest(), lines=newlines, gap=gap)
    text = decoded(b"".join(chunks_read))
    return ExaminedFile(path, language_of(path, text), size, digest.hexdigest(), lines=line_count(text), text=text)


def unreadable(path: str, detail: str) -> ExaminedFile:
    """A file that could not be read at all."""
    gap = Gap(path=path, reason=FileUnreadable.__name__, detail=detail[:500])
    return ExaminedFile(path, language_of(path), 0, NO_BYTES, gap=gap)


def not_a_file(path: str, reason: SkipReason) -> ExaminedFile:
    """A link or a device: named, never followed."""
    return ExaminedFile(path, language_of(path), 0, NO_BYTES, skipped=reason)


def decoded(data: bytes) -> str:
    """The bytes as text: UTF-8, or UTF-16 after a byte order mark; what fits neither is replaced, never dropped.

    This is where a repository's text enters. Whoever searches it for secrets, or for orders to a language model, must
    see what a person or a model will see: invisible characters are gone from here on. Lines keep their numbers.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return visible_text(data.decode("utf-16", "replace"))
    return visible_text(data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace"))


def line_count(text: str) -> int:
    """Lines as citations count them: only a line feed ends one."""
    return text.count("\n") + (not text.endswith("\n")) if text else 0

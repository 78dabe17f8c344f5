"""Reads a pinned requirements file. Pure."""

from __future__ import annotations

from collections.abc import Iterator


def pins(text: str) -> Iterator[str]:
    """The requirements of a pinned file, each with its hashes, on one line."""
    joined = text.replace("\\\n", " ")
    return (" ".join(line.split()) for line in joined.splitlines() if line.strip() and not line.startswith("#"))

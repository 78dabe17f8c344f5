"""Folders of which the ones that were used last are kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def oldest_beyond(folder: Path, most: int) -> Sequence[Path]:
    """What lies in the folder beyond the `most` entries that were touched last. Raises OSError."""
    return sorted(folder.iterdir(), key=lambda entry: entry.stat().st_mtime, reverse=True)[most:]

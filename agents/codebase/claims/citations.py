"""Whether a citation leads to lines of the snapshot. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from agents.contracts.base import Lines


def resolves(path: str, lines: Lines | None, line_counts: Mapping[str, int]) -> bool:
    """Whether a citation names a file of the snapshot and lines that it has; `line_counts` is keyed by path."""
    if path not in line_counts:
        return False
    return lines is None or lines.start <= lines.end <= line_counts[path]

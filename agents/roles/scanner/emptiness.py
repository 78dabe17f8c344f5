"""Says what a repository holds instead of something to read. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from agents.contracts.snapshot import ManifestEntry
from agents.text.wording import counted


def why_empty(repository: str, entries: Sequence[ManifestEntry]) -> str:
    """What the repository holds instead of something to read."""
    if not entries:
        return f"{repository} holds no files"
    reasons = Counter(entry.skipped or (entry.gap.reason if entry.gap else "") for entry in entries)
    fates = ", ".join(f"{count} {reason}" for reason, count in reasons.most_common())
    return f"{repository} has nothing to read in its {counted(len(entries), 'file')}: {fates}"

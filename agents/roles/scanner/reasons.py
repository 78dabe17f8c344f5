"""Says why a file is analysed (again), by what the session before saw. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from agents.contracts.snapshot import FileChange, Manifest, ManifestEntry
from agents.text.wording import listed

_NAMED = 3


@dataclass(frozen=True)
class Planned:
    """A file that will be analysed."""

    path: str
    digest: str
    analysis_key: str
    imports: Sequence[str] = ()


class Reason(NamedTuple):
    """Why a file is analysed: what changed, and a sentence for people."""

    change: FileChange
    text: str


NEW = Reason(FileChange.NEW, "new file")


def reasons(
    planned: Sequence[Planned], digests: Mapping[str, str], before: Manifest | None, model: str, instructions: str
) -> dict[str, Reason]:
    """A reason for each planned file, by path; `digests` are those of every file of the snapshot."""
    if before is None:
        return {file.path: NEW for file in planned}
    old = {entry.path: entry for entry in before.entries}
    return {
        file.path: _own_change(file, old, digests) or _other_change(file, old[file.path], before, model, instructions)
        for file in planned
    }


def _own_change(file: Planned, old: Mapping[str, ManifestEntry], digests: Mapping[str, str]) -> Reason | None:
    """What changed in the repository; None if nothing did."""
    was = old.get(file.path)
    if was is None:
        return NEW
    if was.digest != file.digest:
        return Reason(FileChange.BYTES, "its bytes changed")
    if was.analysis_key is None:
        return Reason(FileChange.LEFT_OUT_BEFORE, "it was left out before")
    if was.analysis_key == file.analysis_key:
        return Reason(FileChange.UNFINISHED, "not finished before")
    changed = [path for path in file.imports if path in old and old[path].digest != digests.get(path)]
    if changed:
        return Reason(FileChange.IMPORTS_CHANGED, f"imports {listed(changed, _NAMED)}, which changed")
    return None


def _other_change(file: Planned, was: ManifestEntry, before: Manifest, model: str, instructions: str) -> Reason:
    """What changed around the repository, or in how its imports are understood."""
    if before.model != model:
        return Reason(FileChange.MODEL, f"the model changed from {before.model or 'another'}")
    if before.instructions != instructions:
        return Reason(FileChange.INSTRUCTIONS, "the instructions changed")
    added = [path for path in file.imports if path not in was.imports]
    if added:
        return Reason(FileChange.IMPORTS_ADDED, f"imports {listed(added, _NAMED)}, which it did not before")
    gone = [path for path in was.imports if path not in file.imports]
    if gone:
        return Reason(FileChange.IMPORTS_GONE, f"imports {listed(gone, _NAMED)} no more")
    return Reason(FileChange.RELEASE, "this release reads files in another way")

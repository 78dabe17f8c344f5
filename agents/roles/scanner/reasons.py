"""Says why a file is analysed (again), by what the session before saw. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agents.contracts.snapshot import Manifest, ManifestEntry

NEW = "new file"
_NAMED = 3


@dataclass(frozen=True)
class Planned:
    """A file that will be analysed."""

    path: str
    digest: str
    analysis_key: str
    imports: Sequence[str] = ()


def reasons(
    planned: Sequence[Planned], digests: Mapping[str, str], before: Manifest | None, model: str, instructions: str
) -> dict[str, str]:
    """A reason for each planned file, by path; `digests` are those of every file of the snapshot."""
    if before is None:
        return {file.path: NEW for file in planned}
    old = {entry.path: entry for entry in before.entries}
    return {file.path: _why(file, old, digests) or _other(file, old, before, model, instructions) for file in planned}


def _why(file: Planned, old: Mapping[str, ManifestEntry], digests: Mapping[str, str]) -> str:
    """What changed in the repository; empty if nothing did."""
    was = old.get(file.path)
    if was is None:
        return NEW
    if was.digest != file.digest:
        return "its bytes changed"
    if was.analysis_key is None:
        return "it was left out before"
    if was.analysis_key == file.analysis_key:
        return "not finished before"
    changed = [path for path in file.imports if path in old and old[path].digest != digests.get(path)]
    return f"imports {_listed(changed)}, which changed" if changed else ""


def _other(file: Planned, old: Mapping[str, ManifestEntry], before: Manifest, model: str, instructions: str) -> str:
    """What changed around the repository, or in how its imports are understood."""
    was = old[file.path]
    if before.model != model:
        return f"the model changed from {before.model or 'another'}"
    if before.instructions != instructions:
        return "the instructions changed"
    added = [path for path in file.imports if path not in was.imports]
    if added:
        return f"imports {_listed(added)}, which it did not before"
    gone = [path for path in was.imports if path not in file.imports]
    if gone:
        return f"imports {_listed(gone)} no more"
    return "this release reads files in another way"


def _listed(paths: Sequence[str]) -> str:
    shown = list(paths[:_NAMED])
    more = len(paths) - len(shown)
    if more:
        return f"{', '.join(shown)} and {more} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)

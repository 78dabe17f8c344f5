"""What a promotion changes, as text: settings, instructions, figures. Pure."""

from __future__ import annotations

import difflib
import io
import zipfile
from collections.abc import Iterator, Mapping

from agents.questions.instructions import FILES
from releases.gate.record import GateRecord

_FIGURES = ("coverage", "citations_resolved", "recall", "score", "gaps", "seconds", "usd")


def settings_difference(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """A line for each value that changes."""
    return [f"{key}: {before.get(key, '')!r} -> {value!r}" for key, value in after.items() if before.get(key) != value]


def instructions_difference(before: bytes | None, after: bytes) -> list[str]:
    """A unified difference of each role's instructions, from two function zips; of none, all is new."""
    earlier, later = _instructions(before), _instructions(after)
    return [line for role in sorted(FILES) for line in _difference(role, earlier.get(role, ""), later.get(role, ""))]


def figures_difference(before: GateRecord | None, after: GateRecord) -> list[str]:
    """A line for each repository: the figure, and what it was."""
    lines = []
    for name, figures in sorted(after.repositories.items()):
        earlier = before.repositories.get(name) if before else None
        parts = [
            f"{figure} {getattr(figures, figure):g}" + (f" (was {getattr(earlier, figure):g})" if earlier else "")
            for figure in _FIGURES
        ]
        lines.append(f"{name}: {', '.join(parts)}")
    return lines


def _difference(role: str, before: str, after: str) -> Iterator[str]:
    return difflib.unified_diff(
        before.splitlines(), after.splitlines(), f"{role}, before", f"{role}, after", lineterm="", n=1
    )


def _instructions(function_zip: bytes | None) -> dict[str, str]:
    if function_zip is None:
        return {}
    with zipfile.ZipFile(io.BytesIO(function_zip)) as archive:
        names = set(archive.namelist())
        paths = {role: f"agents/roles/{file}" for role, file in FILES.items()}
        return {role: archive.read(path).decode("utf-8") for role, path in paths.items() if path in names}

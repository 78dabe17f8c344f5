"""What is simulated: repositories made by a seed, and those of a folder. Pure but for `subject_of_folder`."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path

from agents.costs.facts import FileCosts
from agents.costs.session import models_of
from agents.settings import AgentSettings
from bench.simulation.session import Subject

#: Lines of a file: log-normal, as files are; characters of a line; files of a folder; levels of the graph of imports.
_LINES, _SIGMA, _LINE, _IN_A_FOLDER, _LEVELS = 100.0, 1.0, 34, 25, 4


def repository(files: int, settings: AgentSettings, lines: int | None = None, seed: int = 1) -> Subject:
    """So many files of Python; with `lines` so many lines together. The same arguments give the same files."""
    dice = random.Random(seed)  # noqa: S311 (the same files each time are the point)
    weights = [dice.lognormvariate(-(_SIGMA**2) / 2, _SIGMA) for _ in range(files)]
    factor = (lines or _LINES * files) / sum(weights)
    sizes = [max(1, round(weight * factor)) for weight in weights]
    costs = [
        FileCosts(
            f"package_{number // _IN_A_FOLDER:04d}/module_{number % _IN_A_FOLDER:02d}.py", "python", size * _LINE, size
        )
        for number, size in enumerate(sizes)
    ]
    return Subject(costs, {file.path: dice.randrange(_LEVELS) for file in costs}, settings, models_of(settings))


def subject_of_folder(root: Path, settings: AgentSettings) -> Subject:
    """The Python files of a folder, as one level of imports."""
    files: Sequence[FileCosts] = [
        FileCosts(str(path.relative_to(root)), "python", path.stat().st_size, path.read_text("utf-8").count("\n"))
        for path in sorted(root.rglob("*.py"))
    ]
    levels: Mapping[str, int] = {file.path: 0 for file in files}
    return Subject(files, levels, settings, models_of(settings))

"""`swarm run` on 20,000 small files, with functions too small for them: does Fargate publish, in how much memory.

Every state that reads the whole repository is a Fargate task then. The laptop kills a function or a task that holds
more than its memory, so a run that publishes has kept every limit.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agents.roster import ROSTER
from bench import many_files

FILES = 20_000
FUNCTIONS = 5
#: The least that the setting takes, and the least that a task gets.
LAMBDA_MB, TASK_MB = 512, 2_048
_SETTINGS = {
    "repositoryMemoryMegabytes": str(LAMBDA_MB),
    "taskCpuUnits": "1024",
    "taskMemoryMegabytes": str(TASK_MB),
}
STATES = tuple(row.state for row in ROSTER.values() if row.memory == "repository")


def figures(files: int = FILES) -> Iterator[dict[str, Any]]:
    """One run on a new state."""
    with tempfile.TemporaryDirectory(prefix="swarm-bench-") as folder:
        root = Path(folder, "many")
        many_files.write_repository(root, files, FUNCTIONS)
        run = many_files.measure(root, Path(folder), files, _SETTINGS)
        held = {state: run["tasks_mb"].get(state, 0) for state in STATES}
        yield {
            **run,
            "lambda_limit_mb": LAMBDA_MB,
            "task_limit_mb": TASK_MB,
            "more_than_lambda_holds": sorted(state for state, used in held.items() if used > LAMBDA_MB),
            "within": run["within"] and all(held.values()),
        }

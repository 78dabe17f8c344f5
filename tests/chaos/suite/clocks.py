"""Lets a test set the clock of functions wrong, through start/runtime_start.py, which runs in each of them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from local.lambda_.environment import Function, worker_environment

_START = Path(__file__).with_name("start")


def settable(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let each function that starts from now on look for a file of its name in the folder."""

    def environment(function: Function, *given: Any) -> dict[str, str]:
        usual = worker_environment(function, *given)
        path = os.pathsep.join([str(_START), usual["PYTHONPATH"]])
        return {**usual, "PYTHONPATH": path, "CHAOS_CLOCK": str(folder / function.name)}

    patch.setattr("local.lambda_.worker.worker_environment", environment)

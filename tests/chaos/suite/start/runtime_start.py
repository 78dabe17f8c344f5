"""Starts a function as local/lambda_/start does, with a clock that a file can set wrong.

The file holds the seconds that the clock is ahead; beside it, a file that ends in `.read` says that somebody asked it.
"""

from __future__ import annotations

import os
import runpy
from pathlib import Path

from agents.aws.system_clock import SystemClock

_WRONG_BY = Path(os.environ["CHAOS_CLOCK"])
_OWN = Path(__file__).resolve().parents[4] / "local" / "lambda_" / "start" / "runtime_start.py"
_right = SystemClock.now


def now(self: SystemClock) -> float:
    """The machine's time, or the wrong one that the file asks for."""
    if not _WRONG_BY.exists():
        return _right(self)
    _WRONG_BY.with_suffix(".read").touch()
    return _right(self) + float(_WRONG_BY.read_text())


if __name__ == "__main__":
    SystemClock.now = now  # type: ignore[method-assign]  # in this process alone
    runpy.run_path(str(_OWN), run_name="__main__")

"""However a run of the program ends, it leaves no event loop open, of its own or of the threads that it started."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path
from typing import Any

import pytest

from local.configuration import ProgramFailed
from local.program import run_program

ENDS = {
    "well": "",
    "an error": "raise RuntimeError('broken')",
    "an exit": "import sys\nsys.exit(3)",
    "a path without its folder": "import sys\nsys.path.pop(0)\nraise RuntimeError('broken')",
    "a resource that is refused": "import pulumi_aws as aws\naws.s3.Bucket('one')",
    "a data source that is refused": "import pulumi_aws as aws\naws.get_caller_identity()",
    "a task that exits when it is cancelled": (
        "import asyncio\n"
        "async def wait():\n"
        "    try:\n        await asyncio.sleep(100)\n"
        "    except asyncio.CancelledError:\n        raise SystemExit(3)\n"
        "asyncio.ensure_future(wait())\n"
        "raise RuntimeError('broken')"
    ),
}


class Refusing:
    """A cloud that answers nothing."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(f"no {name}")


def open_loops() -> set[int]:
    gc.collect()
    # `isinstance` would ask a weak proxy for its object, which may be gone.
    loops = (each for each in gc.get_objects() if issubclass(type(each), asyncio.BaseEventLoop))
    return {id(each) for each in loops if not each.is_closed()}


@pytest.mark.parametrize("end", ENDS)
def test_a_run_leaves_no_event_loop_open(tmp_path: Path, end: str) -> None:
    (tmp_path / "__main__.py").write_text(ENDS[end])
    before, failure = open_loops(), ""

    try:
        run_program(tmp_path / "__main__.py", "project", "local", {}, Refusing())
    except ProgramFailed as problem:
        failure = str(problem)
        loops = open_loops()  # while whatever the failure holds on to is there
    else:
        loops = open_loops()

    assert loops <= before
    assert (failure == "") == (end == "well")
    assert "broken" in failure or "raise RuntimeError('broken')" not in ENDS[end]

"""`swarm run` on a package of 36 files and 6,000 lines with a model that takes a second to answer.

The model is bench/stub_model.py, over HTTP. The limits are the goals of bench/goals.py. A stack in AWS is there when a
run begins; on a laptop, `swarm local up` is what keeps one.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.goals import COLD_SECONDS, WARM_SECONDS, judged
from bench.large_repository import module_text
from bench.machine import loop_seconds
from bench.stub_model import Behaviour, StubModel

SWARM = (sys.executable, "-m", "cli")
FILES = 36
RUNS_ON_A_RESIDENT_CLOUD = 3
LATENCY_SECONDS = 1.0
_METHODS = range(17, 24)
_SEED = 20_261_122


def figures() -> Iterator[dict[str, Any]]:
    """A run that starts its own cloud, then runs on a resident one; each documents a package of its own."""
    with tempfile.TemporaryDirectory(prefix="swarm-bench-") as name:
        folder = Path(name)
        with StubModel(Behaviour(latency_seconds=LATENCY_SECONDS)) as stub:
            # As many questions side by side as there are files: a second of latency is waited for once.
            options = options_of(stub, f"modelCallsAtOnce={FILES}")
            yield _measure(folder, stub, [*options, "--state", str(folder / "own")], 0)
            resident = [*options, "--state", str(folder / "resident")]
            with resident_cloud(resident):
                for number in range(1, RUNS_ON_A_RESIDENT_CLOUD + 1):
                    yield _measure(folder, stub, resident, number)


def write_package(root: Path, variant: int = 0) -> int:
    """A package whose modules import one another, the same everywhere; returns its lines."""
    dice = random.Random(_SEED + variant)  # noqa: S311 (the same on every machine is the point)
    names = [f"package/group_{n // 9}/module_{n:02d}" for n in range(FILES)]
    lines = 0
    for number, name in enumerate(names):
        path = root / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        imported = [names[dice.randrange(number)] for _ in range(min(number, 3))]
        text = module_text(name, imported, dice, _METHODS)
        path.write_text(text, encoding="utf-8")
        lines += text.count("\n")
    return lines


def options_of(stub: StubModel, *settings: str) -> list[str]:
    """The options of a run that asks the stub, with further settings as `key=value`."""
    named = ("modelPrices=openai:stub=0.1/0.4", *settings)
    return ["--model", stub.model, *(word for setting in named for word in ("--setting", setting))]


def timed_run(root: Path, out: Path, options: Sequence[str]) -> tuple[float, int, dict[str, Any]]:
    """The seconds of one run, its exit code, and its session.json; empty when it published nothing."""
    started = time.monotonic()
    command = [*SWARM, "run", str(root), "--out", str(out), *options, "--json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=sys.stderr, text=True, check=False)
    wall = time.monotonic() - started
    return wall, done.returncode, json.loads(done.stdout) if done.returncode == 0 else {}


def _measure(folder: Path, stub: StubModel, options: list[str], number: int) -> dict[str, Any]:
    """Run number 0 has its own cloud."""
    package = folder / f"package_{number}"
    lines = write_package(package, number)
    before, load, loop = stub.answered, os.getloadavg()[0], loop_seconds()
    wall, code, session = timed_run(package, folder / f"out_{number}", options)
    coverage = session.get("coverage", {})
    goals = judged({"wall_s": wall}, {"wall_s": WARM_SECONDS if number else COLD_SECONDS})
    return {
        "files": FILES,
        "lines": lines,
        "latency_s": LATENCY_SECONDS,
        "cloud": f"resident, run {number}" if number else "own",
        "wall_s": round(wall, 1),
        "execution_s": session.get("timings", {}).get("wall_s"),
        "questions": stub.answered - before,
        "most_at_once": stub.most_at_once,
        "coverage": coverage,
        "states": session.get("timings", {}).get("states"),
        "cores": os.cpu_count(),
        "load_before": round(load, 1),
        "loop_s": loop,
        "exit": code,
        "status": session.get("status"),
        **goals,
        "within": goals["within"] and coverage.get("files_analysed") == FILES,
    }


@contextmanager
def resident_cloud(options: list[str]) -> Iterator[None]:
    """`swarm local up`, in a process of its own, from when it says that its cloud is up."""
    holder = subprocess.Popen([*SWARM, "local", "up", *options], stderr=subprocess.PIPE, text=True)
    try:
        assert holder.stderr is not None
        if not any("The cloud is up" in line for line in holder.stderr):
            raise RuntimeError("swarm local up ended before its cloud was up")
        yield
    finally:
        holder.terminate()
        holder.wait(60)

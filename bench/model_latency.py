"""`swarm run` on a package of 36 files and 6,000 lines with a model that takes a second to answer.

The model is bench/stub_model.py, over HTTP. The limit is the issue's: 12 s from the command to the site, on 2 cores.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.large_repository import module_text
from bench.machine import loop_seconds
from bench.stub_model import Behaviour, StubModel

FILES = 36
LATENCY_SECONDS = 1.0
LIMIT_SECONDS = 12.0
_METHODS = range(17, 24)
_SEED = 20_261_122


def figures() -> Iterator[dict[str, Any]]:
    """One run with an empty state."""
    with tempfile.TemporaryDirectory(prefix="swarm-bench-") as name:
        folder = Path(name)
        lines = write_package(folder / "package")
        with StubModel(Behaviour(latency_seconds=LATENCY_SECONDS)) as stub:
            yield {"files": FILES, "lines": lines, "latency_s": LATENCY_SECONDS, **_measure(folder, stub)}


def write_package(root: Path) -> int:
    """A package whose modules import one another, the same everywhere; returns its lines."""
    dice = random.Random(_SEED)  # noqa: S311 (the same on every machine is the point)
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


def _measure(folder: Path, stub: StubModel) -> dict[str, Any]:
    command = [sys.executable, "-m", "cli", "run", str(folder / "package"), "--out", str(folder / "out")]
    command += [
        "--state",
        str(folder / "state"),
        "--model",
        stub.model,
        "--setting",
        "modelPrices=openai:stub=0.1/0.4",
        "--json",
    ]
    # As many questions side by side as there are files: a second of latency is waited for once.
    command += ["--setting", f"modelCallsAtOnce={FILES}"]
    load, loop = os.getloadavg()[0], loop_seconds()
    started = time.monotonic()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=sys.stderr, text=True, check=False)
    wall = time.monotonic() - started
    session = json.loads(done.stdout) if done.returncode == 0 else {}
    coverage = session.get("coverage", {})
    return {
        "wall_s": round(wall, 1),
        "execution_s": session.get("timings", {}).get("wall_s"),
        "questions": stub.answered,
        "most_at_once": stub.most_at_once,
        "coverage": coverage,
        "states": session.get("timings", {}).get("states"),
        "cores": os.cpu_count(),
        "load_before": round(load, 1),
        "loop_s": loop,
        "exit": done.returncode,
        "status": session.get("status"),
        "limit_s": LIMIT_SECONDS,
        "within": wall < LIMIT_SECONDS and coverage.get("files_analysed") == FILES,
    }

"""`swarm run` on 2,000 files of Python that are the same on every machine: time, memory, payload, history.

The limits of time and memory are the goals of bench/goals.py, so a slow machine misses them; payloads stay under 16
KiB, a history under 500 events.
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

from bench.goals import LARGE_SECONDS, MOST_BYTES, judged
from bench.machine import loop_seconds, processor_seconds
from bench.process_tree import PeakMemory

FILES = 2_000
_SEED = 20_260_101
_GOALS = {"wall_s": LARGE_SECONDS, "peak_bytes": MOST_BYTES, "payload_max_bytes": 16 * 1024, "events": 500}
_METHODS = range(4, 14)
_VERBS = ("load", "save", "merge", "split", "count", "index", "render", "parse", "filter", "group")
_NOUNS = ("orders", "users", "events", "pages", "records", "tokens", "rows", "graphs", "batches", "reports")


def figures(files: int = FILES) -> Iterator[dict[str, Any]]:
    """A first run of a new state, then a second one of the same snapshot."""
    with tempfile.TemporaryDirectory(prefix="swarm-bench-") as folder:
        root = Path(folder, "synthetic")
        write_repository(root, files)
        size = sum(path.stat().st_size for path in root.rglob("*.py"))
        for run in ("first", "same snapshot"):
            yield {"run": run, "files": files, "bytes": size, **_measure(root, Path(folder))}


def write_repository(root: Path, files: int) -> None:
    """A package tree whose modules import one another; the same bytes for the same number of files."""
    dice = random.Random(_SEED)  # noqa: S311 (the same on every machine is the point)
    names = [f"package_{n // 100:02d}/group_{n // 20 % 5}/module_{n:04d}" for n in range(files)]
    for number, name in enumerate(names):
        path = root / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        imported = [names[dice.randrange(number)] for _ in range(min(number, 3))]
        path.write_text(module_text(name, imported, dice), encoding="utf-8")


def module_text(name: str, imported: list[str], dice: random.Random, methods: range = _METHODS) -> str:
    """One module: imports, a class and so many methods, about half of them with a docstring."""
    lines = [f'"""Handles {dice.choice(_NOUNS)} of {name}."""', "", "from __future__ import annotations", ""]
    lines += [f"from {other.replace('/', '.')} import helper as helper_{n}" for n, other in enumerate(imported)]
    lines += ["", "", f"LIMIT = {dice.randrange(1000)}", ""]
    lines += ["", "def helper(value: int) -> int:", '    """Value, bounded."""', "    return min(value, LIMIT)", ""]
    lines += ["", f"class {dice.choice(_NOUNS).title()}:", f'    """Keeps {dice.choice(_NOUNS)}."""', ""]
    for number in range(dice.choice(methods)):
        lines += _method(f"{dice.choice(_VERBS)}_{dice.choice(_NOUNS)}_{number}", dice)
    return "\n".join(lines) + "\n"


def _method(name: str, dice: random.Random) -> list[str]:
    lines = [f"    def {name}(self, source: list[int], depth: int = {dice.randrange(9)}) -> list[int]:"]
    if dice.random() < 0.5:
        lines.append(f'        """{name.replace("_", " ").capitalize()}."""')
    lines += ["        found = []", "        for value in source:", f"            if value % {dice.randrange(2, 9)}:"]
    lines += ["                found.append(helper(value) + depth)", "        return sorted(found)", ""]
    return lines


def _measure(root: Path, folder: Path) -> dict[str, Any]:
    out = folder / "out"
    command = [
        sys.executable,
        "-m",
        "cli",
        "run",
        str(root),
        "--out",
        str(out),
        "--state",
        str(folder / "state"),
        "--json",
    ]
    load, loop = os.getloadavg()[0], loop_seconds()
    started, processor = time.monotonic(), processor_seconds()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=sys.stderr, text=True)
    with PeakMemory(process.pid) as peak:
        answer, _ = process.communicate()
    wall, processor = time.monotonic() - started, processor_seconds() - processor
    session = json.loads(answer) if process.returncode == 0 else {}
    measured = {
        "wall_s": round(wall, 1),
        "peak_bytes": peak.bytes,
        **({"payload_max_bytes": session["payload"]["max_bytes"], "events": session["events"]} if session else {}),
    }
    return {
        **measured,
        "processor_s": round(processor, 1),
        "processes": peak.processes,
        "cores": os.cpu_count(),
        "load_before": round(load, 1),
        "loop_s": loop,
        "exit": process.returncode,
        "status": session.get("status"),
        "coverage": session.get("coverage"),
        "states": session.get("timings", {}).get("states"),
        **judged(measured, _GOALS),
    }


if __name__ == "__main__":
    for figure in figures():
        print(json.dumps(figure), flush=True)

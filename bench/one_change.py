"""`swarm run` after one file of 500 has changed: what a model is asked again, and the same snapshot once more.

The model is bench/stub_model.py, which answers at once; all runs are on one cloud (`swarm local up`). The changed file
is one that no other imports, and its change is a function's body and a sentence of its documentation.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bench.goals import ONE_CHANGE_SECONDS, ONE_CHANGE_SHARE, SAME_SNAPSHOT_SECONDS, judged
from bench.large_repository import write_repository
from bench.machine import loop_seconds
from bench.model_latency import options_of, resident_cloud, timed_run
from bench.stub_model import Behaviour, StubModel

FILES = 500
_GOALS: Mapping[str, Mapping[str, float]] = {
    "first": {},
    "one file changed": {"wall_s": ONE_CHANGE_SECONDS, "share_of_first": ONE_CHANGE_SHARE},
    "same snapshot": {"wall_s": SAME_SNAPSHOT_SECONDS, "share_of_first": ONE_CHANGE_SHARE},
}


def figures(files: int = FILES) -> Iterator[dict[str, Any]]:
    """A first run, one after a change, and one of the same snapshot."""
    with tempfile.TemporaryDirectory(prefix="swarm-bench-") as name, StubModel(Behaviour()) as stub:
        folder = Path(name)
        root = folder / "synthetic"
        write_repository(root, files)
        options = [*options_of(stub, "capUsd=1000", "dayCapUsd=1000"), "--state", str(folder / "state")]
        first = 0
        with resident_cloud(options):
            for run, goals in _GOALS.items():
                if run == "one file changed":
                    _change(_unimported(root))
                measured = _measure(root, folder / "out", options)
                first = first or measured["tokens"]
                measured["share_of_first"] = round(measured["tokens"] / max(first, 1), 4)
                # A snapshot that is documented already is not documented again: its figures are the run's before.
                line = {"run": run, "files": files, **measured, **judged(measured, goals)}
                yield {**line, "within": line["within"] and not measured["exit"]}


def _unimported(root: Path) -> Path:
    """The module in the middle of those that no other imports."""
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(root.rglob("*.py"))}
    imported = {line.split()[1] for text in texts.values() for line in text.split("\n") if line.startswith("from ")}
    alone = [path for path in texts if ".".join(path.relative_to(root).with_suffix("").parts) not in imported]
    return alone[len(alone) // 2]


def _change(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    changed = text.replace('"""Value, bounded."""', '"""Value, bounded by the limit of this module."""')
    path.write_text(changed.replace("return min(value, LIMIT)", "return min(int(value), LIMIT)"), encoding="utf-8")


def _measure(root: Path, out: Path, options: list[str]) -> dict[str, Any]:
    load, loop = os.getloadavg()[0], loop_seconds()
    wall, code, session = timed_run(root, out, options)
    usage = session.get("usage", {})
    return {
        "wall_s": round(wall, 2),
        "execution_s": session.get("timings", {}).get("wall_s"),
        "requests": usage.get("requests"),
        "tokens": usage.get("input_tokens", 0) + usage.get("output_tokens", 0),
        "files_reused": session.get("coverage", {}).get("files_reused"),
        "score": session.get("score"),
        "load_before": round(load, 1),
        "loop_s": loop,
        "exit": code,
    }

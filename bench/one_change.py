"""`swarm run` after one file of 500 has changed: what a model is asked again, and the same snapshot once more.

The model is bench/stub_model.py, which answers at once; all runs are on one cloud (`swarm local up`). The changed file
is one that no other imports, and its change is a function's body and a sentence of its documentation.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.large_repository import write_repository
from bench.machine import loop_seconds
from bench.model_latency import options_of, resident_cloud, timed_run
from bench.stub_model import Behaviour, StubModel

FILES = 500
LIMIT_SHARE = 0.005


def figures(files: int = FILES) -> Iterator[dict[str, Any]]:
    """A first run, one after a change, and one of the same snapshot."""
    with tempfile.TemporaryDirectory(prefix="swarm-bench-") as name, StubModel(Behaviour()) as stub:
        folder = Path(name)
        root = folder / "synthetic"
        write_repository(root, files)
        options = [*options_of(stub, "capUsd=1000", "dayCapUsd=1000"), "--state", str(folder / "state")]
        first = 0
        with resident_cloud(options):
            for run in ("first", "one file changed", "same snapshot"):
                if run == "one file changed":
                    _change(_unimported(root))
                measured = _measure(root, folder / "out", options)
                first = first or measured["tokens"]
                share = round(measured["tokens"] / max(first, 1), 4)
                within = run == "first" or share <= LIMIT_SHARE
                # A snapshot that is documented already is not documented again: its figures are the run's before.
                yield {"run": run, "files": files, **measured, "share_of_first": share, "within": within}


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
    loop = loop_seconds()
    wall, code, session = timed_run(root, out, options)
    usage = session.get("usage", {})
    return {
        "wall_s": round(wall, 1),
        "execution_s": session.get("timings", {}).get("wall_s"),
        "requests": usage.get("requests"),
        "tokens": usage.get("input_tokens", 0) + usage.get("output_tokens", 0),
        "files_reused": session.get("coverage", {}).get("files_reused"),
        "score": session.get("score"),
        "loop_s": loop,
        "exit": code,
    }

"""`swarm run` on 500 files with 40 questions side by side and a model that takes a second, on a cloud that is up.

An analyst asks its share of the 40: there are as many analysts at once as processors, two at least. Batches of 80 files
are twice the default.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.goals import WIDE_READING_SECONDS, WIDE_SECONDS, judged
from bench.large_repository import write_repository
from bench.machine import loop_seconds
from bench.model_latency import LATENCY_SECONDS, options_of, resident_cloud, timed_run
from bench.stub_model import Behaviour, StubModel
from local.at_once import agents_at_once

FILES = 500
SIDE_BY_SIDE = 40
#: An agent reads its share of a wave in one batch: each end of a batch waits for its last answers.
BATCH_FILES = 80


def figures(files: int = FILES) -> Iterator[dict[str, Any]]:
    """The first run on the cloud."""
    with (
        tempfile.TemporaryDirectory(prefix="swarm-bench-") as name,
        StubModel(Behaviour(latency_seconds=LATENCY_SECONDS)) as stub,
    ):
        folder = Path(name)
        write_repository(folder / "synthetic", files)
        at_once = SIDE_BY_SIDE // agents_at_once()
        wide = (f"modelCallsAtOnce={at_once}", f"batchTargetFiles={BATCH_FILES}")
        settings = (*wide, "capUsd=1000", "dayCapUsd=1000")
        options = [*options_of(stub, *settings), "--state", str(folder / "state")]
        with resident_cloud(options):
            load, loop = os.getloadavg()[0], loop_seconds()
            wall, code, session = timed_run(folder / "synthetic", folder / "out", options)
        states = session.get("timings", {}).get("states", {})
        measured = {"wall_s": wall, **({"reading_s": states["AnalyseFiles"]} if states else {})}
        verdict = judged(measured, {"reading_s": WIDE_READING_SECONDS, "wall_s": WIDE_SECONDS})
        analysed = session.get("coverage", {}).get("files_analysed")
        yield {
            "files": files,
            "latency_s": LATENCY_SECONDS,
            **{name: round(seconds, 1) for name, seconds in measured.items()},
            "states": states,
            "questions": stub.answered,
            "most_at_once": stub.most_at_once,
            "cores": os.cpu_count(),
            "load_before": round(load, 1),
            "loop_s": loop,
            "exit": code,
            **verdict,
            "within": verdict["within"] and analysed == files and stub.most_at_once <= SIDE_BY_SIDE,
        }

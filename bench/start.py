"""From the command to the first state of the session, and to the site: 36 files, a model that takes a second.

Three starts: with nothing on disk, with a saved cloud and no process (`cold`), and with the cloud that an earlier run
left up (`warm`); then the same snapshot again. Seconds on a busy machine mean
little: `command_cpu_s` and `cloud_cpu_s` are the processor time of the command and of the process that has the cloud.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from bench.machine import loop_seconds, processor_seconds
from bench.model_latency import FILES, LATENCY_SECONDS, SWARM, options_of, write_package
from bench.stub_model import Behaviour, StubModel
from local import shared_clouds
from local.resident import holder_in

#: Seconds to the state machine, to the site, and of the whole when nothing is to be done.
REACHED_LIMIT, COLD_LIMIT, WARM_LIMIT, AGAIN_LIMIT = 2.0, 9.0, 7.0, 1.5


def figures() -> Iterator[dict[str, Any]]:
    """One line for each kind of start."""
    with (
        tempfile.TemporaryDirectory(prefix="swarm-bench-") as name,
        StubModel(Behaviour(latency_seconds=LATENCY_SECONDS)) as stub,
    ):
        folder = Path(name)
        options = [*options_of(stub, f"modelCallsAtOnce={FILES}"), "--state", str(folder / "state")]
        try:
            shutil.rmtree(shared_clouds.FOLDER, ignore_errors=True)  # what other runs of this checkout have built
            yield _run(folder, "nothing on disk", 0, options, limits={})
            _down(folder)
            yield _run(folder, "cold, saved cloud", 1, options, limits={"reached": REACHED_LIMIT, "wall": COLD_LIMIT})
            for number in (2, 3):
                yield _run(folder, "warm", number, options, limits={"reached": REACHED_LIMIT, "wall": WARM_LIMIT})
            yield _run(folder, "warm, same snapshot", 3, options, limits={"wall": AGAIN_LIMIT})
        finally:
            _down(folder)


def _down(folder: Path) -> None:
    subprocess.run([*SWARM, "local", "down", "--state", str(folder / "state")], stderr=sys.stderr, check=False)


def _run(folder: Path, start: str, number: int, options: list[str], limits: Mapping[str, float]) -> dict[str, Any]:
    package = folder / f"package_{number}"
    if not package.exists():
        write_package(package, number)
    command = [*SWARM, "run", str(package), "--out", str(folder / f"out_{number}"), *options]
    reached: list[float] = []
    before, load, loop = processor_seconds(), os.getloadavg()[0], loop_seconds()
    started = time.monotonic()
    run = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env={**os.environ, "SWARM_KEEPER": "5"}
    )
    assert run.stderr is not None
    for line in run.stderr:
        if " s  " in line and "starting the cloud" not in line and "on the cloud" not in line and not reached:
            reached.append(time.monotonic() - started)
        sys.stderr.write(line)
    code = run.wait()
    wall = time.monotonic() - started
    figure = {
        "start": start,
        "files": FILES,
        "latency_s": LATENCY_SECONDS,
        "reached_s": round(reached[0], 2) if reached else None,
        "wall_s": round(wall, 2),
        "command_cpu_s": round(processor_seconds() - before, 2),
        "cloud_cpu_s": _cloud_seconds(folder),
        "cores": os.cpu_count(),
        "load_before": round(load, 1),
        "loop_s": loop,
        "exit": code,
    }
    measured = {"reached": reached[0] if reached else float("inf"), "wall": wall}
    if limits:
        within = all(measured[name] <= limit for name, limit in limits.items())
        figure |= {"limits_s": dict(limits), "within": within and code == 0}
    return figure


def _cloud_seconds(folder: Path) -> float | None:
    """Processor time of the cloud's own process so far, without its functions'; Linux only."""
    holder = holder_in(folder / "state")
    if holder is None:
        return None
    with suppress(OSError):
        fields = Path(f"/proc/{holder.process}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
        return round((int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), 2)
    return None

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
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from bench.goals import COLD_SECONDS, REACHED_SECONDS, SAME_SNAPSHOT_SECONDS, WARM_SECONDS, judged
from bench.machine import loop_seconds, processor_seconds
from bench.model_latency import FILES, LATENCY_SECONDS, SWARM, options_of, write_package
from bench.stub_model import Behaviour, StubModel
from local import shared_clouds
from local.resident import holder_in


def figures() -> Iterator[dict[str, Any]]:
    """One line for each kind of start."""
    with (
        tempfile.TemporaryDirectory(prefix="swarm-bench-") as name,
        StubModel(Behaviour(latency_seconds=LATENCY_SECONDS)) as stub,
    ):
        folder = Path(name)
        options = [*options_of(stub, f"modelCallsAtOnce={FILES}"), "--state", str(folder / "state")]
        try:
            with set_aside(shared_clouds.FOLDER):
                first = _run(folder, "nothing on disk", 0, options, goals={})
            yield first
            _down(folder)
            reached = {"reached_s": REACHED_SECONDS}
            yield _run(folder, "cold, saved cloud", 1, options, reached | {"wall_s": COLD_SECONDS})
            for number in (2, 3):
                yield _run(folder, "warm", number, options, reached | {"wall_s": WARM_SECONDS})
            yield _run(folder, "warm, same snapshot", 3, options, {"wall_s": SAME_SNAPSHOT_SECONDS})
        finally:
            _down(folder)


@contextmanager
def set_aside(clouds: Path) -> Iterator[None]:
    """Moves away what runs of this checkout have built, and back again.

    A run that begins meanwhile builds its cloud anew; what it built stays in the place of the older one.
    """
    aside = clouds.with_name(f"{clouds.name}-{os.getpid()}")
    with suppress(FileNotFoundError):
        clouds.rename(aside)
    try:
        yield
    finally:
        for cloud in aside.iterdir() if aside.is_dir() else ():
            clouds.mkdir(exist_ok=True)
            with suppress(OSError):  # there is one of this name
                cloud.rename(clouds / cloud.name)
        shutil.rmtree(aside, ignore_errors=True)


def _down(folder: Path) -> None:
    subprocess.run([*SWARM, "local", "down", "--state", str(folder / "state")], stderr=sys.stderr, check=False)


def _run(folder: Path, start: str, number: int, options: list[str], goals: Mapping[str, float]) -> dict[str, Any]:
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
    measured = {"wall_s": wall, **({"reached_s": reached[0]} if reached else {})}
    verdict = judged(measured, goals)
    return {**figure, **verdict, "within": verdict["within"] and code == 0}


def _cloud_seconds(folder: Path) -> float | None:
    """Processor time of the cloud's own process so far, without its functions'; Linux only."""
    holder = holder_in(folder / "state")
    if holder is None:
        return None
    with suppress(OSError):
        fields = Path(f"/proc/{holder.process}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
        return round((int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), 2)
    return None

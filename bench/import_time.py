"""How long a function takes to import its code, from the zips of `make package` alone, in a fresh Python 3.13.

Needs a Python 3.13 of the zips' architecture (SWARM_PYTHON313, or `python3.13` on the path) and
`python -m releases package --architecture …` for this machine: compiled modules of another one cannot be imported.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agents.roster import FUNCTIONS, ROSTER, layers_of
from bench.machine import loop_seconds
from releases.package import ASKED, RELEASE

#: Seconds, for a function that calls no model.
LIMIT_SECONDS = 0.5
#: The same for one that calls a model on the network.
MODEL_LIMIT_SECONDS = 1.2
RUNS = 7
_PROGRAM = """
import sys, time
sys.path[:0] = sys.argv[2:]
wall, cpu = time.perf_counter(), time.process_time()
from agents.shells import lambda_handler
from agents.roster import ROSTER
ROSTER[sys.argv[1]].load()
import boto3, botocore.client
if ROSTER[sys.argv[1]].model_role:
    import agents.models.provider, pydantic_ai.models.bedrock, pydantic_ai.providers.bedrock
files = (getattr(module, "__file__", None) or "" for module in list(sys.modules.values()))
outside = sorted(file for file in files if "site-packages" in file)
import json
print(json.dumps({"wall_s": round(time.perf_counter() - wall, 3), "cpu_s": round(time.process_time() - cpu, 3),
                  "modules": len(sys.modules), "pydantic_ai": "pydantic_ai" in sys.modules, "outside": outside}))
"""


def figures(folder: Path = RELEASE) -> Iterator[dict[str, Any]]:
    """Processor time and wall time of several imports, for each state."""
    python = os.environ.get("SWARM_PYTHON313") or shutil.which("python3.13")
    release = folder / "release.json"
    if python is None or not release.is_file():
        yield {"skipped": "needs a Python 3.13 and the zips of `make package`; bench/README.md says how"}
        return
    made = json.loads(release.read_text(encoding="utf-8"))
    if made["architecture"] != {"aarch64": "arm64"}.get(platform.machine(), platform.machine()):
        yield {"skipped": f"the zips are for {made['architecture']}, this machine is {platform.machine()}"}
        return
    with tempfile.TemporaryDirectory(prefix="swarm-import-") as name:
        unpacked = {"function": _unpacked(folder / made["function"]["file"], Path(name, "function"))}
        for layer, artefact in made["layers"].items():
            unpacked[layer] = _unpacked(folder / artefact["file"], Path(name, layer)) / "python"
        for state in FUNCTIONS:
            yield _figure(
                python, state, [unpacked["function"], *(unpacked[layer] for layer in layers_of(state, ASKED))]
            )


def _unpacked(archive: Path, folder: Path) -> Path:
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder)  # our own zips
    return folder


def _figure(python: str, state: str, paths: list[Path]) -> dict[str, Any]:
    runs = [_import(python, state, paths) for _ in range(RUNS)]
    assert not any(run["outside"] for run in runs), runs[0]["outside"]
    cpu = min(run["cpu_s"] for run in runs)
    figure = {
        "state": state,
        "cpu_s": cpu,
        "fastest_s": min(run["wall_s"] for run in runs),
        "median_s": round(statistics.median(run["wall_s"] for run in runs), 3),
        "modules": runs[0]["modules"],
        "pydantic_ai": runs[0]["pydantic_ai"],
        "loop_s": loop_seconds(),
    }
    # Processor time: an import hardly waits, and a busy machine would be measured otherwise.
    if ROSTER[state].model_role:
        figure |= {"limit_s": MODEL_LIMIT_SECONDS, "within": cpu < MODEL_LIMIT_SECONDS}
    else:
        figure |= {"limit_s": LIMIT_SECONDS, "within": cpu < LIMIT_SECONDS and not runs[0]["pydantic_ai"]}
    return figure


def _import(python: str, state: str, paths: list[Path]) -> dict[str, Any]:
    # Isolated and without site-packages: only the zips and the standard library are there.
    command = [python, "-I", "-S", "-B", "-c", _PROGRAM, state, *map(str, paths)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=sys.stderr, text=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer

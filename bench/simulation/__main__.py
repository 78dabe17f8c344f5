"""`python -m bench.simulation`: predict, write docs/scale.md's tables and plots; `--check` runs sessions here.

The check compares each state's seconds with the same simulation of a laptop; no figure was fitted to it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from agents.costs.run_cost import run_lines
from bench.large_repository import write_repository
from bench.model_latency import write_package
from bench.simulation.figures import figures
from bench.simulation.place import account, laptop
from bench.simulation.report import Predicted, plot, write_page
from bench.simulation.session import simulate
from bench.simulation.subjects import repository, subject_of_folder
from bench.stub_model import Behaviour, StubModel
from cli.stack.stack_settings import read_settings
from local.at_once import agents_at_once

ROOT = Path(__file__).resolve().parents[2]
MODEL = "bedrock:eu.anthropic.claude-haiku-4-5-20251001-v1:0"
#: Label, files, lines together.
SIZES = (
    ("1k files", 1_000, None),
    ("125k lines", 600, 125_000),
    ("10k files", 10_000, None),
    ("100k files", 100_000, None),
)
#: Files of a local run, and who writes them.
LOCAL: tuple[tuple[int, Callable[[Path], object]], ...] = (
    (36, write_package),
    (400, lambda root: write_repository(root, 400)),
)
_MODEL_SECONDS = 1.0


def predictions(sizes: Sequence[tuple[str, int, int | None]] = SIZES) -> Iterator[Predicted]:
    """Each size, in an account with the default quotas and in a new one."""
    settings = read_settings("prod", {"model": MODEL, "capUsd": "10000", "dayCapUsd": "10000"}).for_agents
    for new in (False, True):
        place = account(figures(), new=new)
        for label, files, lines in sizes:
            outcome = simulate(repository(files, settings, lines), place, figures())
            yield Predicted(label, place.name, outcome, sum(line.usd for line in run_lines(outcome.run)))


def checks() -> Iterator[dict[str, Any]]:
    """Runs on this computer beside what the simulation says of them."""
    for files, write in LOCAL:
        with tempfile.TemporaryDirectory(prefix="swarm-bench-") as name, StubModel(Behaviour(_MODEL_SECONDS)) as stub:
            folder = Path(name)
            write(folder / "package")
            options = {"model": stub.model, "modelPrices": "openai:stub=0.1/0.4"}
            # `swarm run` gives a laptop's cloud this one by itself (cli/stack/laptop_cloud.py).
            of_laptop = {**options, "analystConcurrency": str(agents_at_once())}
            settings = read_settings("local", of_laptop).for_agents
            predicted = simulate(
                subject_of_folder(folder / "package", settings), laptop(figures(), _MODEL_SECONDS), figures()
            )
            words = [word for key, value in options.items() for word in ("--setting", f"{key}={value}")]
            command = [
                sys.executable,
                "-m",
                "cli",
                "run",
                str(folder / "package"),
                "--out",
                str(folder / "out"),
                *words,
            ]
            command += ["--state", str(folder / "state"), "--json"]
            done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
            timings = json.loads(done.stdout)["timings"]
            yield {
                "files": files,
                "seconds": [round(predicted.seconds, 1), timings["wall_s"]],
                "questions_at_once": [predicted.most_at_once["questions"], stub.most_at_once],
                "states": {state: [round(s, 1), timings["states"][state]] for state, s in predicted.states.items()},
            }


def main() -> None:
    """Predict and write, or check."""
    parser = argparse.ArgumentParser(prog="python -m bench.simulation", description=__doc__)
    parser.add_argument("--check", action="store_true", help="run sessions on this computer and compare")
    if parser.parse_args().check:
        for line in checks():
            print(json.dumps(line), flush=True)
        return
    predicted = list(predictions())
    write_page(ROOT / "docs" / "scale.md", predicted, figures())
    for name, value in (("seconds", lambda at: at.outcome.seconds / 60), ("dollars", lambda at: at.usd)):
        (ROOT / "docs" / f"scale-{name}.svg").write_text(plot(name, predicted, value), encoding="utf-8")


if __name__ == "__main__":
    main()

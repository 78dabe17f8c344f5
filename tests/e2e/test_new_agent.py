"""CONTRIBUTING.md shows how an agent is written; its files, put into a copy of the project, run on the local cloud."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.main_job import ROOT, write_repository

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_COPIED = ("agents", "components", "workflow", "local", "cli", "releases", "requirements", "vendor", "__main__.py")


def blocks() -> tuple[dict[str, str], dict[str, object]]:
    """The guide's Python files by path, and its states."""
    files: dict[str, str] = {}
    states: dict[str, object] = {}
    for language, text in _BLOCK.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")):
        if language == "python":
            head, _, body = text.partition("\n")
            files[head.removeprefix("# ")] = body
        elif language == "json":
            states.update(json.loads(text))
    return files, states


def add_agent(project: Path) -> None:
    files, states = blocks()
    for path, text in files.items():
        target = project / path
        if path == "agents/roster.py":
            roster = target.read_text(encoding="utf-8")
            roster = roster.replace("\n)\n\nROSTER", f"\n{text})\n\nROSTER", 1)
            target.write_text(roster.replace("agents.contracts import ", "agents.contracts import word_count, ", 1))
        elif target.exists():
            target.write_text(f"{target.read_text(encoding='utf-8')}\n\n{text}", encoding="utf-8")
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            (target.parent / "__init__.py").touch()
            target.write_text(text, encoding="utf-8")
    machine_file = project / "workflow" / "documentation.asl.json"
    machine = json.loads(machine_file.read_text(encoding="utf-8"))
    machine["States"]["Publish"]["Next"] = "CountWords"
    machine["States"].update(states)
    machine_file.write_text(json.dumps(machine), encoding="utf-8")


@pytest.mark.local
def test_the_agent_of_the_guide_runs_on_the_local_cloud(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    for name in _COPIED:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, project / name)
    for stack in ROOT.glob("Pulumi*.yaml"):
        shutil.copy(stack, project)
    for name in ("pyproject.toml", "Makefile"):
        shutil.copy(ROOT / name, project)
    add_agent(project)
    repository, out = write_repository(tmp_path / "repository"), tmp_path / "out"

    options = ["--out", str(out), "--state", str(tmp_path / "state")]
    command = [sys.executable, "-m", "cli", "run", str(repository), *options]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=200, check=False)

    assert done.returncode == 0, done.stderr[-2_000:]
    history = json.loads((out / "history.json").read_text(encoding="utf-8"))
    events = history["events"] if isinstance(history, dict) else history
    exited = [event["stateExitedEventDetails"] for event in events if "stateExitedEventDetails" in event]
    output = next(json.loads(detail["output"]) for detail in exited if detail["name"] == "CountWords")
    assert output["counted"]["words"] > 10

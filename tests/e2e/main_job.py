"""Runs the command as a person does, in a process of its own, and reads what it leaves behind."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT_SECONDS = 200

#: A small repository with a bit of everything: code that imports, data, a page of text, and files that are left out.
SMALL_REPOSITORY = {
    "README.md": "# Hive\n\nKeeps bees.\n\n## Use\n\nRun `hive`.\n",
    "pyproject.toml": '[project]\nname = "hive"\nversion = "1.0"\n',
    "hive/__init__.py": '"""Keeps bees."""\n',
    "hive/queen.py": (
        '"""The queen."""\n\nfrom hive.worker import Worker\n\n\nclass Queen:\n    """Lays eggs."""\n\n'
        '    def lay(self, count: int) -> list[Worker]:\n        """That many workers."""\n'
        "        return [Worker(number) for number in range(count)]\n"
    ),
    "hive/worker.py": (
        '"""Workers."""\n\nimport subprocess\n\n\nclass Worker:\n    """Works."""\n\n'
        "    def __init__(self, number: int) -> None:\n        self.number = number\n\n"
        '    def dance(self, where: str) -> int:\n        """Tell the others."""\n'
        '        return subprocess.call("dance " + where, shell=True)\n'
    ),
    "web/index.js": (
        "import { draw } from './draw.js';\n\n/** Starts. */\nexport function start() {\n  return draw(1);\n}\n"
    ),
    "web/draw.js": "export function draw(size) {\n  return size * 2;\n}\n",
    "odd names/quote's \U0001f41d.py": "def odd():\n    '''Odd.'''\n    return 1\n",
    "empty.py": "",
}


@dataclass(frozen=True)
class Finished:
    """What a run of the command came to."""

    code: int
    stdout: str
    stderr: str
    out: Path

    @property
    def session(self) -> dict[str, Any]:
        """session.json."""
        session: dict[str, Any] = json.loads((self.out / "session.json").read_text("utf-8"))
        return session


def write_repository(root: Path, files: dict[str, str] | None = None) -> Path:
    """Write a repository's files; the small one by default."""
    for name, text in (SMALL_REPOSITORY if files is None else files).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def swarm_run(path: Path, out: Path, state: Path, *options: str) -> Finished:
    """`swarm run PATH --json` with a state of its own."""
    command = [
        sys.executable,
        "-m",
        "cli",
        "run",
        str(path),
        "--out",
        str(out),
        "--state",
        str(state),
        "--json",
        *options,
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False)
    return Finished(done.returncode, done.stdout, done.stderr, out)


def adds_up(session: dict[str, Any]) -> bool:
    """files_total = files_analysed + files_reused + files_skipped + gaps."""
    c = session["coverage"]
    parts: int = c["files_analysed"] + c["files_reused"] + c["files_skipped"] + len(session["gaps"])
    return bool(c["files_total"] == parts)

"""`swarm run` on a cloud that several runs share, with a stub for its model: booting one takes longer than a run."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from agents.contracts.session import SessionRecord
from bench.stub_server import StubServer
from cli.commands import run as command
from local.cloud import LocalCloud
from releases.build import build

#: Few files a batch, so that a run has several; a stub is given up quickly.
SETTINGS = {"batchTargetFiles": "5", "gapTolerancePercent": "20", "modelTimeoutSeconds": "20", "modelCallsAtOnce": "4"}


@dataclass(frozen=True)
class Ran:
    """A run's exit code, its session.json, and the folder it wrote."""

    code: int
    session: SessionRecord
    out: Path

    @property
    def files(self) -> dict[str, str]:
        """What a reader gets, by path: pages, sources, session.json, report.html; the theme's own files left out."""
        return {
            path.relative_to(self.out).as_posix(): path.read_text("utf-8", "replace")
            for path in sorted(self.out.rglob("*"))
            if path.is_file()
            and path.suffix in {".html", ".md", ".txt", ".json", ".yml", ".js"}
            and "assets" not in path.parts
            and path.name != "history.json"
        }


@contextmanager
def cloud_asking(stub: StubServer, state: Path, **settings: str) -> Iterator[LocalCloud]:
    """A cloud whose every role asks this stub."""
    whole = {"release": build().release, "model": str(getattr(stub, "model", "")), **SETTINGS, **settings}
    with LocalCloud("local", state=state, settings=whole) as cloud:
        yield cloud


def run_on(cloud: LocalCloud, repository: Path, out: Path) -> Ran:
    """`swarm run REPOSITORY --out OUT --json`, but for the cloud, which is there."""
    request = command.RunRequest(path=repository, out=out, state=out.parent / "no-state", json=True)
    answers = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command, "own_cloud", lambda *_: nullcontext(cloud))
        code = command.run(request, Console(quiet=True), Console(file=answers))
    record: dict[str, Any] = json.loads(answers.getvalue())
    return Ran(int(code), SessionRecord.model_validate(record), out)


def write_package(root: Path, count: int, **more: str) -> Path:
    """A small Python package: modules that import each other, one of which a reviewer would mind.

    Its texts name the package: files that were analysed in one run would be reused in the next.
    """
    files = {f"hive/bee_{number}.py": _module(number, root.name) for number in range(count)}
    files["README.md"] = f"# Hive\n\nKeeps the bees of {root.name}, and tells where they dance.\n"
    for name, text in (files | more).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def _module(number: int, hive: str) -> str:
    imported = f"from hive.bee_{number - 1} import Bee{number - 1}\n" if number else "import subprocess\n"
    body = 'subprocess.call("dance " + where, shell=True)' if not number else f"Bee{number - 1}().dance(where)"
    return (
        f'"""Bee number {number} of {hive}."""\n\n{imported}\n\n'
        f'class Bee{number}:\n    """Dances as bee {number}."""\n\n'
        f"    def dance(self, where):\n        return {body}\n\n"
        f"    def rest(self, hours):\n        return hours * {number}\n"
    )

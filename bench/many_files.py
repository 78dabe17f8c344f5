"""`swarm run` on very many files of one function each: does it publish, how much memory has each function, how long.

Memory is what the laptop's Lambda reports of each function, and what all processes of the run hold together. Payload
and events are the parent execution's: with as many waves they are the same for any number of files, but for digits.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bench.machine import loop_seconds
from bench.process_tree import PeakMemory

FILES = 40_000
_IN_A_FOLDER = 40
_FOLDERS_IN_A_PACKAGE = 25
_REPORT = re.compile(r"Memory Size: (\d+) MB\tMax Memory Used: (\d+) MB")


def figures(files: int = FILES) -> Iterator[dict[str, Any]]:
    """One run on a new state."""
    with tempfile.TemporaryDirectory(prefix="swarm-bench-") as folder:
        root = Path(folder, "many")
        write_repository(root, files)
        yield measure(root, Path(folder), files)


def write_repository(root: Path, files: int, functions: int = 1) -> None:
    """So many modules of so many functions; the same bytes for the same numbers."""
    for name, text in modules(files, functions):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def modules(files: int, functions: int = 1) -> Iterator[tuple[str, str]]:
    """The path and the text of each."""
    for number in range(files):
        folder, place = divmod(number, _IN_A_FOLDER)
        package, part = divmod(folder, _FOLDERS_IN_A_PACKAGE)
        text = f'"""Module {number} of many."""\n'
        for added in range(number, number + functions):
            name = f"function_{number:06d}" + (f"_{added - number}" if functions > 1 else "")
            text += f'\n\ndef {name}(value: int) -> int:\n    """Return the value plus {added}."""\n'
            text += f"    return value + {added}\n"
        yield f"package_{package:03d}/part_{part:02d}/module_{place:02d}.py", text


def measure(root: Path, folder: Path, files: int, settings: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Run, and read what the run has left."""
    out = folder / "out"
    command = [sys.executable, "-m", "cli", "run", str(root), "--out", str(out), "--state", str(folder / "state")]
    command += ["--json", "--keep-logs"]
    command += [word for key, value in (settings or {}).items() for word in ("--setting", f"{key}={value}")]
    load, loop = os.getloadavg()[0], loop_seconds()
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=sys.stderr)
    with PeakMemory(process.pid) as peak:
        process.wait()
    wall = time.monotonic() - started
    session = _json(out / "session.json")
    states = session.get("timings", {}).get("states", {})
    index = out / "site" / "search" / "search_index.js"
    return {
        "files": files,
        "exit": process.returncode,
        "status": session.get("status"),
        "error": session.get("error"),
        "wall_s": round(wall, 1),
        "states_s": {name: round(seconds, 1) for name, seconds in states.items() if seconds >= 0.1},
        "functions_mb": dict(_functions(out / "logs")),
        "tasks_mb": {state: held >> 20 for state, held in sorted(peak.tasks.items())},
        "tree_peak_mb": peak.bytes >> 20,
        "processes": peak.processes,
        "payload_max_bytes": session.get("payload", {}).get("max_bytes"),
        "payload_fields": _payload_fields(out / "history.json"),
        "events": session.get("events"),
        "search_index_mb": round(index.stat().st_size / 1e6, 1) if index.exists() else None,
        "report_kb": (out / "report.html").stat().st_size // 1000 if (out / "report.html").exists() else None,
        "cores": os.cpu_count(),
        "load_before": round(load, 1),
        "loop_s": loop,
        "within": process.returncode == 0 and session.get("status") == "PUBLISHED",
    }


def _functions(logs: Path) -> Iterator[tuple[str, dict[str, int]]]:
    """The most that any call of each function has used, and what it may use, MiB."""
    for log in sorted(logs.rglob("*.log")):
        reports = [(int(used), int(size)) for size, used in _REPORT.findall(log.read_text(errors="replace"))]
        if reports:
            used, size = max(reports)
            yield log.stem, {"used": used, "limit": size}


def _payload_fields(history: Path) -> int | None:
    """The values in the largest input or output of a state, however many digits they have."""
    if not history.exists():
        return None
    details = (part for event in _json(history)["events"] for part in event.values() if isinstance(part, dict))
    texts = (text for part in details for key in ("input", "output") if (text := part.get(key)))
    return _values(json.loads(max(texts, key=len)))


def _values(content: object) -> int:
    if isinstance(content, dict):
        return sum(map(_values, content.values()))
    return sum(map(_values, content)) if isinstance(content, list) else 1


def _json(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return content

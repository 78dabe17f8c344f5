"""What the operating system says about processes, for tests that count what is left."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterable
from pathlib import Path


def _status(pid: int) -> tuple[str, int] | None:
    """State letters and parent, or None when there is no such process."""
    if Path("/proc/self/stat").exists():
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            return None
        return fields[0], int(fields[1])
    # A fixed command.
    listing = subprocess.run(["ps", "-o", "stat=,ppid=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S607
    words = listing.stdout.split()
    return (words[0], int(words[1])) if words else None


def alive(pid: int) -> bool:
    """Whether a process runs; a zombie, which a container without an init never reaps, does not."""
    status = _status(pid)
    return status is not None and not status[0].startswith("Z")


def parent_of(pid: int) -> int:
    """The process that started this one."""
    status = _status(pid)
    assert status is not None, f"there is no process {pid}"
    return status[1]


def all_gone(pids: Iterable[int], seconds: float = 5) -> bool:
    """Whether none of the processes is alive after at most `seconds`."""
    until = time.monotonic() + seconds
    remaining = list(pids)
    while remaining := [pid for pid in remaining if alive(pid)]:
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def descendants(pid: int) -> list[int]:
    """The process and everything it has started, directly or not, that is alive."""
    # A fixed command.
    listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True)  # noqa: S607
    children: dict[int, list[int]] = {}
    for child, parent in (map(int, line.split()) for line in listing.stdout.splitlines()):
        children.setdefault(parent, []).append(child)
    found = [pid]
    for known in found:
        found += children.get(known, [])
    return found

"""How much memory a process and its descendants hold, sampled from /proc; limits are kept by killing.

RLIMIT_AS would be simpler, but it counts address space: native libraries and threads reserve far more than they use.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

_PROC = Path("/proc")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
INTERVAL_SECONDS = 0.2
#: A process of a function holds a third of it when it is new, without its part of what all share.
_MUCH_BYTES = 120 << 20


def resident_bytes(pid: int) -> int:
    """Resident memory of a process and its descendants in bytes; 0 when it is gone or there is no /proc (macOS).

    What a process shares with those that it has forked counts once, as in the control group of a function or a task.
    """
    tree = _tree(pid)
    return sum(map(proportional_bytes, tree)) if len(tree) > 1 else _resident_bytes(pid)


def _tree(pid: int) -> list[int]:
    try:
        threads = os.listdir(f"/proc/{pid}/task")  # noqa: PTH208 (five times a second for each: pathlib is felt)
    except OSError:
        return []
    tree = [pid]
    for thread in threads:
        try:
            children = _read(f"/proc/{pid}/task/{thread}/children").split()
        except OSError:
            continue  # the thread ended meanwhile, or this kernel does not list children
        for child in children:
            tree += _tree(int(child))
    return tree


def _resident_bytes(pid: int) -> int:
    try:
        return int(_read(f"/proc/{pid}/statm").split()[1]) * _PAGE_BYTES
    except OSError:
        return 0


def proportional_bytes(pid: int) -> int:
    """The process's part of its resident memory: of a page that several share, each has a fraction."""
    try:
        rollup = _read(f"/proc/{pid}/smaps_rollup")
        return int(rollup.partition(b"\nPss:")[2].split()[0]) << 10
    except (OSError, IndexError, ValueError):
        return _resident_bytes(pid)


def holds_much(pid: int) -> bool:
    """Whether a function's process has kept much memory of its calls; what it shares with its keeper counts in part."""
    return proportional_bytes(pid) > _MUCH_BYTES


def _read(path: str) -> bytes:
    file = os.open(path, os.O_RDONLY)
    try:
        return os.read(file, 1 << 16)
    finally:
        os.close(file)


class MemoryWatch:
    """Samples processes every 200 ms and reports each that holds more than its limit, once."""

    def __init__(self) -> None:
        self._watched: dict[int, tuple[int, Callable[[], None]]] = {}
        self._peaks: dict[int, int] = {}
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._sample_until_closed, name="memory-watch", daemon=True)
        if _PROC.is_dir():
            self._thread.start()

    def watch(self, pid: int, limit_mb: int, on_excess: Callable[[], None]) -> None:
        """Call `on_excess` when the process holds more than `limit_mb` (MiB)."""
        with self._lock:
            self._watched[pid] = (limit_mb << 20, on_excess)

    def forget(self, pid: int) -> None:
        """Stop watching a process."""
        with self._lock:
            self._watched.pop(pid, None)
            self._peaks.pop(pid, None)

    def peak_bytes(self, pid: int) -> int:
        """The most that the process was seen to hold, the present included."""
        with self._lock:
            self._peaks[pid] = max(self._peaks.get(pid, 0), resident_bytes(pid))
            return self._peaks[pid]

    def close(self) -> None:
        """Stop sampling."""
        self._closed.set()
        if self._thread.is_alive():
            self._thread.join()

    def _sample_until_closed(self) -> None:
        while not self._closed.wait(INTERVAL_SECONDS):
            with self._lock:
                watched = list(self._watched.items())
            for pid, (limit, on_excess) in watched:
                resident = resident_bytes(pid)
                with self._lock:
                    if pid not in self._watched:
                        continue
                    self._peaks[pid] = max(self._peaks.get(pid, 0), resident)
                    if resident > limit:
                        del self._watched[pid]
                if resident > limit:
                    on_excess()

"""Peak memory of a process and everything it has started, sampled from /proc."""

from __future__ import annotations

import threading
from collections import defaultdict
from pathlib import Path
from types import TracebackType
from typing import Self

from local.processes import memory

_PROC = Path("/proc")
_EVERY_SECONDS = 0.2


class PeakMemory:
    """While it is entered, samples the resident memory of a process tree; `bytes` is the largest sum seen.

    `tasks` is the most that a Fargate task of each state was seen to hold, counted as the laptop's ECS counts it.
    """

    def __init__(self, root: int) -> None:
        self.bytes = 0
        self.tasks: dict[str, int] = {}
        self.processes = 0
        self._root = root
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._over.wait(_EVERY_SECONDS):
            pids = descendants(self._root)
            self.bytes = max(self.bytes, sum(map(memory.proportional_bytes, pids)))
            self.processes = max(self.processes, len(pids))
            for pid in pids:
                state = _state_of_task(pid)
                if state:
                    self.tasks[state] = max(self.tasks.get(state, 0), memory.resident_bytes(pid))


def descendants(root: int) -> list[int]:
    """The process and its children, theirs too."""
    children: dict[int, list[int]] = defaultdict(list)
    for folder in _PROC.iterdir():
        if folder.name.isdigit():
            children[_parent(folder)].append(int(folder.name))
    ids, pending = [], [root]
    while pending:
        ids.append(pending.pop())
        pending += children[ids[-1]]
    return ids


def _state_of_task(pid: int) -> str:
    """The state whose code a process runs as a Fargate task; empty for every other process."""
    try:
        if b"agents.shells.fargate_task" not in (_PROC / str(pid) / "cmdline").read_bytes():
            return ""
        variables = (_PROC / str(pid) / "environ").read_bytes().decode(errors="replace").split("\0")
    except OSError:  # it ended while we looked
        return ""
    return next((each.partition("=")[2] for each in variables if each.startswith("SWARM_STATE=")), "")


def _parent(folder: Path) -> int:
    try:
        # The name in parentheses may itself hold spaces and parentheses.
        return int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError, ValueError):  # it ended while we looked
        return 0

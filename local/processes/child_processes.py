"""Processes that cannot outlive the laptop cloud: started, signalled and awaited through one keeper process.

The keeper (keeper.py) is the parent of every worker and task. It holds the reading end of a pipe whose writing
end only this process has, so a `kill -9` of this process reaches all of them; nothing depends on which thread asked.
Keeper and children have sessions of their own: Ctrl-C reaches only this process, which closes them in order.
"""

from __future__ import annotations

import atexit
import contextlib
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

_KEEPER = Path(__file__).with_name("keeper.py")
_KEEPER_GONE = -signal.SIGKILL
_GONE = (
    "the process that starts functions and tasks on this machine (local/processes/keeper.py) has ended: it was killed"
    " from outside, perhaps because memory ran out"
)


class ProcessNotStarted(Exception):
    """The command could not be executed; the message is the system's reason."""


class ProcessKeeperGone(ProcessNotStarted):
    """No process can be started any more: the one that starts them is gone."""


class Process:
    """One started process, the leader of its own process group."""

    def __init__(self, send: Callable[[int], None], on_end: Callable[[int], None] | None) -> None:
        self.pid = 0
        self._send = send
        self._on_end = on_end
        self._failure: str | None = None
        self._status: int | None = None
        self._started = threading.Event()
        self._ended = threading.Event()

    @property
    def status(self) -> int | None:
        """The exit code, minus the signal's number if one ended it, or None while it runs."""
        return self._status

    def signal(self, number: int) -> None:
        """Send a signal, SIGKILL to the whole process group; nothing happens if it has ended."""
        self._send(number)

    def kill(self) -> int | None:
        """End the process group at once and wait for that."""
        self.signal(signal.SIGKILL)
        return self.wait(5)

    def wait(self, timeout: float | None = None) -> int | None:
        """The status once it has ended, or None after `timeout` seconds."""
        self._ended.wait(timeout)
        return self._status

    def await_start(self) -> None:
        """Wait for the keeper's answer. Raises ProcessNotStarted."""
        self._started.wait()
        if self._failure is not None:
            raise (ProcessKeeperGone if self._failure == _GONE else ProcessNotStarted)(self._failure)

    def hear(self, report: Mapping[str, Any]) -> None:
        """Take note of what the keeper reports."""
        if report["report"] == "started":
            self.pid = report["pid"]
        elif report["report"] == "failed":
            self._failure = report["reason"]
        else:
            self._status = report["status"]
            self._ended.set()
            if self._on_end is not None and self._failure is None:
                self._on_end(report["status"])
        self._started.set()


def _where(environment: Mapping[str, str], folder: Path, output: Path) -> dict[str, object]:
    return {"environment": dict(environment), "folder": str(folder), "output": str(output)}


class Processes:
    """The processes of one laptop cloud; closing it, or losing it, ends them all."""

    def __init__(self, forks: bool = False) -> None:
        """With `forks`, modules start as forks of the keeper, with the modules that it has imported; on Linux only.

        Elsewhere they are executed: macOS forbids a forked process what most libraries do at their import.
        """
        self._forks = forks and sys.platform == "linux"
        options = ["-I", "-X", "utf8", str(_KEEPER), "--forks"] if self._forks else ["-I", "-S", str(_KEEPER)]
        self._keeper = subprocess.Popen(
            [sys.executable, *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            # What a person has configured is not the laptop cloud's: its processes see none of it.
            env={"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull} if self._forks else {},
        )
        self._numbers = itertools.count(1)
        self._processes: dict[int, Process] = {}
        self._ahead: set[tuple[str, str]] = set()
        self._lock = threading.Lock()
        self._over = False
        self._listener = threading.Thread(target=self._listen, name="processes", daemon=True)
        self._listener.start()
        atexit.register(self.close)

    def start(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        output: Path,
        on_end: Callable[[int], None] | None = None,
    ) -> Process:
        """Start a command with exactly this environment; what it prints is appended to `output`.

        `on_end` receives the status on the listening thread, so it must return quickly.

        Raises:
            ProcessNotStarted: the command cannot be executed, or the keeper is gone.
        """
        return self._add(on_end, order="start", command=list(command), **_where(environment, folder, output))

    def start_module(
        self,
        module: str,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        output: Path,
        on_end: Callable[[int], None] | None = None,
    ) -> Process:
        """Start `python -m module`, forked where that is possible; otherwise as `start`."""
        if not self._forks:
            return self.start([sys.executable, "-m", module, *arguments], environment, folder, output, on_end)
        where = _where(environment, folder, output)
        return self._add(on_end, order="fork", module=module, arguments=list(arguments), **where)

    def import_ahead(self, modules: Sequence[str], code: Path | None = None, builders: Sequence[str] = ()) -> None:
        """Have the keeper import what modules started later will want: libraries, or modules of a function's `code`.

        Then it calls `builders`, each a `module:function` of them. What is of another folder's code is not in a process
        that has this folder on its path. Nothing happens without forks, and nothing is imported twice.
        """
        folder = str(code or "")
        with self._lock:
            wanted = [name for name in modules if (name, folder) not in self._ahead]
            self._ahead.update((name, folder) for name in wanted)
        if self._forks and wanted:
            self._order(order="import", modules=wanted, code=folder, builders=list(builders))

    def _add(self, on_end: Callable[[int], None] | None, **order: object) -> Process:
        number = next(self._numbers)
        process = Process(lambda which: self._order(order="signal", id=number, signal=which), on_end)
        with self._lock:
            if self._over:
                raise ProcessKeeperGone(_GONE)
            self._processes[number] = process
        self._order(id=number, **order)
        process.await_start()
        return process

    def close(self) -> None:
        """Kill every process group and wait for the keeper; safe to call again."""
        atexit.unregister(self.close)
        if self._keeper.stdin is None or self._keeper.stdin.closed:
            return
        with self._lock, contextlib.suppress(BrokenPipeError):
            self._keeper.stdin.close()
        self._keeper.wait()
        self._listener.join()
        if self._keeper.stdout is not None:
            self._keeper.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _order(self, **order: object) -> None:
        line = json.dumps(order).encode() + b"\n"
        with self._lock:
            if self._over or self._keeper.stdin is None or self._keeper.stdin.closed:
                return
            with contextlib.suppress(BrokenPipeError):  # the listener sees the keeper's end and says so to everybody
                self._keeper.stdin.write(line)
                self._keeper.stdin.flush()

    def _listen(self) -> None:
        if self._keeper.stdout is None:
            return
        for line in self._keeper.stdout:
            report = json.loads(line)
            final = report["report"] != "started"
            process = self._processes.pop(report["id"]) if final else self._processes[report["id"]]
            process.hear(report)
        with self._lock:
            self._over = True
            orphans = list(self._processes.values())
            self._processes.clear()
        for process in orphans:
            if not process.pid:
                process.hear({"report": "failed", "reason": _GONE})
            process.hear({"report": "ended", "status": _KEEPER_GONE})

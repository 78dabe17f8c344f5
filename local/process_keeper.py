"""The keeper: a small process that starts a laptop cloud's processes and kills them when its parent is gone.

Run as `python -I -S process_keeper.py`, standard library only. It reads one JSON order per line from standard input and
writes one JSON report per line to standard output; the parent's end of that input is a pipe that only the parent holds,
so its end of file means that the parent is gone, however it died, and every process group is killed at once.
One keeper serves all processes: a keeper for each would cost an interpreter's start every time.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

_PR_SET_PDEATHSIG = 1


def _death_signal() -> Callable[[], None] | None:
    """On Linux the kernel kills the children of a keeper that is itself killed; elsewhere only the pipe protects them.

    The signal follows the thread that forked, and the keeper has one thread for as long as it lives.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


class Keeper:
    """Starts, signals and reaps; one order or one child's end at a time."""

    def __init__(self) -> None:
        self._children: dict[int, subprocess.Popen[bytes]] = {}
        self._before_exec = _death_signal()

    def obey(self, order: Mapping[str, Any]) -> None:
        """Carry out one order of the parent."""
        if order["order"] == "start":
            self._start(order)
        elif order["id"] in self._children:
            child = self._children[order["id"]]
            if order["signal"] == signal.SIGKILL:
                self._kill_group(child.pid)
            else:
                child.send_signal(order["signal"])

    def reap(self) -> None:
        """Report every child that has ended, and kill what it left in its process group."""
        for number, child in list(self._children.items()):
            status = child.poll()
            if status is not None:
                del self._children[number]
                self._kill_group(child.pid)
                self._report(report="ended", id=number, status=status)

    def kill_all(self) -> None:
        """Kill every process group and wait for its leader."""
        for child in self._children.values():
            self._kill_group(child.pid)
        for child in self._children.values():
            child.wait()

    def _start(self, order: Mapping[str, Any]) -> None:
        try:
            with Path(order["output"]).open("ab") as output:
                child = subprocess.Popen(
                    order["command"],
                    env=order["environment"],
                    cwd=order["folder"],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    preexec_fn=self._before_exec,  # noqa: PLW1509 (safe: the keeper has a single thread)
                )
        except (OSError, ValueError, IndexError, subprocess.SubprocessError) as error:  # IndexError: an empty command
            self._report(report="failed", id=order["id"], reason=str(error))
            return
        self._children[order["id"]] = child
        self._report(report="started", id=order["id"], pid=child.pid)

    @staticmethod
    def _kill_group(group: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)

    @staticmethod
    def _report(**report: object) -> None:
        sys.stdout.write(json.dumps(report) + "\n")
        sys.stdout.flush()


def main() -> None:
    """Obey until the parent's end of the pipe closes."""
    keeper = Keeper()
    woken, waker = os.pipe()
    os.set_blocking(woken, False)
    os.set_blocking(waker, False)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)  # only to be woken
    with selectors.DefaultSelector() as selector:
        selector.register(sys.stdin.fileno(), selectors.EVENT_READ)
        selector.register(woken, selectors.EVENT_READ)
        unread = b""
        try:
            while True:
                ready = {key.fd for key, _ in selector.select()}
                if woken in ready:
                    with contextlib.suppress(BlockingIOError):
                        os.read(woken, 4096)
                if sys.stdin.fileno() in ready:
                    chunk = os.read(sys.stdin.fileno(), 1 << 16)
                    if not chunk:
                        return
                    *lines, unread = (unread + chunk).split(b"\n")
                    for line in lines:
                        keeper.obey(json.loads(line))
                keeper.reap()
        except BrokenPipeError:
            return  # nobody reads the reports: the parent is gone
        finally:
            keeper.kill_all()


if __name__ == "__main__":
    main()
    os._exit(0)  # skip flushing into a closed pipe

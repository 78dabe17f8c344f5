"""The keeper: a small process that starts a laptop cloud's processes and kills them when its parent is gone.

Run as `python -I -S keeper.py`, standard library only; with `--forks`, and without `-S`, it also imports
libraries when it is asked to and forks processes that begin with them (fork.py). It reads one JSON order per
line from standard input and writes one JSON report per line to standard output; the parent's end of that input is a
pipe that only the parent holds, so its end of file means that the parent is gone, however it died, and every process
group is killed at once.
One keeper serves all processes: a keeper for each would cost an interpreter's start every time.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import json
import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

_PR_SET_PDEATHSIG = 1


def _death_signal() -> Callable[[], None] | None:
    """On Linux the kernel kills the children of a keeper that is itself killed; elsewhere only the pipe protects them.

    The signal follows the thread that forked, and the keeper has one thread for as long as it lives.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


class Child(Protocol):
    """A started process, executed or forked."""

    @property
    def pid(self) -> int:
        """Its id, and its process group's."""

    def poll(self) -> int | None:
        """Its status once it has ended."""

    def wait(self) -> int:
        """Wait for its end."""

    def send_signal(self, number: int, /) -> None:
        """Send it a signal."""


class Keeper:
    """Starts, signals and reaps; one order or one child's end at a time."""

    def __init__(self, forks: Any = None) -> None:
        """`forks` is the module fork, for a keeper that may fork."""
        self._children: dict[int, Child] = {}
        self._before_exec = _death_signal()
        self._forks = forks

    def obey(self, order: Mapping[str, Any]) -> None:
        """Carry out one order of the parent."""
        if order["order"] == "start":
            self._add(order, self._execute)
        elif order["order"] == "fork":
            self._add(order, lambda request: self._forks.fork(request, self._before_exec))
        elif order["order"] == "import":
            self._forks.import_now(order["modules"], order["code"], order["builders"])
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

    def _add(self, order: Mapping[str, Any], start: Callable[[Mapping[str, Any]], Child]) -> None:
        try:
            child = start(order)
        except (OSError, ValueError, IndexError, subprocess.SubprocessError) as error:  # IndexError: an empty command
            self._report(report="failed", id=order["id"], reason=str(error))
            return
        self._children[order["id"]] = child
        self._report(report="started", id=order["id"], pid=child.pid)

    def _execute(self, order: Mapping[str, Any]) -> Child:
        with Path(order["output"]).open("ab") as output:
            return subprocess.Popen(
                order["command"],
                env=order["environment"],
                cwd=order["folder"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=self._before_exec,  # noqa: PLW1509 (safe: the keeper has a single thread)
            )

    @staticmethod
    def _kill_group(group: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)

    @staticmethod
    def _report(**report: object) -> None:
        sys.stdout.write(json.dumps(report) + "\n")
        sys.stdout.flush()


def _forking() -> Any:
    """The module beside this one, which an isolated interpreter does not find by its name."""
    spec = importlib.util.spec_from_file_location("fork", Path(__file__).with_name("fork.py"))
    if spec is None or spec.loader is None:
        raise ImportError("fork.py is missing")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Obey until the parent's end of the pipe closes."""
    os.umask(0o077)  # what its processes print and write is nobody's but their owner's
    keeper = Keeper(_forking() if "--forks" in sys.argv else None)
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

"""A part of some work in a second process, where there is a second processor: a fork, which shares what is loaded.

The second process only computes and writes files: clients and their connections are the first one's alone. What it
does not get done, because it was killed, the first process does itself, so that the result is the same.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_log = logging.getLogger("swarm")
#: A pipe holds at least a page of 4,096 bytes: one byte for each share fits in whatever the machine's limits are.
_MOST_SHARES = 4_000
#: A second process that takes this much longer than the first, and these seconds, is taken to be stuck.
_TIMES, _SECONDS = 3.0, 10.0
_POLL_SECONDS = 0.005
#: Half of fewer pages takes less time than a second process costs.
FEWEST_PAGES = 200


class FromBothEnds:
    """Numbered pieces of work for two processes: the first takes them from the front, the second from the end.

    They meet wherever both are done, so that neither waits for the other, whatever else the first has to do. Each takes
    as many pieces at a time as make at most 4,000 shares.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._size = max(1, -(-count // _MOST_SHARES))
        self._process = os.getpid()
        self._at_front = 0
        # One byte for each share: who reads it has the share. A process that is killed takes no lock along.
        self._shares, write = os.pipe()
        os.write(write, b"." * -(-count // self._size))
        os.close(write)

    def front(self) -> Iterator[int]:
        """The first process's pieces, from 0 upwards; each is taken when it is asked for."""
        while os.read(self._shares, 1):
            end = min(self._at_front + self._size, self._count)
            yield from range(self._at_front, end)
            self._at_front = end

    def back(self) -> Iterator[int]:
        """The second process's pieces, from the last one downwards.

        In the first process, which does what a second one has not done, they are all that are left.
        """
        if os.getpid() == self._process:
            yield from reversed(range(self._at_front, self._count))
            return
        end = self._count
        while os.read(self._shares, 1):
            start = (end - 1) // self._size * self._size
            yield from reversed(range(start, end))
            end = start

    def close(self) -> None:
        """Forget what is left."""
        os.close(self._shares)


def two_processors() -> bool:
    """Whether this machine can do two things at once, and fork safely: macOS forbids forks what libraries do."""
    return sys.platform == "linux" and (os.cpu_count() or 1) > 1


@contextmanager
def beside(work: Callable[[], None]) -> Iterator[None]:
    """Do `work` while the block runs; what it writes is whole once the block is left, also by an error of `work`'s.

    Raises what `work` raises.
    """
    child = _forked(work) if two_processors() else None
    began = time.monotonic()
    try:
        yield
    except BaseException:
        if child is not None:
            _end(child)
        raise
    if child is None or not _succeeded(child, time.monotonic() - began):
        work()


def _forked(work: Callable[[], None]) -> int | None:
    with warnings.catch_warnings(), suppress(OSError):  # no memory for another process
        # Python warns of forks beside threads. Ours wait for a clock or a socket; the child asks nothing of them.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
        if child:
            return child
        _work_and_leave(work)
    return None


def _work_and_leave(work: Callable[[], None]) -> None:
    code = 1
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        work()
        code = 0
    finally:
        os._exit(code)  # nothing of the first process is flushed, closed or answered twice


def _succeeded(child: int, seconds: float) -> bool:
    deadline = time.monotonic() + _TIMES * seconds + _SECONDS
    while time.monotonic() < deadline:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            if status:
                _log.warning("the second process ended with status %d; its work is done again", status)
            return status == 0
        time.sleep(_POLL_SECONDS)
    _log.warning("the second process was stuck; its work is done again")
    _end(child)
    return False


def _end(child: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    with suppress(ChildProcessError):
        os.waitpid(child, 0)

"""Half of a piece of work in a second process, where there is a second processor: a fork, which shares what is loaded.

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
#: A second process that takes this much longer than the first, and these seconds, is taken to be stuck.
_TIMES, _SECONDS = 3.0, 10.0
_POLL_SECONDS = 0.005
#: Half of fewer pages takes less time than a second process costs.
FEWEST_PAGES = 200


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

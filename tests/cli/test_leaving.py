"""A command's process ends at once, and nothing that was to be done first is left out."""

from __future__ import annotations

import os
import subprocess
import sys

PROGRAM = """
import atexit, sys, threading, time
from cli.leaving import leave

class Slow:
    def __del__(self):
        print("taken apart")

kept = Slow()
atexit.register(print, "exit function")
threading.Thread(target=lambda: (time.sleep(0.2), print("thread"))).start()
print("written")
leave(7)
"""


def _run(program: str) -> subprocess.CompletedProcess[str]:
    # Buffered, as the streams of whoever pipes a command into another.
    own = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    command = [sys.executable, "-c", program]
    return subprocess.run(command, env=own, capture_output=True, text=True, timeout=60, check=False)


def test_threads_and_exit_functions_come_first_and_streams_are_written() -> None:
    ended = _run(PROGRAM)

    assert ended.returncode == 7
    assert ended.stdout.splitlines() == ["written", "thread", "exit function"]


def test_a_reader_who_has_gone_is_no_success() -> None:
    closed = "import os, sys; from cli.leaving import leave; sys.stdout.write('lost'); os.close(1); leave(0)"

    ended = _run(closed)

    assert ended.returncode == 120
    assert "Bad file descriptor" in ended.stderr

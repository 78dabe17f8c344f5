"""How much memory a process holds, as the kernel counts it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from local.processes.memory import holds_much, resident_bytes

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/smaps_rollup").exists(), reason="only Linux has this file: run it there"
)

#: Keeps 200 MB, forks as often as its argument says, and waits for the end of its input, as its children do.
_PROGRAM = """
import os, sys
kept = b"x" * (200 << 20)
for _ in range(int(sys.argv[1])):
    if not os.fork():
        break
os.write(1, f"{os.getpid()}\\n".encode())  # one write, whole beside the others'
sys.stdin.read()
"""


@contextmanager
def running(forks: int) -> Iterator[list[int]]:
    """The processes, the parent first."""
    command = [sys.executable, "-c", _PROGRAM, str(forks)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = {int(process.stdout.readline()) for _ in range(1 + forks)}
        yield [process.pid, *(ready - {process.pid})]


def test_a_process_with_two_hundred_megabytes_of_its_own_holds_much() -> None:
    with running(forks=0) as (process,):
        assert holds_much(process)
    assert not holds_much(process)  # it is gone


def test_what_a_process_shares_with_others_counts_in_part() -> None:
    with running(forks=2) as processes:
        assert [holds_much(process) for process in processes] == [False, False, False]
        assert resident_bytes(processes[0]) > 200 << 20  # the three together

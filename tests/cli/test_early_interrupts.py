"""Ctrl-C at any moment: no traceback, exit code 130."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

from cli.errors import ExitCode
from tests.e2e.main_job import ROOT

#: Says when the interpreter has come to our first line, then goes on as `python -m cli` does.
PROGRAM = """
import os, runpy, sys
sys.argv = ["swarm", "run", "."]
import cli.early_interrupts as early
original = early.leave_when_interrupted
def leave():
    original()
    os.write(1, b"begun\\n")
early.leave_when_interrupted = leave
runpy.run_module("cli", run_name="__main__", alter_sys=True)
"""


@pytest.mark.timeout(120)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
@pytest.mark.parametrize("after", [0.0, 0.02, 0.1, 0.3])
def test_ctrl_c_while_modules_are_imported_is_a_sentence(number: int, after: float) -> None:
    started = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert started.stdout is not None
    assert started.stdout.readline() == "begun\n"
    time.sleep(after)

    started.send_signal(number)
    said = started.communicate(timeout=60)[1]

    assert started.returncode == ExitCode.INTERRUPTED
    assert "Traceback" not in said
    assert said.startswith("swarm: Stopped")


def test_a_signal_that_the_caller_has_ignored_stays_ignored() -> None:
    program = (
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); import cli.early_interrupts as early;"
        " early.leave_when_interrupted(); print(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)"
    )
    answer = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout == "True\n"

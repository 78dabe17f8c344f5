"""Ctrl-C at any moment: no traceback, exit code 130."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

from cli.errors import ExitCode
from tests.e2e.main_job import ROOT

SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
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
@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("after", [0.0, 0.02, 0.1, 0.3])
def test_ctrl_c_while_modules_are_imported_is_a_sentence(number: int, after: float) -> None:
    started = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),  # noqa: PLW1509  under nohup SIGHUP is ignored
    )
    assert started.stdout is not None
    assert started.stdout.readline() == "begun\n"
    time.sleep(after)

    started.send_signal(number)
    said = started.communicate(timeout=60)[1]

    assert started.returncode == ExitCode.INTERRUPTED
    assert "Traceback" not in said
    assert said.startswith("swarm: Stopped")


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_that_the_caller_has_ignored_stays_ignored(number: signal.Signals) -> None:
    """As nohup does with SIGHUP, and a shell with Ctrl-C of what it runs in the background."""
    program = (
        f"import signal; signal.signal({number.value}, signal.SIG_IGN); import cli.early_interrupts as early;"
        f" early.leave_when_interrupted(); early.hear_interrupts();"
        f" print(signal.getsignal({number.value}) is signal.SIG_IGN)"
    )
    answer = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout == "True\n"

"""The end of a run is prepared while it waits for its session."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cli.output import report
from cli.session.ending import prepared

WAITING = """
import sys
import cli.commands.run
from cli.session.ending import prepared
late = ("jinja2", "cli.output.report", "cli.output.summary", "cli.session.run_outcome_loader")
before = [name for name in late if name in sys.modules]
with prepared():
    pass
print(before, [name for name in late if name not in sys.modules])
"""


def test_what_the_end_needs_is_imported_while_a_run_waits_and_not_before() -> None:
    done = subprocess.run([sys.executable, "-c", WAITING], capture_output=True, text=True, check=True)

    assert done.stdout == "[] []\n"


def test_the_report_is_compiled_once_the_block_is_left() -> None:
    report.template.cache_clear()

    with prepared():
        pass

    assert report.template.cache_info().currsize == 1


def test_what_cannot_be_prepared_leaves_the_run_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise OSError("no such template")

    monkeypatch.setattr(report, "template", broken)

    with prepared():
        pass


def test_an_interrupted_wait_is_raised() -> None:
    with pytest.raises(KeyboardInterrupt), prepared():
        raise KeyboardInterrupt

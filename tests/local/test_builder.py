"""A builder leaves no process behind, whoever began it and however that ended."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from local.builder import CloudBuilder
from local.root import ROOT
from tests.local.living import all_gone

pytestmark = pytest.mark.local


def test_a_builder_that_began_for_nothing_is_ended_as_often_as_one_likes() -> None:
    with CloudBuilder() as builder:
        assert builder._process.poll() is None
        builder.close()
        assert builder._process.poll() is not None
    builder.close()


@pytest.mark.parametrize("gives_order", [True, False])
def test_a_builder_whose_command_was_killed_ends_and_saves_nothing(tmp_path: Path, gives_order: bool) -> None:
    program = (
        "import sys, time; from pathlib import Path; from local.builder import CloudBuilder\n"
        "builder = CloudBuilder(); print(builder._process.pid, flush=True)\n"
        f"{gives_order} and builder.build('local', {{}}, Path(sys.argv[1]), 'anything')\n"
        "time.sleep(60)"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout is not None
        builder = int(killed.stdout.readline())
        killed.kill()
    assert all_gone([builder], 60)
    assert list(tmp_path.iterdir()) == []

"""The whole command `swarm run` is killed or stopped, and its upload comes again to another cloud."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

from cli.upload.snapshot import snapshot_of
from local.root import ROOT
from tests.chaos.cloud import IN_TIME, eventually
from tests.chaos.suite.world import GRACE_SECONDS, LONGEST_SECONDS, Run, World
from tests.local.living import alive, all_gone, descendants


def killed_command(world: World, chance: random.Random) -> tuple[Run, int]:
    """The command ends at one of its questions, or before the first; the next cloud goes on from what it has kept."""
    world.model.begin(0.2)
    run = Run(world.repository(4, 3))
    question = chance.randint(0, 9)
    how = chance.choice((signal.SIGKILL, signal.SIGTERM, signal.SIGINT))
    with world.without_cloud():
        fired = _end_command(world, run.repository, question, how)
    with snapshot_of(run.repository) as snapshot:
        world.upload(run, snapshot)
        world.finish(run)
    return run, fired


def _end_command(world: World, repository: Path, question: int, how: signal.Signals) -> int:
    """Start the command and send it the signal at its n-th question; 0 if it was over by then."""
    out, log = repository.with_suffix(".out"), repository.with_suffix(".log")
    options = ["--out", str(out), "--state", str(world.state), "--model", world.model.model]
    for name, value in world.settings().items():
        options += ["--setting", f"{name}={value}"]
    before = len(world.model.questions)
    with log.open("wb") as said:
        command = subprocess.Popen(
            [sys.executable, "-m", "cli", "run", str(repository), *options],
            cwd=ROOT,
            env={**os.environ, "SWARM_KEEPER": "off"},
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    try:
        family = eventually(
            lambda: descendants(command.pid) if _is_due(world, command, before + question) else None,
            LONGEST_SECONDS,
            IN_TIME,
        )
        fired = command.poll() is None
        command.send_signal(how)
        command.wait(LONGEST_SECONDS)
    finally:
        command.kill()
    assert all_gone(family, GRACE_SECONDS), f"processes outlive the command: {[*filter(alive, family)]}"
    if how is not signal.SIGKILL and command.returncode:
        assert not out.exists(), f"{how.name} leaves a folder"
    assert "Traceback" not in log.read_text(), log.read_text()
    return int(fired)


def _is_due(world: World, command: subprocess.Popen[bytes], questions: int) -> bool:
    """Whether so many questions were asked, or the command is over; it always has a process of its cloud by then."""
    if command.poll() is not None:
        return True
    return len(world.model.questions) >= questions and len(descendants(command.pid)) > 1

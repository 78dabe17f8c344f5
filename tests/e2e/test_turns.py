"""One state folder, one cloud: what one command has finished, the next one finds, however close they follow."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cli.output.progress import PHASES
from local.resident import holder_in
from releases.build import build
from tests.chaos.cloud import eventually
from tests.e2e.main_job import ROOT, TIMEOUT_SECONDS, swarm_run, write_repository

pytestmark = [pytest.mark.local, pytest.mark.timeout(420)]


def test_two_runs_with_one_state_folder_take_turns_and_the_second_reuses_what_the_first_has_finished(
    tmp_path: Path,
) -> None:
    build()
    repositories = [write_repository(tmp_path / name / "hive") for name in ("first", "second")]
    (repositories[1] / "hive/queen.py").write_text("def lay() -> int:\n    return 1\n")  # else it is the same session

    with ThreadPoolExecutor(2) as both:
        runs = list(
            both.map(lambda one: swarm_run(one, tmp_path / f"out-{one.parent.name}", tmp_path / "state"), repositories)
        )

    assert [run.code for run in runs] == [0, 0], [run.stderr for run in runs]
    waited = [run for run in runs if "another run is at work" in run.stderr or "waiting for it" in run.stderr]
    assert len(waited) == 1
    coverage = waited[0].session["coverage"]
    assert coverage["files_reused"] > coverage["files_analysed"]


@pytest.mark.slow  # half a minute
def test_a_run_waits_for_the_cloud_that_is_being_started(tmp_path: Path) -> None:
    build()
    repository, state = write_repository(tmp_path / "hive"), tmp_path / "state"
    command = [sys.executable, "-m", "cli", "local", "up", "--state", str(state)]
    up = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL, text=True)
    try:
        eventually(lambda: holder_in(state))

        run = swarm_run(repository, tmp_path / "out", state)

        assert run.code == 0, run.stderr
        assert "a cloud is being started" in run.stderr
        assert "on the cloud at http://127.0.0.1:" in run.stderr
        assert "starting the cloud on this machine" not in run.stderr
    finally:
        up.terminate()
        up.wait(TIMEOUT_SECONDS)


@pytest.mark.slow  # half a minute
def test_a_session_that_a_killed_run_left_is_cancelled_without_a_cloud(tmp_path: Path) -> None:
    build()
    repository, state = ROOT / "local", tmp_path / "state"  # takes some seconds
    command = [sys.executable, "-m", "cli", "run", str(repository), "--out", str(tmp_path / "out")]
    run = subprocess.Popen([*command, "--state", str(state)], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    assert run.stderr is not None
    begun = [phase for name, phase in PHASES.items() if name not in {"OpenSession", "CloseSession"}]
    assert any(phase in line for line in run.stderr for phase in begun)
    run.kill()
    run.communicate(timeout=TIMEOUT_SECONDS)
    (session,) = said(state, "sessions")[1].splitlines()[1].split()[:1]

    cancelled = said(state, "cancel", session)

    assert cancelled[0] == 0, cancelled[1]
    assert f"ended session {session}" in cancelled[1]
    assert "FAILED" in said(state, "show", session)[1]


def said(state: Path, *words: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "cli", *words, "--state", str(state)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False)
    return done.returncode, done.stdout + done.stderr

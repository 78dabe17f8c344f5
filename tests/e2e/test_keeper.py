"""A run leaves its cloud up for the next: equal runs share it, and nothing is left behind, whatever happens."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.stub_http import Json
from bench.stub_model import StubModel
from bench.stub_server import Behaviour
from cli.stack.keeper import LOG_NAME
from local.resident import CloudKind, Holder, ResidentCloud, holder_in
from local.state.database import SAVED_CLOUD
from releases.build import build
from tests.chaos.cloud import eventually
from tests.e2e.main_job import ROOT, TIMEOUT_SECONDS, Finished, swarm_run, write_repository
from tests.local.living import all_gone, descendants

pytestmark = [pytest.mark.local, pytest.mark.timeout(420)]

ONE_FILE = {"yard.py": "def keep() -> int:\n    return 1\n"}


@pytest.fixture(autouse=True)
def keeper_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWARM_KEEPER", "5")


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cloud that an earlier keeper saved: each test has a state folder of its own, and need not build one."""
    build()
    state = tmp_path_factory.mktemp("saved") / "state"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SWARM_KEEPER", "5")
        run = swarm_run(write_repository(state.parent / "yard", ONE_FILE), state.parent / "out", state)
        assert run.code == 0, run.stderr
        ended(state)
    return state / SAVED_CLOUD


@pytest.fixture
def state(saved: Path, tmp_path: Path) -> Iterator[Path]:
    """A state folder, whose keeper is ended after the test."""
    folder = tmp_path / "state"
    folder.mkdir(mode=0o700)
    shutil.copy(saved, folder)
    yield folder
    if folder.is_dir():
        ended(folder)


def swarm(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cli", *map(str, words)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False)


def ended(state: Path) -> None:
    done = swarm("local", "down", "--state", state)
    assert done.returncode == 0, done.stderr


def keeper_of(state: Path) -> Holder:
    holder = holder_in(state)
    assert holder is not None
    assert holder.kind is CloudKind.KEEPER
    return holder


def run_of(folder: Path, name: str, state: Path, *options: str) -> Finished:
    return swarm_run(write_repository(folder / name, ONE_FILE), folder / f"{name}-out", state, *options)


@contextmanager
def run_that_waits(folder: Path, state: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A run whose model does not answer before the block is left, and the model's name."""
    asked, opened = threading.Event(), threading.Event()

    def hold(_: Json) -> None:
        asked.set()
        opened.wait(TIMEOUT_SECONDS)

    with StubModel(Behaviour(intercept=hold)) as stub:
        words = ["run", str(write_repository(folder / "slow", ONE_FILE)), "--out", str(folder / "slow-out")]
        command = [sys.executable, "-m", "cli", *words, "--state", str(state), "--model", stub.model]
        run = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
        try:
            assert asked.wait(TIMEOUT_SECONDS)
            yield run, stub.model
        finally:
            opened.set()
            run.kill()
            run.communicate(timeout=TIMEOUT_SECONDS)


def executions(state: Path, status: str) -> list[str]:
    cloud = keeper_of(state).cloud
    assert cloud is not None
    with ResidentCloud(cloud) as asked:
        listed = asked.client("stepfunctions").list_executions(stateMachineArn=cloud.outputs["state_machine_arn"])
    return [one["name"] for one in listed["executions"] if one["status"] == status]


def test_the_next_run_finds_the_cloud_of_the_first_and_down_ends_it_with_all_its_processes(
    tmp_path: Path, state: Path
) -> None:
    first, second = run_of(tmp_path, "first", state), run_of(tmp_path, "second", state)
    keeper = keeper_of(state)
    processes = descendants(keeper.process)
    shown = swarm("local", "status", "--state", state)

    down = swarm("local", "down", "--state", state)

    assert [run.code for run in (first, second)] == [0, 0], first.stderr + second.stderr
    assert "starting the cloud" in first.stderr
    assert "starting the cloud" not in second.stderr
    assert str(keeper.process) in shown.stdout
    assert LOG_NAME in shown.stdout
    assert down.returncode == 0, down.stderr
    assert all_gone(processes)
    assert holder_in(state) is None


@pytest.mark.slow
def test_two_runs_at_once_share_one_cloud(tmp_path: Path, state: Path) -> None:
    with ThreadPoolExecutor(2) as both:
        runs = list(both.map(lambda name: run_of(tmp_path, name, state), ("first", "second")))

    assert [run.code for run in runs] == [0, 0], [run.stderr for run in runs]
    addresses = {run.stderr.partition("on the cloud at ")[2].split()[0] for run in runs}
    assert len(addresses) == 1


@pytest.mark.slow
def test_a_run_with_other_settings_gets_another_cloud(tmp_path: Path, state: Path) -> None:
    run_of(tmp_path, "first", state)
    before = keeper_of(state)

    other = run_of(tmp_path, "second", state, "--setting", "capUsd=3")

    assert other.code == 0, other.stderr
    after = keeper_of(state)
    assert after.process != before.process
    assert after.cloud is not None
    assert after.cloud.outputs["cap_usd"] == 3
    assert all_gone([before.process])


@pytest.mark.slow
def test_a_run_with_other_settings_waits_while_the_cloud_is_in_use(tmp_path: Path, state: Path) -> None:
    with run_that_waits(tmp_path, state) as (waiting, _):
        command = [sys.executable, "-m", "cli", "run", str(write_repository(tmp_path / "other", ONE_FILE))]
        options = ["--out", str(tmp_path / "other-out"), "--state", str(state)]
        other = subprocess.Popen([*command, *options], cwd=ROOT, stderr=subprocess.PIPE, text=True)
        assert other.stderr is not None
        assert any("another run is at work" in line for line in other.stderr)
        waiting.send_signal(signal.SIGINT)
        waiting.wait(TIMEOUT_SECONDS)

        said = other.communicate(timeout=TIMEOUT_SECONDS)[1]

    assert other.returncode == 0, said


def test_the_session_of_a_killed_run_is_cancelled_and_the_cloud_stays(tmp_path: Path, state: Path) -> None:
    with run_that_waits(tmp_path, state) as (run, _):
        run.kill()
        run.wait(TIMEOUT_SECONDS)
        assert eventually(lambda: "cancelled" in (state / LOG_NAME).read_text() or None)

    # What a function has under way when it is stopped, it ends, as on AWS.
    assert eventually(lambda: executions(state, "ABORTED") or None)
    assert not executions(state, "RUNNING")


@pytest.mark.slow
def test_the_same_snapshot_is_recognised_before_a_file_is_parsed(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_of(tmp_path, "first", state)
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")  # the command names what it imports

    again = run_of(tmp_path, "first", state)

    assert again.code == 0, again.stderr
    assert "agents.codebase" in again.stderr
    assert "agents.codebase.structure" not in again.stderr
    assert "mapping the repository" not in again.stderr


@pytest.mark.slow
def test_ctrl_c_cancels_the_session_and_leaves_the_cloud_up(tmp_path: Path, state: Path) -> None:
    with run_that_waits(tmp_path, state) as (run, _):
        keeper = keeper_of(state)
        run.send_signal(signal.SIGINT)
        said = run.communicate(timeout=TIMEOUT_SECONDS)[1]

    assert run.returncode == 130, said
    assert "Traceback" not in said
    assert eventually(lambda: executions(state, "ABORTED") or None)
    assert keeper_of(state).process == keeper.process


@pytest.mark.slow
def test_a_killed_keeper_takes_its_processes_along_and_the_next_run_starts_another(tmp_path: Path, state: Path) -> None:
    run_of(tmp_path, "first", state)
    keeper = keeper_of(state)
    processes = descendants(keeper.process)

    os.kill(keeper.process, signal.SIGKILL)
    second = run_of(tmp_path, "second", state)

    assert all_gone(processes)
    assert second.code == 0, second.stderr
    assert keeper_of(state).process != keeper.process


@pytest.mark.slow
def test_a_keeper_that_is_killed_during_a_run_ends_it_with_a_sentence_that_names_the_log(
    tmp_path: Path, state: Path
) -> None:
    with run_that_waits(tmp_path, state) as (run, _):
        os.kill(keeper_of(state).process, signal.SIGKILL)
        said = " ".join(run.communicate(timeout=TIMEOUT_SECONDS)[1].split())

    assert run.returncode == 1, said
    assert "The local cloud ended during the run. Finished work is stored" in said
    assert LOG_NAME in said
    assert "Traceback" not in said


def test_it_ends_by_itself_when_nobody_has_used_it_for_a_while(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SWARM_KEEPER", "0.02")

    assert run_of(tmp_path, "first", state).code == 0

    assert eventually(lambda: holder_in(state) is None or None)


@pytest.mark.slow
def test_it_ends_when_its_state_folder_is_deleted(tmp_path: Path, state: Path) -> None:
    run_of(tmp_path, "first", state)
    processes = descendants(keeper_of(state).process)

    shutil.rmtree(state)

    assert all_gone(processes, seconds=TIMEOUT_SECONDS)


@pytest.mark.slow
def test_a_keeper_that_cannot_begin_says_why(tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWARM_LOCAL_SECRET", "short")

    run = run_of(tmp_path, "first", state)

    assert run.code == 2
    assert "SWARM_LOCAL_SECRET has 5 characters" in " ".join(run.stderr.split())
    assert holder_in(state) is None


@pytest.mark.slow
def test_reset_ends_it_first(tmp_path: Path, state: Path) -> None:
    run_of(tmp_path, "first", state)

    done = swarm("local", "reset", "--yes", "--state", state)

    assert done.returncode == 0, done.stderr
    assert holder_in(state) is None


@pytest.mark.slow
def test_nobody_else_can_read_what_it_writes(tmp_path: Path, state: Path) -> None:
    run_of(tmp_path, "first", state)

    assert {path.name: path.stat().st_mode & 0o077 for path in state.iterdir()} == dict.fromkeys(
        [path.name for path in state.iterdir()], 0
    )


@pytest.mark.slow
def test_off_leaves_nothing_running(tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWARM_KEEPER", "off")

    assert run_of(tmp_path, "first", state).code == 0

    assert holder_in(state) is None

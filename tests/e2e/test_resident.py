"""`swarm local up`: runs share a cloud that stays, and leave it as they found it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agents.contracts.session import SessionRecord, SessionStatus
from bench.stub_http import Json
from bench.stub_model import StubModel
from bench.stub_server import Behaviour
from cli.app import app
from cli.output.progress import PHASES
from local.resident import ResidentCloud, resident_in
from releases.build import build
from tests.chaos.cloud import eventually
from tests.e2e.main_job import ROOT, TIMEOUT_SECONDS, adds_up, swarm_run, write_repository
from tests.local.living import all_gone, descendants

pytestmark = [pytest.mark.local, pytest.mark.timeout(420)]

UNKNOWN = "s" + "f" * 20


@dataclass
class Gate:
    """Holds every question back while it is closed, and says when the first is there."""

    opened: threading.Event = field(default_factory=threading.Event)
    asked: threading.Event = field(default_factory=threading.Event)

    def hold(self, _: Json) -> None:
        """Let the question wait."""
        self.asked.set()
        self.opened.wait(TIMEOUT_SECONDS)


@dataclass(frozen=True)
class Up:
    """A cloud that is up, and what a run says to take it."""

    process: subprocess.Popen[str]
    state: Path
    model: str
    gate: Gate


@contextmanager
def bring_up(state: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """`swarm local up`, from when it says that its cloud is up."""
    build()  # its release is part of what a run compares
    command = [sys.executable, "-m", "cli", "local", "up", "--state", str(state), *options]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stderr is not None
    assert any("The cloud is up" in line for line in process.stderr), "it ended before its cloud was up"
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=TIMEOUT_SECONDS)


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    state, gate = tmp_path_factory.mktemp("resident") / "state", Gate()
    gate.opened.set()
    with (
        StubModel(Behaviour(intercept=gate.hold)) as stub,
        bring_up(state, "--model", stub.model) as process,
    ):
        try:
            yield Up(process, state, stub.model, gate)
        finally:
            gate.opened.set()


def test_one_run_after_the_other_takes_the_cloud_that_is_up(up: Up, tmp_path: Path) -> None:
    repository = write_repository(tmp_path / "hive")

    first = swarm_run(repository, tmp_path / "first", up.state, "--model", up.model)
    (repository / "hive/queen.py").write_text("def lay() -> int:\n    return 1\n")
    second = swarm_run(repository, tmp_path / "second", up.state, "--model", up.model)

    for run in (first, second):
        assert run.code == 0, run.stderr
        assert "on the cloud at http://127.0.0.1:" in run.stderr
        assert "starting the cloud" not in run.stderr
        assert adds_up(run.session)
        assert (run.out / "site" / "index.html").is_file()
    assert first.session["session_id"] != second.session["session_id"]
    assert second.session["coverage"]["files_reused"] > 0
    assert up.process.poll() is None


def test_an_interrupted_run_ends_its_session_and_leaves_the_cloud_up(up: Up, tmp_path: Path) -> None:
    repository = write_repository(tmp_path / "yard", {"yard.py": "def keep() -> int:\n    return 1\n"})
    up.gate.asked.clear()
    up.gate.opened.clear()
    command = [sys.executable, "-m", "cli", "run", str(repository), "--out", str(tmp_path / "out"), "--model", up.model]
    run = subprocess.Popen([*command, "--state", str(up.state)], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    assert run.stderr is not None
    assert any(phase in line for line in run.stderr for phase in PHASES.values()), "it said nothing of its session"
    assert up.gate.asked.wait(TIMEOUT_SECONDS)

    run.send_signal(signal.SIGINT)
    said = run.communicate(timeout=TIMEOUT_SECONDS)[1]
    up.gate.opened.set()  # what a function has under way when it is stopped, it ends, as on AWS

    assert run.returncode == 130, said
    assert "Traceback" not in said
    assert len(eventually(lambda: executions(up, "ABORTED") or None)) == 1
    assert eventually(lambda: not executions(up, "RUNNING") or None), "a child whose function ends its call, too"
    assert up.process.poll() is None
    again = swarm_run(repository, tmp_path / "again", up.state, "--model", up.model)
    assert again.code == 0, again.stderr
    assert SessionRecord.model_validate(again.session).status is not SessionStatus.FAILED


def executions(up: Up, status: str) -> list[str]:
    resident = resident_in(up.state)
    assert resident is not None
    with ResidentCloud(resident) as cloud:
        machine = cloud.outputs["state_machine_arn"]
        listed = cloud.client("stepfunctions").list_executions(stateMachineArn=machine)["executions"]
    return [one["name"] for one in listed if one["status"] == status]


def test_a_run_with_other_settings_is_refused_before_it_packs_anything(up: Up, tmp_path: Path) -> None:
    repository = write_repository(tmp_path / "meadow", {"meadow.py": "def bloom() -> int:\n    return 1\n"})

    run = swarm_run(repository, tmp_path / "out", up.state, "--model", "extractive")

    assert run.code == 2
    advice = f"differs from this run in: model. End that cloud with `swarm local down --state {up.state}`"
    assert advice in " ".join(run.stderr.split())
    assert "packed" not in run.stderr
    assert not (tmp_path / "out").exists()


def test_the_commands_about_sessions_work_on_the_cloud_that_is_up(up: Up, tmp_path: Path) -> None:
    repository = write_repository(tmp_path / "grove", {"grove.py": "def grow() -> int:\n    return 1\n"})
    up.gate.asked.clear()
    up.gate.opened.clear()
    command = [sys.executable, "-m", "cli", "run", str(repository), "--out", str(tmp_path / "out"), "--model", up.model]
    run = subprocess.Popen([*command, "--state", str(up.state)], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    assert up.gate.asked.wait(TIMEOUT_SECONDS)
    session = next(
        one["session_id"] for one in json.loads(swarm(up, "sessions", "--json")[1]) if one["repository"] == "grove"
    )

    refused = swarm(up, "erase", session, "--yes")
    cancelled = swarm(up, "cancel", session)
    up.gate.opened.set()
    run.communicate(timeout=TIMEOUT_SECONDS)

    assert refused[0] == 2
    assert f"swarm cancel {session}" in refused[1]
    assert cancelled[0] == 0, cancelled[1]
    assert f"ended session {session}" in cancelled[1]
    assert run.returncode == 1
    assert "Cancelled" in swarm(up, "show", session)[1]
    assert "was not running" in swarm(up, "cancel", session)[1]
    assert "Nothing to end" in swarm(up, "reap")[1]
    assert swarm(up, "cancel", UNKNOWN) == (2, f"swarm: {no_session(up.state)}")
    erased = swarm(up, "erase", session, "--yes")
    assert erased[0] == 0, erased[1]
    assert swarm(up, "show", session)[0] == 2  # nor does the cloud write it back


def no_session(state: Path) -> str:
    return f"There is no session {UNKNOWN} in {state}; `swarm sessions --state {state}` lists the sessions"


def swarm(up: Up, *words: str) -> tuple[int, str]:
    """A command's exit code and what it says, called in this process: a start takes a second."""
    done = CliRunner().invoke(app, [*words, "--state", str(up.state)])
    return done.exit_code, (done.stdout + done.stderr).strip()


def test_asked_to_end_it_leaves_nothing_behind(tmp_path: Path) -> None:
    with bring_up(tmp_path) as process:
        family = descendants(process.pid)

        process.terminate()
        said = process.communicate(timeout=TIMEOUT_SECONDS)[1]

        assert process.returncode == 0
        assert "Finished work is stored" in " ".join(said.split())
        assert len(family) > 1
        assert all_gone(family)
        assert resident_in(tmp_path) is None

"""The whole command is stopped or killed; nothing stays behind, and the next run pays only for the rest."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bench.stub_model import Behaviour, StubModel
from tests.chaos.cloud import eventually, write_modules
from tests.e2e.main_job import ROOT, TIMEOUT_SECONDS, adds_up
from tests.local.living import all_gone, descendants

pytestmark = [pytest.mark.local, pytest.mark.timeout(420)]

FILES = 12


def launch(repository: Path, out: Path, state: Path, *more: str) -> subprocess.Popen[str]:
    options = ["--out", str(out), "--state", str(state), "--json", "--setting", "batchTargetFiles=4", *more]
    command = [sys.executable, "-m", "cli", "run", str(repository), *options]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def stop(process: subprocess.Popen[str], at: tuple[str, ...], how: signal.Signals) -> tuple[list[int], str]:
    """Send the signal once the command says that it is `at` one of these; the processes it had, and what it said.

    A state that is over sooner than the command looks again is not said.
    """
    assert process.stderr is not None
    for line in process.stderr:
        if any(state in line for state in at):
            break
    family = descendants(process.pid)
    process.send_signal(how)
    return family, process.communicate(timeout=TIMEOUT_SECONDS)[1]


@pytest.mark.slow  # 31 s; the kind command_killed of the chaos suite does so at moments of its choice
def test_interrupted_then_killed_leaves_no_process_and_the_third_run_pays_only_for_the_rest(tmp_path: Path) -> None:
    repository, out, state = write_modules(tmp_path / "hive", FILES), tmp_path / "out", tmp_path / "state"
    # A model that takes its time: each signal comes in the middle of a run, however fast the processor is.
    with StubModel(Behaviour(latency_seconds=1)) as stub:
        model = ("--model", stub.model)

        starting = launch(repository, out, state, *model)
        family, said = stop(starting, ("starting the cloud",), signal.SIGINT)
        assert (starting.returncode, all_gone(family)) == (130, True)
        assert "Traceback" not in said
        assert not out.exists()

        interrupted = launch(repository, out, state, *model)
        eventually(lambda: stub.questions or None)
        family = descendants(interrupted.pid)
        interrupted.send_signal(signal.SIGINT)
        said = interrupted.communicate(timeout=TIMEOUT_SECONDS)[1]
        assert (interrupted.returncode, all_gone(family)) == (130, True)
        assert len(family) > 1
        assert "pays only for the rest" in " ".join(said.split())
        assert "Traceback" not in said
        assert not out.exists()

        killed = launch(repository, out, state, *model)
        eventually(lambda: stub.kinds.keys() - {"AnalystReply"} or None)
        family = descendants(killed.pid)
        killed.kill()
        killed.communicate(timeout=TIMEOUT_SECONDS)
        assert (killed.returncode, all_gone(family)) == (-signal.SIGKILL, True)
        assert len(family) > 1

        last = launch(repository, out, state, *model)
        answer, said = last.communicate(timeout=TIMEOUT_SECONDS)
    assert last.returncode == 0, said
    session = json.loads(answer)
    assert (session["coverage"]["files_reused"], session["coverage"]["files_analysed"]) == (FILES, 0)
    assert adds_up(session)
    assert sorted(path.name for path in out.iterdir()) == [
        "history.json",
        "report.html",
        "session.json",
        "site",
        "site-src",
    ]


@pytest.mark.slow
def test_three_runs_at_once_with_one_state_all_end_well(tmp_path: Path) -> None:
    state = tmp_path / "state"
    same, other = write_modules(tmp_path / "same", 4), write_modules(tmp_path / "other", 6, start_at=4)
    runs = [launch(path, tmp_path / f"out-{n}", state) for n, path in enumerate((same, same, other))]
    answers = [run.communicate(timeout=TIMEOUT_SECONDS) for run in runs]

    assert [run.returncode for run in runs] == [0, 0, 0], [said for _, said in answers]
    first, second, third = (json.loads(answer) for answer, _ in answers)
    assert first["session_id"] == second["session_id"] != third["session_id"]
    assert adds_up(first)
    assert adds_up(second)
    assert (third["coverage"]["files_total"], third["gaps"]) == (6, [])
    assert all((tmp_path / f"out-{number}" / "site" / "index.html").is_file() for number in range(3))
    assert _statuses(state) == {first["session_id"]: "PUBLISHED", third["session_id"]: "PUBLISHED"}


def _statuses(state: Path) -> dict[str, str]:
    """Every kept session's status, by its id."""
    connection = sqlite3.connect(state / "state.sqlite3")
    rows = [json.loads(text) for (text,) in connection.execute("SELECT attributes FROM items")]
    connection.close()
    return {row["pk"]["S"].removeprefix("session#"): row["status"]["S"] for row in rows if row["sk"]["S"] == "session"}

"""Temporary folders go with their process, however it ends, and what is kept is its owner's alone."""

from __future__ import annotations

import os
import pty
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from local.resident import Resident, hold
from local.state.database import StateFile
from local.state.store import ChangedItem, StateStore
from local.temporary import sweep, temporary_folder
from tests.e2e.main_job import ROOT

OWNER = """
import sys, time
from local.temporary import temporary_folder
with temporary_folder("swarm-test-") as folder:
    (folder / "snapshot.tar.gz").write_bytes(b"the repository")
    print(folder, flush=True)
    time.sleep(600)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    monkeypatch.setenv("TMPDIR", str(place))
    return place


def owner() -> tuple[subprocess.Popen[str], Path]:
    process = subprocess.Popen([sys.executable, "-c", OWNER], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_a_folder_is_gone_when_its_block_is_over(temporary: Path) -> None:
    with temporary_folder("swarm-test-") as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list(temporary.iterdir()) == []


def test_the_folder_of_a_process_that_was_killed_goes_at_the_next_start(temporary: Path) -> None:
    process, left = owner()
    process.kill()
    process.communicate()
    assert (left / "snapshot.tar.gz").exists()

    with temporary_folder("swarm-test-") as folder:
        assert list(temporary.iterdir()) == [folder]


def test_the_folder_of_a_living_process_is_never_touched(temporary: Path) -> None:
    process, living = owner()
    try:
        with temporary_folder("swarm-test-") as folder:
            assert sweep() == []
            assert {living, folder} == set(temporary.iterdir())
            assert (living / "snapshot.tar.gz").read_bytes() == b"the repository"
    finally:
        process.kill()
        process.communicate()


def test_what_we_did_not_make_stays(temporary: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / ".owner").write_text("1")
    (temporary / "swarm-link").symlink_to(elsewhere)
    (temporary / "swarm-foreign").mkdir()
    (temporary / "swarm-file").write_text("")
    (temporary / "other").mkdir()
    (temporary / "other" / ".owner").write_text("1")

    assert sweep() == []

    assert (elsewhere / ".owner").exists()
    assert len(list(temporary.iterdir())) == 4


def test_a_folder_that_is_being_made_is_left_until_that_is_long_ago(temporary: Path) -> None:
    made = temporary / "swarm-made"
    made.mkdir()
    (made / ".owner").touch()
    assert sweep() == []
    long_ago = time.time() - 7200
    os.utime(made, (long_ago, long_ago))
    assert sweep() == [made]


def modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.iterdir()]}


@pytest.mark.parametrize("mask", [0o022, 0o000])
def test_the_kept_state_is_its_owners_alone(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        state = tmp_path / "deep" / "state"
        kept = StateStore(state)
        kept.keep_items([ChangedItem("table", {"pk": {"S": "a"}}, {"pk": {"S": "a"}})])
        with hold(state) as place:
            place.publish(Resident(1, "http://127.0.0.1:1", "eu-west-1", {}, {}, "secret"))
            found = modes(state)
        kept.close()
    finally:
        os.umask(before)
    assert set(found) == {"state", "state.sqlite3", "state.sqlite3-wal", "state.sqlite3-shm", "resident.json"}
    assert found.pop("state") == 0o700
    assert set(found.values()) == {0o600}


def test_a_state_that_others_could_read_is_shut_when_it_is_opened(tmp_path: Path) -> None:
    state = tmp_path / "state"
    first = StateFile(state)
    first.put_item("table", "name", "{}")
    state.chmod(0o755)
    for path in state.iterdir():
        path.chmod(0o644)
    StateFile(state).close()
    found = modes(state)
    first.close()
    assert found.pop("state") == 0o700
    assert set(found.values()) == {0o600}


def test_a_folder_that_holds_other_things_keeps_its_mode(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir(mode=0o755)
    (state / "notes.txt").write_text("a person's own")
    (state / "notes.txt").chmod(0o644)
    StateFile(state).close()
    found = modes(state)
    assert (found["state"], found["notes.txt"], found["state.sqlite3"]) == (0o755, 0o644, 0o600)


SIGNALLED = """
import sys, time
from pathlib import Path
import typer
from cli.command_runner import run_safely
from local.temporary import temporary_folder
def command(messages, answers):
    with temporary_folder("swarm-test-") as folder:
        print(folder, flush=True)
        time.sleep(60)
try:
    run_safely(command, False, "Interrupted.")
except typer.Exit as ended:
    sys.exit(ended.exit_code)
"""


def test_a_command_whose_terminal_went_away_ends_in_order_all_the_same(temporary: Path) -> None:
    """As `swarm run` does when ssh drops: there is nowhere to print to any more."""
    child, terminal = pty.fork()
    if child == 0:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever runs the tests under nohup has it ignored
        os.chdir(ROOT)
        os.execv(sys.executable, [sys.executable, "-c", SIGNALLED])  # noqa: S606  (as the shell would)
    said = b""
    while b"swarm-test-" not in said:
        said += os.read(terminal, 4096)
    assert list(temporary.iterdir())
    os.close(terminal)  # the kernel sends SIGHUP
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 130
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(("number", "ignored"), [("SIGHUP", False), ("SIGTERM", False), ("SIGHUP", True)])
def test_a_terminal_that_goes_away_ends_a_command_as_sigterm_does(temporary: Path, number: str, ignored: bool) -> None:
    """`nohup` has SIGHUP ignored: then it stays ignored."""
    process = subprocess.Popen(
        [sys.executable, "-c", SIGNALLED],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # The child runs nothing else before exec.
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN if ignored else signal.SIG_DFL),  # noqa: PLW1509
    )
    assert process.stdout is not None
    folder = Path(process.stdout.readline().strip())
    process.send_signal(signal.Signals[number])
    if ignored:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1)
        process.send_signal(signal.SIGTERM)
    said = process.communicate(timeout=60)[1]
    assert "Interrupted." in said
    assert "Traceback" not in said
    assert process.returncode == 130
    assert not folder.exists()
    assert list(temporary.iterdir()) == []

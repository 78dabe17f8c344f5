"""What is in OUT after a run, and what is still there after one that failed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from agents.contracts.session import ErrorRecord, SessionStatus
from cli.errors import BadInput
from cli.output import out_folder
from cli.session.run_outcome import RunOutcome
from tests.cli.recorded import published
from tests.cli.samples import documented_stack, record


def test_should_write_the_five_entries_and_nothing_else(tmp_path: Path) -> None:
    stack, _ = documented_stack(record())
    with out_folder.out_folder(tmp_path / "out", tmp_path / "repo") as partial:
        out_folder.write(stack, RunOutcome(record(), published()), partial)
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["history.json", "report.html", "session.json", "site", "site-src"]
    assert (tmp_path / "out" / "site" / "source" / "a.html").read_text() == "x"
    assert json.loads((tmp_path / "out" / "history.json").read_text())["events"][0]["type"] == "ExecutionStarted"


def test_should_replace_an_earlier_site_whole_and_leave_other_files_alone(tmp_path: Path) -> None:
    stack, _ = documented_stack(record())
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "stale.html").write_text("old")
    (tmp_path / "notes.txt").write_text("mine")
    with out_folder.out_folder(tmp_path, tmp_path / "repo") as partial:
        out_folder.write(stack, RunOutcome(record(), published()), partial)
    assert not (tmp_path / "site" / "stale.html").exists()
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert not list(tmp_path.glob(".*"))


def test_should_link_the_pages_and_sources_that_an_earlier_run_wrote_alike(tmp_path: Path) -> None:
    stack, _ = documented_stack(record())
    files: list[set[int]] = []
    for _run in range(2):
        with out_folder.out_folder(tmp_path, tmp_path / "repo") as partial:
            out_folder.write(stack, RunOutcome(record(), published()), partial)
        files.append({path.stat().st_ino for path in tmp_path.glob("site*/**/*") if path.is_file()})
    assert files[0] == files[1]
    assert len(files[0]) > 1


def test_should_keep_an_earlier_site_when_the_run_failed(tmp_path: Path) -> None:
    failed = record(status=SessionStatus.FAILED).model_copy(update={"error": ErrorRecord(name="TooManyGaps", cause="")})
    stack, _ = documented_stack(failed)
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("old")
    with out_folder.out_folder(tmp_path, tmp_path / "repo") as partial:
        out_folder.write(stack, RunOutcome(failed, published()), partial)
    assert (tmp_path / "site" / "index.html").read_text() == "old"
    assert json.loads((tmp_path / "session.json").read_text())["status"] == "FAILED"


def test_should_leave_nothing_of_a_run_that_broke_off(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    with pytest.raises(KeyboardInterrupt), out_folder.out_folder(out, tmp_path / "repo") as partial:
        (partial / "site").mkdir()
        raise KeyboardInterrupt
    assert not out.exists()


def test_should_refuse_an_out_that_is_a_file_or_the_repository_or_holds_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    repository = tmp_path / "out" / "site" / "repo"
    repository.mkdir(parents=True)
    for out, said in [
        (tmp_path / "file", "not a folder"),
        (tmp_path / "file" / "below", "cannot be written"),
        (repository, "is the repository itself"),
        (tmp_path / "out", "lies inside"),
    ]:
        with pytest.raises(BadInput, match=said), out_folder.out_folder(out, repository):
            pass


def test_what_a_killed_run_has_left_half_built_is_removed_and_a_living_ones_is_not(tmp_path: Path) -> None:
    dead, living = tmp_path / ".swarm-partial-4194999-x", tmp_path / f".swarm-partial-{os.getpid()}-y"
    dead.mkdir()
    living.mkdir()
    with out_folder.out_folder(tmp_path, tmp_path / "repo"):
        assert (dead.exists(), living.exists()) == (False, True)


@pytest.mark.parametrize("program", [sys.executable, "false"], ids=["a second process", "one that fails"])
def test_the_pages_sources_are_unpacked_whoever_does_it(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack, _ = documented_stack(record())
    asked: list[str] = []

    def begun(command: list[str], **options: Any) -> subprocess.Popen[bytes]:
        asked.append(command[-1])
        return subprocess.Popen([program, *command[1:]], **options)

    monkeypatch.setattr(out_folder, "subprocess", SimpleNamespace(Popen=begun, DEVNULL=subprocess.DEVNULL))
    with out_folder.out_folder(tmp_path / "out", tmp_path / "repo") as partial:
        out_folder.write(stack, RunOutcome(record(), published()), partial)

    assert [Path(folder).name for folder in asked] == ["site-src"]
    assert sorted(path.name for path in (tmp_path / "out" / "site-src").rglob("*")) == ["index.html"]


def test_a_disk_that_refuses_ends_the_second_process_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack, _ = documented_stack(record())
    begun: list[subprocess.Popen[bytes]] = []

    def slow(_: list[str], **options: Any) -> subprocess.Popen[bytes]:
        begun.append(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], **options))
        return begun[0]

    def refused(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(out_folder, "subprocess", SimpleNamespace(Popen=slow, DEVNULL=subprocess.DEVNULL))
    monkeypatch.setattr(out_folder, "_unpack", refused)
    with (
        pytest.raises(BadInput, match="No space left on device"),
        out_folder.out_folder(tmp_path / "out", tmp_path / "repo") as partial,
    ):
        out_folder.write(stack, RunOutcome(record(), published()), partial)

    assert begun[0].poll() is not None

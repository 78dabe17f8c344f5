"""What a command says is next, what `swarm fetch` leaves alone, and what the shell completes."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest
from rich.console import Console
from typer.testing import CliRunner

from agents import keys
from agents.contracts.session import ErrorRecord, SessionStatus
from cli.app import app
from cli.commands import fetch as fetching
from cli.commands import run as running
from cli.commands import watch as watching
from cli.errors import BadInput, may_succeed_again
from cli.session.run_outcome import RunOutcome
from cli.stack.clients import Cloud, Stack
from cli.stack.location import Location
from tests.agents.fakes import MemoryBlobs, running_session
from tests.cli.recorded import SESSION_ID, published
from tests.cli.samples import documented_stack, record

DEV = Location("dev")


def outcome(error: str = "") -> RunOutcome:
    failed = record(status=SessionStatus.FAILED).model_copy(update={"error": ErrorRecord(name=error, cause="because")})
    return RunOutcome(failed if error else record(), published())


def printed(found: RunOutcome) -> str:
    answers = Console(file=io.StringIO(), width=200)
    watching._print(found, DEV, as_json=False, answers=answers)
    return cast(io.StringIO, answers.file).getvalue()


@pytest.mark.parametrize(
    ("found", "following"),
    [
        (outcome(), f"swarm fetch {SESSION_ID} --stack dev --out {SESSION_ID}"),
        (outcome("TooManyGaps"), f"swarm redrive {SESSION_ID} --stack dev"),
        (outcome("States.Timeout"), f"swarm redrive {SESSION_ID} --stack dev"),
        (outcome("RepositoryEmpty"), "swarm submit PATH --stack dev"),
        (outcome("ArchiveCorrupt"), "swarm submit PATH --stack dev"),
    ],
)
def test_a_session_that_was_watched_to_its_end_has_one_next_command(found: RunOutcome, following: str) -> None:
    text = printed(found)
    assert text.count("next:") == 1
    assert text.rstrip().endswith(f"next: {following}")


@pytest.mark.parametrize("error", ["", "TooManyGaps"])
def test_a_run_on_a_laptop_shows_one_next_command_at_its_end(error: str, tmp_path: Path) -> None:
    answers = Console(file=io.StringIO(), width=200)
    request = running.RunRequest(path=tmp_path, out=tmp_path / "out")
    running._print_result(request, outcome(error), answers, answers, 1.0)
    text = cast(io.StringIO, answers.file).getvalue()
    assert text.count("next:") == 1
    assert text.rstrip().splitlines()[-1] == f"next: swarm show {SESSION_ID}"


@pytest.mark.parametrize("name", ["RepositoryEmpty", "RepositoryTooLarge", "ArchiveUnsafe", "ArchiveUnsupported"])
def test_an_upload_that_is_itself_the_cause_does_not_succeed_a_second_time(name: str) -> None:
    assert not may_succeed_again(name)
    assert may_succeed_again("ModelAccessDenied")
    assert may_succeed_again("Runtime.OutOfMemory")


class Cut(MemoryBlobs):
    """Blobs whose download breaks after half of the bytes."""

    def download(self, key: str, path: Path, version: str = "") -> None:  # noqa: ARG002  the port's signature
        whole = self.read(key)
        path.write_bytes(whole[: len(whole) // 2])
        raise ConnectionError("cut")


def fetched(stack: Stack, out: Path, monkeypatch: pytest.MonkeyPatch, replaced: Mapping[str, Any] | None = None) -> int:
    session = running_session(SESSION_ID).model_copy(update={"status": SessionStatus.PUBLISHED})
    monkeypatch.setattr(fetching, "stack_of", lambda _: stack)
    monkeypatch.setattr(fetching, "session_in_stack", lambda *_: session)
    monkeypatch.setattr(fetching, "events_in_stack", lambda *_: published())
    for name, value in (replaced or {}).items():
        monkeypatch.setattr(fetching, name, value)
    nobody = Console(file=io.StringIO())
    return fetching.fetch(cast(Cloud, None), SESSION_ID, out, DEV, as_json=False, answers=nobody)


def test_a_fetch_into_a_new_folder_writes_what_a_run_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert fetched(documented_stack(record())[0], tmp_path / "out", monkeypatch) == 0
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"site", "site-src", "session.json", "history.json", "report.html"}


@pytest.mark.parametrize(
    ("name", "text"), [("notes.txt", "mine"), ("session.json", '{"session_id": "another"}'), ("session.json", "[]")]
)
def test_a_fetch_refuses_a_folder_of_something_else(
    name: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(BadInput, match="name a new folder"):
        fetched(documented_stack(record())[0], tmp_path, monkeypatch)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {name: text}


def test_a_fetch_refuses_a_session_that_still_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    live = {
        "session_in_stack": lambda *_: running_session(SESSION_ID),
        "execution_in_stack": lambda *_: {"status": "RUNNING"},
    }
    with pytest.raises(BadInput, match="still running"):
        fetched(documented_stack(record())[0], tmp_path / "out", monkeypatch, live)
    assert not (tmp_path / "out").exists()


def test_a_fetch_that_breaks_half_way_leaves_the_earlier_one_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack, blobs = documented_stack(record())
    fetched(stack, tmp_path, monkeypatch)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    blobs.blobs[keys.history(SESSION_ID)] = b"newer"
    monkeypatch.setattr(type(blobs), "download", Cut.download)
    with pytest.raises(ConnectionError):
        fetched(stack, tmp_path, monkeypatch)

    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_bash_completes_the_commands() -> None:
    asked = {"_SWARM_COMPLETE": "complete_bash", "COMP_WORDS": "swarm ", "COMP_CWORD": "1"}
    offered = CliRunner().invoke(app, [], prog_name="swarm", env=asked).output.split()
    assert {"run", "submit", "watch", "fetch", "logs", "redrive", "doctor", "local"} <= set(offered)

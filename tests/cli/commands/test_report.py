"""`swarm report`: a page for any session, whatever has become of it."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError
from rich.console import Console

from agents.contracts.session import SessionStatus
from cli.commands import report as reporting
from cli.errors import BadInput, ExitCode
from cli.stack.clients import Cloud, Stack
from cli.stack.location import Location
from tests.agents.fakes import running_session
from tests.cli.recorded import SESSION_ID, failed_in_scan, published
from tests.cli.samples import documented_stack, record


class States:
    """Step Functions with one execution, or none that still exists."""

    def __init__(self, status: str, events: list[dict[str, Any]]) -> None:
        self.status, self.events = status, events

    def describe_execution(self, **_: str) -> dict[str, str]:
        return {"status": self.status}

    def get_paginator(self, _: str) -> States:
        return self

    def paginate(self, **_: str) -> list[dict[str, Any]]:
        if not self.events:
            raise ClientError({"Error": {"Code": "ExecutionDoesNotExist"}}, "GetExecutionHistory")
        return [{"events": [event]} for event in self.events]


def stack(status: SessionStatus, states: States) -> Stack:
    made, _ = documented_stack(record() if status.published else None)
    session = running_session(SESSION_ID).with_changes(status=status)
    cast("Any", made.store).sessions[SESSION_ID] = session
    return replace(made, states=cast("Any", states))


def reported(made: Stack, out: Path, monkeypatch: pytest.MonkeyPatch, where: Location | None = None) -> dict[str, Any]:
    monkeypatch.setattr(reporting, "stack_of", lambda _: made)
    answers = Console(file=io.StringIO(), width=200)
    code = reporting.report(cast(Cloud, None), SESSION_ID, out, where or Location("dev"), True, answers)
    assert code is ExitCode.DONE
    answer: dict[str, Any] = json.loads(cast(io.StringIO, answers.file).getvalue())
    return answer


def test_an_ended_session_of_a_stack_has_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = stack(SessionStatus.PUBLISHED, States("SUCCEEDED", published()))
    answer = reported(made, tmp_path / "one.html", monkeypatch)
    page = (tmp_path / "one.html").read_text()
    assert (answer["status"], answer["unread"]) == ("PUBLISHED", [])
    assert ">AnalyseFiles</span>" in page
    assert '"options":" --stack dev"' in page
    assert "site/index.html" not in page  # there is none beside it


def test_a_running_session_is_not_called_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = stack(SessionStatus.RUNNING, States("RUNNING", published()[:8]))
    assert reported(made, tmp_path / "one.html", monkeypatch)["status"] == "RUNNING"
    page = (tmp_path / "one.html").read_text()
    assert "States.Runtime" not in page
    assert "Unknown so far" in page


def test_a_session_whose_execution_is_gone_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = stack(SessionStatus.PUBLISHED, States("SUCCEEDED", []))
    answer = reported(made, tmp_path / "one.html", monkeypatch)
    assert answer["unread"] == ["The execution's history is gone: states have no times"]


def test_a_failed_session_has_its_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = stack(SessionStatus.FAILED, States("FAILED", failed_in_scan()))
    assert reported(made, tmp_path / "one.html", monkeypatch)["status"] == "FAILED"
    assert "nothing in it can be read" in (tmp_path / "one.html").read_text()


def test_on_a_laptop_the_command_for_logs_names_the_state_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = stack(SessionStatus.PUBLISHED, States("SUCCEEDED", published()))
    reported(made, tmp_path / "one.html", monkeypatch, Location(None, state=Path("here")))
    assert '"options":" --state-folder here"' in (tmp_path / "one.html").read_text()


def test_a_waiting_session_has_the_commands_that_decide_about_it_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = stack(SessionStatus.AWAITING_APPROVAL, States("RUNNING", published()[:8]))
    reported(made, tmp_path / "one.html", monkeypatch, Location(None, state=Path("here")))
    assert f"swarm approve {SESSION_ID} --state here<" in (tmp_path / "one.html").read_text()


def test_a_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = stack(SessionStatus.PUBLISHED, States("SUCCEEDED", published()))
    with pytest.raises(BadInput, match="Name a file"):
        reported(made, tmp_path, monkeypatch)

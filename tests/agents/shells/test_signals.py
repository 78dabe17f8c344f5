"""What an operator sees: every line says which call it is of, and no collector of traces can stop a session."""

from __future__ import annotations

import ast
import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aws_lambda_powertools import Logger

from agents.contracts.session import SessionStatus
from agents.contracts.states import CloseSessionOutput
from agents.contracts.usage import Usage
from agents.settings import TRACE_FOLDER_VARIABLE
from agents.shells import signals
from agents.shells.signals import StateCall
from agents.signals import model_calls
from agents.signals.names import CONTEXT_FIELDS
from agents.signals.spans import ModelCall
from tests.agents.fakes import EXECUTION, SESSION_ID, settings
from tests.architecture.source import modules, syntax_tree
from tests.docs.blocks import DOCS
from tests.e2e.signals import OUTSIDE


def test_every_logger_of_the_agents_is_the_one_whose_lines_name_the_session() -> None:
    """Lambda writes the lines of any other logger as plain text, which no search for a session finds."""
    names = [
        (module, ast.unparse(node.args[0]))
        for module, path in modules().items()
        if module.startswith("agents.")
        for node in ast.walk(syntax_tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "logging.getLogger"
    ]
    others = {(module, name) for module, name in names if name != "'swarm'"}
    # The site builder's chatter is switched off, not written.
    assert others == {("agents.roles.publisher.site", "'mkdocs'")}


@contextmanager
def collector(answer: bytes | None) -> Iterator[str]:
    """The URL of a server that answers whatever it is sent with these bytes, or with None never."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as waiting:
        opened = [waiting]

        def serve() -> None:
            connection, _ = server.accept()
            opened.append(connection)
            if answer is not None:
                connection.recv(65_536)
                connection.sendall(answer)
                connection.close()

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v1/traces"
        for each in opened:
            each.close()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (None, "TimeoutError"),
        (b"", "RemoteDisconnected"),
        (b"no HTTP\r\n\r\n", "BadStatusLine"),
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", "HTTPError"),
    ],
)
def test_a_collector_that_fails_is_one_warning_and_the_metrics_are_written(
    answer: bytes | None, error: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(signals, "EXPORT_SECONDS", 0.2)
    warnings: list[tuple[str, str]] = []
    monkeypatch.setattr(signals.logger, "warning", lambda text, error: warnings.append((text, error)))
    Logger(service="swarm")  # the shell's own, of which the module's is a child
    with collector(answer) as url:
        call = StateCall({"session_id": SESSION_ID})
        call.begin(settings("Scan").model_copy(update={"trace_endpoint": url}), "Scan")
        call.end()

    assert warnings == [("the trace collector did not take the spans", error)]
    written = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    assert [line["state"] for line in written if "StateSeconds" in line] == ["Scan"]


def test_each_span_of_a_session_has_the_context_of_its_call(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(TRACE_FOLDER_VARIABLE, str(tmp_path))
    Logger(service="swarm")  # the shell's own, of which the module's is a child
    context = {"session_id": SESSION_ID, "execution": EXECUTION, "batch_id": "b00001", "attempt": 2}
    call = StateCall(context)
    call.begin(settings("CloseSession"), "CloseSession")
    model_calls.record(ModelCall("critic", "stub", 1.0, 2.0, Usage()))
    closed = CloseSessionOutput(session_id=SESSION_ID, status=SessionStatus.PUBLISHED, files_total=1, gaps=0)
    call.end(closed)

    (line,) = (tmp_path / f"{SESSION_ID}.jsonl").read_text().splitlines()
    spans = json.loads(line)["resourceSpans"][0]["scopeSpans"][0]["spans"]
    assert [span["name"] for span in spans] == ["CloseSession", "chat stub", "session"]
    for span in spans:
        values = {each["key"]: next(iter(each["value"].values())) for each in span["attributes"]}
        assert {name: str(values.get(f"swarm.{name}")) for name in CONTEXT_FIELDS} == {
            **{name: str(value) for name, value in context.items()},
            "state": "CloseSession",
            "release": settings("CloseSession").release,
        }


def test_the_page_names_the_functions_whose_calls_are_in_no_execution() -> None:
    page = (DOCS / "signals.md").read_text(encoding="utf-8")
    (named,) = re.findall(r"Functions that an event, a schedule or a person calls \((.*?)\)", page, re.DOTALL)
    assert set(re.findall(r"`(\w+)`", named)) == OUTSIDE

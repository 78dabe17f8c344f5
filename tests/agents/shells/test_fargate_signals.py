"""Each end of a task leaves its last log line, metrics and a span, after its token was answered."""

from __future__ import annotations

import json
import logging
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from agents.contracts.base import Contract
from agents.contracts.states import AnalyseBatchOutput
from agents.errors import TaskInterrupted, TaskTokenRejected
from agents.settings import TRACE_FOLDER_VARIABLE
from agents.shells import fargate_task
from agents.shells.fargate_task import DONE, FAILED, perform
from agents.shells.heartbeat import TOKEN_REJECTED
from agents.shells.interruption import INTERRUPTED, Interruption
from agents.shells.signals import StateCall
from tests.agents.fakes import SESSION_ID, FakeCallback, fake_ports, settings
from tests.agents.shells.fargate_batch import OUTPUT, batch, working
from tests.agents.waiting import wait_until


@dataclass
class Signals:
    """What the tasks of a test have written: metrics, last log lines, and spans."""

    capture: pytest.CaptureFixture[str]
    records: list[logging.LogRecord]
    traces: Path

    @property
    def metrics(self) -> list[str]:
        """The names of the metrics, in their order."""
        lines = (json.loads(line) for line in self.capture.readouterr().out.splitlines() if '"_aws"' in line)
        return [
            each["Name"] for line in lines for part in line["_aws"]["CloudWatchMetrics"] for each in part["Metrics"]
        ]

    @property
    def last_lines(self) -> list[tuple[str, str]]:
        """The message and the error of each line that ends a call."""
        ends = (record for record in self.records if record.getMessage() in {"state done", "state failed"})
        return [(record.getMessage(), getattr(record, "error", "")) for record in ends]

    @property
    def spans(self) -> list[tuple[str, str]]:
        """The name and the error of each span."""
        lines = self.traces.read_text().splitlines() if self.traces.exists() else []
        spans = [span for line in lines for span in json.loads(line)["resourceSpans"][0]["scopeSpans"][0]["spans"]]
        return [(span["name"], span["status"].get("message", "")) for span in spans]


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Signals]:
    monkeypatch.setenv(TRACE_FOLDER_VARIABLE, str(tmp_path))
    records: list[logging.LogRecord] = []
    handler = logging.Handler()
    monkeypatch.setattr(handler, "emit", records.append)
    logging.getLogger("swarm").addHandler(handler)
    yield Signals(capsys, records, tmp_path / f"{SESSION_ID}.jsonl")
    logging.getLogger("swarm").removeHandler(handler)


FAILED_CALL = ["StateSeconds", "StateFailures"]


def test_a_call_that_is_done_and_one_that_failed_have_a_last_line_metrics_and_a_span(
    monkeypatch: pytest.MonkeyPatch, written: Signals
) -> None:
    working(monkeypatch, OUTPUT)
    assert batch(FakeCallback()) == DONE
    assert (written.last_lines, written.metrics) == ([("state done", "")], ["StateSeconds"])
    working(monkeypatch, ValueError("x"))
    assert batch(FakeCallback()) == FAILED
    assert (written.last_lines[1:], written.metrics) == ([("state failed", "ValueError")], FAILED_CALL)
    assert written.spans == [("AnalyseBatch", ""), ("AnalyseBatch", "ValueError")]


def test_a_stopped_task_without_a_token_leaves_its_last_line_metrics_and_a_span(
    monkeypatch: pytest.MonkeyPatch, written: Signals
) -> None:
    monkeypatch.setattr(fargate_task, "run_state", lambda *_: signal.raise_signal(signal.SIGTERM))
    assert perform(SESSION_ID, fake_ports(), settings("Scan"), None) == INTERRUPTED
    assert (written.last_lines, written.metrics) == ([("state failed", "TaskInterrupted")], FAILED_CALL)
    assert written.spans == [("Scan", "TaskInterrupted")]


def test_a_result_that_nobody_waits_for_is_a_failed_call(monkeypatch: pytest.MonkeyPatch, written: Signals) -> None:
    class Late(FakeCallback):
        def succeed(self, _: Contract) -> None:
            raise TaskTokenRejected("the execution is over")

    working(monkeypatch, OUTPUT)
    assert batch(Late()) == TOKEN_REJECTED
    assert (written.last_lines, written.metrics) == ([("state failed", "TaskTokenRejected")], FAILED_CALL)
    assert written.spans == [("AnalyseBatch", "TaskTokenRejected")]


def test_a_failure_that_nobody_waits_for_is_logged_and_counted_as_what_it_was(
    monkeypatch: pytest.MonkeyPatch, written: Signals
) -> None:
    class Late(FakeCallback):
        def fail(self, _: str, __: str) -> None:
            raise TaskTokenRejected("the execution is over")

    working(monkeypatch, ValueError("x"))
    assert batch(Late()) == TOKEN_REJECTED
    assert (written.last_lines, written.metrics) == ([("state failed", "ValueError")], FAILED_CALL)
    assert written.spans == [("AnalyseBatch", "ValueError")]


@pytest.mark.parametrize("work", [OUTPUT, TaskInterrupted("stopped")], ids=["success", "failure"])
def test_the_token_is_answered_before_signals_are_written(
    monkeypatch: pytest.MonkeyPatch, written: Signals, work: AnalyseBatchOutput | Exception
) -> None:
    """A collector of traces may take seconds, of which a task that was asked to stop has few."""
    before: list[object] = []

    class Callback(FakeCallback):
        def succeed(self, _: Contract) -> None:
            before.extend((*written.metrics, *written.spans))

        def fail(self, _: str, __: str) -> None:
            before.extend((*written.metrics, *written.spans))

    working(monkeypatch, work)
    batch(Callback())
    assert before == []
    assert len(written.spans) == 1


def end_in_work(monkeypatch: pytest.MonkeyPatch, callback: FakeCallback, codes: list[int]) -> None:
    """Perform a batch whose work ends only when something has ended the process."""

    def run_state(*_: object) -> AnalyseBatchOutput:
        if not isinstance(callback.rejected, TaskTokenRejected):
            signal.raise_signal(signal.SIGTERM)
        wait_until(lambda: bool(codes))
        return OUTPUT

    monkeypatch.setattr(fargate_task, "run_state", run_state)
    monkeypatch.setattr(fargate_task, "Interruption", partial(Interruption, grace_seconds=0.01))
    batch(callback)


def test_a_task_that_is_given_up_in_the_middle_of_a_file_leaves_its_signals(
    monkeypatch: pytest.MonkeyPatch, written: Signals, ended: list[int]
) -> None:
    callback = FakeCallback()
    end_in_work(monkeypatch, callback, ended)
    assert (ended, [error for error, _ in callback.failures]) == ([INTERRUPTED], ["TaskInterrupted"])
    assert (written.last_lines[:1], written.metrics) == ([("state failed", "TaskInterrupted")], FAILED_CALL)
    assert written.spans == [("AnalyseBatch", "TaskInterrupted")]


def test_a_task_whose_heartbeat_is_rejected_leaves_its_signals(
    monkeypatch: pytest.MonkeyPatch, written: Signals, ended: list[int]
) -> None:
    end_in_work(monkeypatch, FakeCallback(rejected=TaskTokenRejected("over")), ended)
    assert ended == [TOKEN_REJECTED]
    assert (written.last_lines[:1], written.metrics) == ([("state failed", "TaskTokenRejected")], FAILED_CALL)
    assert written.spans == [("AnalyseBatch", "TaskTokenRejected")]


def test_a_request_to_stop_after_the_work_is_done_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, written: Signals, ended: list[int]
) -> None:
    class Callback(FakeCallback):
        def succeed(self, output: Contract) -> None:
            signal.raise_signal(signal.SIGTERM)
            super().succeed(output)

    callback = Callback()
    working(monkeypatch, OUTPUT)
    monkeypatch.setattr(fargate_task, "Interruption", partial(Interruption, grace_seconds=0))
    assert (batch(callback), callback.outputs, callback.failures, ended) == (DONE, [OUTPUT], [], [])
    monkeypatch.setattr(StateCall, "end", lambda *_: signal.raise_signal(signal.SIGTERM))
    assert perform(SESSION_ID, fake_ports(), settings("Scan"), None) == DONE
    assert [message for message, _ in written.last_lines] == ["state done"] * 2

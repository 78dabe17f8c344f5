"""The Fargate shell answers the token whatever happens, and its exit code tells the truth."""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from pydantic_ai.messages import ModelResponse
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.models.function import FunctionModel

from agents.contracts.base import Contract
from agents.contracts.states import AnalyseBatchOutput
from agents.errors import ArchiveCorrupt, SessionUnknown, TaskInterrupted, TaskTokenRejected
from agents.models.event_loop import wait_for
from agents.models.metered import Budget, MeteredModel
from agents.models.prices import TokenPrice
from agents.settings import TRACE_FOLDER_VARIABLE
from agents.shells import fargate_task, heartbeat, interruption
from agents.shells.fargate_task import DONE, FAILED, perform
from agents.shells.heartbeat import TOKEN_REJECTED, Heartbeat, interval_seconds
from agents.shells.interruption import INTERRUPTED, Interruption
from agents.shells.signals import StateCall
from agents.shells.states import Pause
from tests.agents.fakes import SESSION_ID, FakeCallback, FakePorts, fake_ports, running_session, settings
from tests.agents.models.over_http.asked import WrittenLedger
from tests.agents.waiting import wait_until

POINTER = f"{SESSION_ID}/b00000"
OUTPUT = AnalyseBatchOutput(batch_id="b00000", analysed=1, gaps=0)


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The codes that would have ended the process."""
    codes: list[int] = []
    monkeypatch.setattr(heartbeat, "end_at_once", codes.append)
    monkeypatch.setattr(interruption, "end_at_once", codes.append)
    return codes


def working(
    monkeypatch: pytest.MonkeyPatch, result: AnalyseBatchOutput | Exception, callback: FakeCallback | None = None
) -> None:
    """The state's work, which takes until the callback has had a beat."""

    def run_state(*_: object) -> AnalyseBatchOutput:
        if callback is not None:
            wait_until(lambda: callback.beats > 0)
        if isinstance(result, Exception):
            raise result
        return result

    monkeypatch.setattr(fargate_task, "run_state", run_state)


def ignore(_: Exception) -> None:
    """Writes no signals."""


def batch(callback: FakeCallback | None) -> int:
    return perform(POINTER, fake_ports(), settings("AnalyseBatch"), callback)


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


def test_a_finished_batch_answers_its_token(monkeypatch: pytest.MonkeyPatch) -> None:
    callback = FakeCallback()
    working(monkeypatch, OUTPUT, callback)
    assert batch(callback) == DONE
    assert (callback.outputs, callback.failures, callback.beats) == ([OUTPUT], [], 1)


@pytest.mark.parametrize(
    ("state", "pointer", "batch"),
    [("AnalyseBatch", POINTER, "b00000"), ("Edit", f"{SESSION_ID}/2", ""), ("Scan", SESSION_ID, "")],
)
def test_only_what_is_a_batch_is_logged_as_one(state: str, pointer: str, batch: str) -> None:
    assert fargate_task._context(state, pointer) == {"session_id": SESSION_ID, "batch_id": batch}


def test_without_a_token_the_exit_code_answers(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    working(monkeypatch, ArchiveCorrupt("demo.zip\nis broken"))
    assert perform(SESSION_ID, fake_ports(), settings("Scan"), None) == FAILED
    assert capsys.readouterr().err == "ArchiveCorrupt: demo.zip is broken\n"


def test_a_scan_without_a_token_runs_and_ends_well(monkeypatch: pytest.MonkeyPatch) -> None:
    ports: FakePorts = fake_ports()
    ports.store.sessions[SESSION_ID] = running_session()
    working(monkeypatch, OUTPUT)
    assert perform(SESSION_ID, ports, settings("Scan"), None) == DONE


@pytest.mark.parametrize(
    ("error", "name", "code"),
    [
        (ArchiveCorrupt("broken"), "ArchiveCorrupt", FAILED),
        (ValueError("surprise"), "ValueError", FAILED),
        (SessionUnknown("s"), "RuntimeError", FAILED),
        (TaskInterrupted("stopped"), "TaskInterrupted", INTERRUPTED),
    ],
)
def test_an_error_answers_the_token_by_its_class_name(
    monkeypatch: pytest.MonkeyPatch, error: Exception, name: str, code: int
) -> None:
    working(monkeypatch, error)
    callback = FakeCallback()
    assert batch(callback) == code
    assert callback.failures == [(name, str(error))]


def test_a_request_that_cannot_be_read_answers_the_token_too() -> None:
    callback = FakeCallback()
    assert perform("nonsense", fake_ports(), settings("AnalyseBatch"), callback) == FAILED
    assert callback.failures[0][0] == "ValidationError"


def test_an_answer_that_nobody_waits_for_has_a_code_of_its_own(
    monkeypatch: pytest.MonkeyPatch, ended: list[int]
) -> None:
    working(monkeypatch, OUTPUT)
    callback = FakeCallback(rejected=TaskTokenRejected("late"))
    assert batch(callback) == TOKEN_REJECTED
    working(monkeypatch, ValueError("x"))
    assert batch(callback) == TOKEN_REJECTED
    assert set(ended) <= {TOKEN_REJECTED}


def test_a_rejected_heartbeat_ends_the_process_at_once(ended: list[int]) -> None:
    with Heartbeat(FakeCallback(rejected=TaskTokenRejected("over")), 0.01, ignore):
        wait_until(lambda: bool(ended))
    assert ended == [TOKEN_REJECTED]


def test_a_heartbeat_that_did_not_get_through_is_followed_by_another() -> None:
    class Flaky(FakeCallback):
        def beat(self) -> None:
            super().beat()
            if self.beats == 1:
                raise ConnectionResetError

    callback = Flaky()
    with Heartbeat(callback, 0.01, ignore):
        wait_until(lambda: callback.beats >= 2)
    assert callback.beats >= 2


def test_sigterm_stops_the_work_between_two_files(monkeypatch: pytest.MonkeyPatch) -> None:
    files: list[int] = []

    def run_state(_state: str, _request: object, _ports: object, _settings: object, pause: Pause) -> AnalyseBatchOutput:
        while True:
            pause()
            files.append(1)
            if len(files) == 3:
                signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(fargate_task, "run_state", run_state)
    callback = FakeCallback()
    assert batch(callback) == INTERRUPTED
    assert len(files) == 3
    assert callback.failures[0][0] == "TaskInterrupted"


def test_a_file_that_outlasts_the_grace_period_is_given_up(ended: list[int]) -> None:
    callback = FakeCallback()
    Interruption(callback, ignore, grace_seconds=0.01).ask()
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.join(2)
    assert callback.failures == [("TaskInterrupted", "the task was stopped in the middle of a file")]
    assert ended == [INTERRUPTED]


def test_a_call_of_a_file_that_is_given_up_is_settled_before_the_token_is_answered(ended: list[int]) -> None:
    ledger, asked = WrittenLedger(), threading.Event()
    settled_when_answered: list[int] = []

    class Callback(FakeCallback):
        def fail(self, error: str, cause: str) -> None:
            settled_when_answered.append(len(ledger.settled))
            super().fail(error, cause)

    async def no_answer(_: object, __: object) -> ModelResponse:
        asked.set()
        await asyncio.sleep(600)
        raise AssertionError

    def work() -> None:
        model = MeteredModel(FunctionModel(no_answer), Budget(ledger, SESSION_ID), TokenPrice(1, 1, 1, 1))
        with pytest.raises(TaskInterrupted):
            wait_for(model.request([], None, ModelRequestParameters()))

    file = threading.Thread(target=work)
    file.start()
    assert asked.wait(60)
    interruption = Interruption(Callback(), ignore, grace_seconds=0.01)
    interruption.ask()
    file.join(60)
    wait_until(lambda: bool(ended))
    assert [usd for _, usd in ledger.settled] == [ledger.held[0].usd]
    assert settled_when_answered == [1]


def test_sigterm_without_a_token_ends_the_process() -> None:
    with pytest.raises(SystemExit) as caught:
        Interruption(None, ignore).ask()
    assert caught.value.code == INTERRUPTED


def test_a_patient_state_machine_still_has_its_dead_execution_noticed_soon() -> None:
    assert (interval_seconds(30), interval_seconds(600)) == (10, 20)


def test_a_failure_without_a_token_is_left_where_the_state_machine_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    ports = fake_ports()
    ports.store.sessions[SESSION_ID] = running_session()
    working(monkeypatch, ArchiveCorrupt("broken"))
    perform(SESSION_ID, ports, settings("Scan"), None)
    assert ports.store.failures == {(SESSION_ID, running_session().execution): ("ArchiveCorrupt", "broken")}


def test_a_scan_that_is_stopped_says_so_in_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    ports = fake_ports()
    ports.store.sessions[SESSION_ID] = running_session()
    monkeypatch.setattr(fargate_task, "run_state", lambda *_: signal.raise_signal(signal.SIGTERM))
    assert perform(SESSION_ID, ports, settings("Scan"), None) == INTERRUPTED
    assert [error for error, _ in ports.store.failures.values()] == ["TaskInterrupted"]


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

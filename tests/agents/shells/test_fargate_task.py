"""The Fargate shell answers the token whatever happens, and its exit code tells the truth."""

from __future__ import annotations

import asyncio
import signal
import threading

import pytest
from pydantic_ai.messages import ModelResponse
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.models.function import FunctionModel

from agents.contracts.states import AnalyseBatchOutput
from agents.errors import ArchiveCorrupt, SessionUnknown, TaskInterrupted, TaskTokenRejected
from agents.models.event_loop import wait_for
from agents.models.metered import Budget, MeteredModel
from agents.models.prices import TokenPrice
from agents.shells import fargate_task
from agents.shells.fargate_task import DONE, FAILED, perform
from agents.shells.heartbeat import TOKEN_REJECTED, Heartbeat, interval_seconds
from agents.shells.interruption import INTERRUPTED, Interruption
from agents.shells.states import Pause
from tests.agents.fakes import SESSION_ID, FakeCallback, FakePorts, fake_ports, running_session, settings
from tests.agents.models.over_http.asked import WrittenLedger
from tests.agents.shells.fargate_batch import OUTPUT, POINTER, batch, working
from tests.agents.waiting import wait_until


def ignore(_: Exception) -> None:
    """Writes no signals."""


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

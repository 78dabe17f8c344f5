"""The Lambda shell translates, and keeps what goes into the state machine small and truthful."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import traceback
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic_ai.messages import ModelResponse
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.models.function import FunctionModel

from agents.contracts.base import Contract
from agents.contracts.draft import Verdict
from agents.contracts.snapshot import Route
from agents.contracts.states import (
    AnalyseBatchInput,
    AnalyseBatchOutput,
    CloseSessionInput,
    EditInput,
    FailSessionInput,
    PublishInput,
)
from agents.contracts.waves import WarmPromptCacheInput
from agents.errors import ArchiveUnsupported, BatchTooLong, ModelThrottled, ModelUnavailable, SessionUnknown
from agents.models.event_loop import wait_for
from agents.models.metered import Budget, MeteredModel
from agents.models.prices import TokenPrice
from agents.shells import lambda_handler, states
from agents.shells.lambda_handler import MESSAGE_LIMIT
from agents.shells.states import JsonObject, Pause
from tests.agents.fakes import EXECUTION, SESSION_ID, FakePorts, fake_ports, running_session, settings
from tests.agents.models.over_http.asked import WrittenLedger

ROOT = Path(__file__).resolve().parents[3]
EVENT: JsonObject = {"session_id": SESSION_ID, "batch_id": "b00000", "route": "lambda"}


@dataclass
class Context:
    """Lambda's context with time that a test owns; what a real one also has is for the logger."""

    left_ms: int = 900_000
    function_name: str = "analyse-batch"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn"
    aws_request_id: str = "id"

    def get_remaining_time_in_millis(self) -> int:
        return self.left_ms


@pytest.fixture
def ports(monkeypatch: pytest.MonkeyPatch) -> FakePorts:
    return wire(monkeypatch, "AnalyseBatch")


def wire(monkeypatch: pytest.MonkeyPatch, state: str) -> FakePorts:
    world = fake_ports()
    monkeypatch.setattr(lambda_handler, "wired", lambda: (settings(state), world))
    return world


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def run_state(*_: object) -> AnalyseBatchOutput:
        raise error

    monkeypatch.setattr(lambda_handler, "run_state", run_state)


def test_an_event_comes_in_as_a_contract_and_goes_out_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    ports = wire(monkeypatch, "OpenSession")
    ports.uploads.blobs["uploads/demo/a.zip"] = b"archive"
    event = {"execution": EXECUTION, "detail": {"object": {"key": "uploads/demo/a.zip", "size": 3}}}
    output = lambda_handler.handler(event, Context())
    assert (output["opening"], output["scan_route"]) == ("opened", "lambda")
    assert ports.store.session(output["session_id"]).repository == "demo"


def test_a_failed_session_is_closed_by_the_same_function(monkeypatch: pytest.MonkeyPatch) -> None:
    ports = wire(monkeypatch, "CloseSession")
    ports.store.sessions[SESSION_ID] = running_session()
    event = {
        "session_id": SESSION_ID,
        "execution": EXECUTION,
        "state": "FailSession",
        "error": "TooManyGaps",
        "cause": "x",
    }
    assert lambda_handler.handler(event, Context())["status"] == "FAILED"


@pytest.mark.parametrize(
    ("state", "own", "contract", "fields"),
    [
        ("AnalyseBatch", "AnalyseBatch", AnalyseBatchInput, {"batch_id": "b00000", "route": "lambda"}),
        ("WarmPromptCache", "AnalyseBatch", WarmPromptCacheInput, {}),
        ("CloseSession", "CloseSession", CloseSessionInput, {"execution": EXECUTION, "status": "PUBLISHED"}),
        ("FailSession", "CloseSession", FailSessionInput, {"execution": EXECUTION, "error": "E", "cause": "c"}),
    ],
)
def test_a_state_that_shares_a_function_names_itself_in_the_event(
    state: str, own: str, contract: type[Contract], fields: JsonObject
) -> None:
    event = {"session_id": SESSION_ID, **fields} | ({"state": state} if state != own else {})
    assert states.state_of_event(event, own) == state
    assert isinstance(states.request_of_event(state, event), contract)


def test_an_event_cannot_name_a_state_of_another_function() -> None:
    assert states.state_of_event({"session_id": SESSION_ID, "state": "Scan"}, "CloseSession") == "CloseSession"


def test_an_error_keeps_its_class_because_that_is_its_asl_name(monkeypatch: pytest.MonkeyPatch) -> None:
    ports = wire(monkeypatch, "OpenSession")
    event = {"execution": EXECUTION, "detail": {"object": {"key": "notes.txt", "size": 3}}}
    with pytest.raises(ArchiveUnsupported):
        lambda_handler.handler(event, Context())
    assert ports.store.sessions == {}


@pytest.mark.parametrize(
    ("error", "name"),
    [(ModelThrottled("x" * 9_000), "ModelThrottled"), (ValueError("x" * 9_000), "RuntimeError")],
)
@pytest.mark.usefixtures("ports")
def test_a_long_message_is_cut(monkeypatch: pytest.MonkeyPatch, error: Exception, name: str) -> None:
    failing(monkeypatch, error)
    with pytest.raises(type(error) if name == "ModelThrottled" else RuntimeError) as caught:
        lambda_handler.handler(EVENT, Context())
    assert caught.type.__name__ == name
    assert len(str(caught.value)) <= MESSAGE_LIMIT + len("ValueError: ")


@pytest.mark.usefixtures("ports")
def test_the_traceback_stays_in_the_log(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    failing(monkeypatch, KeyError("surprise"))
    with pytest.raises(KeyError) as caught:
        lambda_handler.handler(EVENT, Context())
    assert "run_state" not in "".join(traceback.format_exception(caught.value))
    assert "in run_state" in caplog.text


@pytest.mark.usefixtures("ports")
def test_an_internal_error_does_not_leave_under_its_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, SessionUnknown(SESSION_ID))
    with pytest.raises(RuntimeError, match="SessionUnknown"):
        lambda_handler.handler(EVENT, Context())


@pytest.mark.usefixtures("ports")
def test_the_analyst_begins_no_file_when_the_functions_time_is_nearly_up(monkeypatch: pytest.MonkeyPatch) -> None:
    context = Context()

    def run_state(_state: str, _request: object, _ports: object, _settings: object, pause: Pause) -> AnalyseBatchOutput:
        pause()
        context.left_ms = 29_000
        pause()
        raise AssertionError("went on")

    monkeypatch.setattr(lambda_handler, "run_state", run_state)
    with pytest.raises(BatchTooLong, match="29 s"):
        lambda_handler.handler(EVENT, context)


def test_a_short_function_keeps_a_fifth_of_its_time_in_reserve() -> None:
    context = Context(left_ms=5_000)
    pause = lambda_handler._pause(context)
    context.left_ms = 1_100
    pause()
    context.left_ms = 900
    with pytest.raises(BatchTooLong):
        pause()


def test_settings_and_ports_are_made_once_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    for name, value in settings("Scan").variables().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(lambda_handler, "aws_ports", lambda given: made.append(given.state))
    lambda_handler.wired.cache_clear()
    first, second = lambda_handler.wired(), lambda_handler.wired()
    lambda_handler.wired.cache_clear()
    assert first == second
    assert made == ["Scan"]


def printed(program: str, variables: dict[str, str]) -> list[str]:
    """The words that a process of this environment prints."""
    environment = {**variables, "AWS_DEFAULT_REGION": "eu-west-1"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


@pytest.mark.parametrize(("started", "loaded"), [({"AWS_LAMBDA_RUNTIME_API": "127.0.0.1:1"}, True), ({}, False)])
def test_lambda_starts_a_process_that_has_loaded_its_states_code(started: dict[str, str], loaded: bool) -> None:
    program = (
        "import sys, agents.shells.lambda_handler as shell\n"
        "print('agents.roles.scanner.run' in sys.modules, shell.wired.cache_info().currsize == 1)"
    )
    assert printed(program, {**settings("Scan").variables(), **started}) == [str(loaded), str(loaded)]


@pytest.mark.parametrize(("model", "library"), [("openai:gpt-x", "pydantic_ai.models.openai"), ("extractive", "")])
def test_a_state_that_asks_a_model_has_loaded_its_library_and_no_other(model: str, library: str) -> None:
    variables = settings("Critique", model=model, model_prices="openai:gpt-x=1/2").variables()
    program = (
        "import sys, agents.shells.lambda_handler\n"
        "print(*sorted(name for name in sys.modules if name in "
        "('pydantic_ai.models.openai', 'pydantic_ai.models.bedrock')))"
    )
    loaded = printed(program, {**variables, "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:1"})
    assert loaded == ([library] if library else [])


def test_a_pointer_is_a_request_in_the_order_of_its_contract() -> None:
    written = states.request_of_pointer("Publish", f"{SESSION_ID}/2/approved")
    assert written == PublishInput(session_id=SESSION_ID, revision=2, verdict=Verdict.APPROVED)
    assert states.request_of_pointer("Edit", f"{SESSION_ID}/0") == EditInput(session_id=SESSION_ID, previous_revision=0)


def test_a_pointer_is_a_session_or_one_of_its_batches() -> None:
    batch = states.request_of_pointer("AnalyseBatch", f"{SESSION_ID}/b00003")
    assert batch == AnalyseBatchInput(session_id=SESSION_ID, batch_id="b00003", route=Route.FARGATE)
    assert states.session_of(states.request_of_pointer("Scan", SESSION_ID)) == SESSION_ID


@pytest.mark.parametrize(("state", "error"), [("AnalyseBatch", BatchTooLong), ("Critique", ModelUnavailable)])
def test_a_call_without_an_answer_is_settled_before_the_functions_time_is_up(
    monkeypatch: pytest.MonkeyPatch, state: str, error: type[Exception]
) -> None:
    """Lambda ends a process without notice: a call that still waits then would never be settled."""
    wire(monkeypatch, state)
    ledger = WrittenLedger()

    async def no_answer(_: object, __: object) -> ModelResponse:
        await asyncio.sleep(600)
        raise AssertionError

    def run_state(*_: object) -> AnalyseBatchOutput:
        model = MeteredModel(FunctionModel(no_answer), Budget(ledger, SESSION_ID), TokenPrice(1, 1, 1, 1))
        wait_for(model.request([], None, ModelRequestParameters()))
        raise AssertionError

    monkeypatch.setattr(lambda_handler, "run_state", run_state)
    event = EVENT if state == "AnalyseBatch" else {"session_id": SESSION_ID, "revision": 1}
    with pytest.raises(error, match="time was up"):
        lambda_handler.handler(event, Context(left_ms=500))
    assert [usd for _, usd in ledger.settled] == [ledger.held[0].usd]


def test_a_state_that_is_done_in_time_leaves_no_timer_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    wire(monkeypatch, "AnalyseBatch")
    given_up: list[Exception] = []
    monkeypatch.setattr(lambda_handler, "settle_calls", given_up.append)
    monkeypatch.setattr(lambda_handler, "run_state", lambda *_: AnalyseBatchOutput(batch_id="b", analysed=1, gaps=0))
    before = set(threading.enumerate())
    lambda_handler.handler(EVENT, Context(left_ms=400))
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
    assert given_up == []


def test_a_state_that_asks_no_model_has_no_timer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "Timer", None)
    with lambda_handler._settled_in_time("OpenSession", Context()):
        pass

"""A question that the budget does not cover is answered without a model; room is waited for, and never leaked."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic_ai.messages import ModelResponse, TextPart
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.models.function import FunctionModel

from agents.contracts.usage import Usage
from agents.errors import BatchTooLong, BudgetExhausted
from agents.models import metered as metering
from agents.models.event_loop import wait_for
from agents.models.extractive.model import ExtractiveModel
from agents.models.metered import Budget, MeteredModel
from agents.models.prices import TokenPrice
from agents.ports import Answer, Question, Reservation
from agents.questions.fallback import FallbackModel
from tests.agents.models.over_http.asked import question


@dataclass
class Ledger:
    """Refuses the first `refusals` reservations."""

    refusals: int = 0
    fits_later: bool = True
    slow: threading.Event | None = None
    settled: list[float] = field(default_factory=list)
    held: int = 0

    # A fake has the port's signature.
    def reserve(self, session_id: str, usd: float, seconds: int = 900) -> Reservation:  # noqa: ARG002
        if self.refusals:
            self.refusals -= 1
            raise BudgetExhausted("full", fits_later=self.fits_later)
        self.held += 1
        return Reservation("1-a", session_id, usd, 1)

    def stop(self, session_id: str, reason: str) -> None:
        raise AssertionError(f"{session_id}: {reason}")

    def reopen(self, session_id: str) -> None:
        raise AssertionError(session_id)

    # A fake has the port's signature.
    def settle(self, reservation: Reservation, usd: float, usage: Usage | None = None) -> None:  # noqa: ARG002
        if self.slow is not None:
            assert self.slow.wait(60)
        self.settled.append(usd)

    def give_back(self, session_id: str) -> float:  # noqa: ARG002 (a fake has the port's signature)
        return 0.0

    give_back_expired = give_back


class Refusing:
    """A model that nobody can pay."""

    name = "openai:dear"

    def answer(self, asked: Question[Any]) -> Answer[Any]:  # noqa: ARG002 (a fake has the port's signature)
        raise BudgetExhausted("0.02 USD do not fit")


def ask(ledger: Ledger, answer: Any) -> Any:
    model = MeteredModel(FunctionModel(answer), Budget(ledger, "s"), TokenPrice(1, 1, 1, 1))
    return model.request([], None, ModelRequestParameters())


async def _hello(_: Any, __: Any) -> ModelResponse:
    return ModelResponse(parts=[TextPart("hello")])


def test_no_more_requests_are_with_the_model_than_slots_and_the_ledger_holds_up_none() -> None:
    ledger = Ledger(slow=threading.Event())
    with_model, most, answered = 0, 0, threading.Event()

    async def count(_: Any, __: Any) -> ModelResponse:
        nonlocal with_model, most
        with_model += 1
        most = max(most, with_model)
        await asyncio.sleep(0.01)
        with_model -= 1
        if ledger.held == 5:
            answered.set()
        return await _hello(_, __)

    slots = asyncio.Semaphore(2)

    async def ask_five() -> None:
        model = MeteredModel(FunctionModel(count), Budget(ledger, "s"), TokenPrice(1, 1, 1, 1), slots=slots)
        asked = [asyncio.ensure_future(model.request([], None, ModelRequestParameters())) for _ in range(5)]
        assert await asyncio.to_thread(answered.wait, 60)  # nothing is settled yet
        assert ledger.settled == []
        assert ledger.slow is not None
        ledger.slow.set()
        await asyncio.gather(*asked)

    wait_for(ask_five())
    assert (most, len(ledger.settled)) == (2, 5)


def test_a_question_whose_run_is_over_reserves_nothing_and_its_repair_goes_on() -> None:
    ledger, over = Ledger(), False

    def end() -> None:
        if over:
            raise BatchTooLong("no time")

    model = MeteredModel(FunctionModel(_hello), Budget(ledger, "s"), TokenPrice(1, 1, 1, 1), before_request=end)

    async def ask_twice() -> None:
        nonlocal over
        await model.request([], None, ModelRequestParameters())
        over = True
        await model.request([], None, ModelRequestParameters())
        model.spent = Usage()
        with pytest.raises(BatchTooLong):
            await model.request([], None, ModelRequestParameters())

    wait_for(ask_twice())
    assert (ledger.held, len(ledger.settled)) == (2, 2)


def test_a_request_that_is_given_up_while_it_waits_for_a_slot_reserves_nothing() -> None:
    ledger = Ledger()

    async def give_up() -> None:
        slots = asyncio.Semaphore(1)
        model = MeteredModel(FunctionModel(_hello), Budget(ledger, "s"), TokenPrice(1, 1, 1, 1), slots=slots)
        async with slots:
            asked = asyncio.ensure_future(model.request([], None, ModelRequestParameters()))
            await asyncio.sleep(0.01)
            asked.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asked
        await model.request([], None, ModelRequestParameters())

    wait_for(give_up())
    assert (ledger.held, len(ledger.settled)) == (1, 1)


def test_every_role_gets_the_extractive_answer_and_the_step_is_reported() -> None:
    steps: list[str] = []
    model = FallbackModel(Refusing(), ExtractiveModel(), (), lambda role, _: steps.append(role))
    answer = model.answer(question())
    assert answer.unpaid
    assert answer.usage == Usage()
    assert steps == [question().role]


def test_room_that_calls_on_their_way_hold_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metering, "_PAUSES", (0.001,) * 5)
    ledger = Ledger(refusals=3)
    wait_for(ask(ledger, _hello))
    assert (ledger.held, len(ledger.settled)) == (1, 1)


def test_room_that_will_not_come_is_not_waited_for() -> None:
    with pytest.raises(BudgetExhausted):
        wait_for(ask(Ledger(refusals=1, fits_later=False), _hello))


def test_waiting_for_room_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metering, "_PAUSES", (0.001,) * 3)
    with pytest.raises(BudgetExhausted):
        wait_for(ask(Ledger(refusals=99), _hello))


def test_a_call_that_is_given_up_is_settled_before_its_caller_goes_on() -> None:
    ledger, asked = Ledger(slow=threading.Event()), threading.Event()

    async def never(_: Any, __: Any) -> ModelResponse:
        asked.set()
        await asyncio.sleep(600)
        raise AssertionError

    async def interrupted() -> None:
        task = asyncio.ensure_future(ask(ledger, never))
        await asyncio.to_thread(asked.wait, 60)
        task.cancel()
        await asyncio.sleep(0.01)
        assert not task.done()
        assert ledger.slow is not None
        ledger.slow.set()
        with pytest.raises(asyncio.CancelledError):
            await task

    wait_for(interrupted())
    assert len(ledger.settled) == 1


def test_an_interrupted_wait_ends_when_its_work_has_put_away_what_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    started, put_away = threading.Event(), threading.Event()
    real = threading.Event.wait
    interrupted: list[threading.Event] = []

    async def work() -> None:
        try:
            started.set()
            await asyncio.sleep(600)
        finally:
            put_away.set()

    def wait(event: threading.Event, timeout: float | None = None) -> bool:
        if timeout is None and not interrupted:
            interrupted.append(event)
            real(started, 60)
            raise KeyboardInterrupt
        return real(event, timeout)

    wait_for(asyncio.sleep(0))  # starting the loop's thread waits for an event, too
    monkeypatch.setattr(threading.Event, "wait", wait)
    with pytest.raises(KeyboardInterrupt):
        wait_for(work())
    assert put_away.is_set()


def test_what_the_work_raises_is_raised_to_the_caller() -> None:
    async def work() -> None:
        raise BudgetExhausted("full")

    with pytest.raises(BudgetExhausted, match="full"):
        wait_for(work())

"""The budget ledger under many workers at once: they share transactions, and no number of them passes a cap."""

from __future__ import annotations

import itertools
import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from moto.dynamodb.responses import DynamoHandler

from agents.aws import group_commit, ledger_changes
from agents.aws import ledger as ledger_module
from agents.aws.ledger import LEASE_SECONDS
from agents.aws.ledger_item import NANO
from agents.contracts.usage import Usage
from agents.errors import BudgetExhausted
from agents.keys import ledger_item, ledger_shard_item
from agents.ports import Reservation
from tests.agents.aws.ledgers import NOON, SESSION, Ledgers, SetClock
from tests.agents.waiting import wait_until

#: Hypothesis tries an example more than once, and each try is a session of its own.
_EXAMPLES = itertools.count()


def test_threads_that_begin_together_supply_their_shard_once_and_take_from_it_together(
    ledger_of: Ledgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Counter[str]()

    def others_wait(action: str) -> None:
        if action == "TransactWriteItems" and asked[action] == 3:
            wait_until(lambda: len(ledger._calls._in_groups._waiting) == 11)

    monkeypatch.setattr(  # counted where all threads pass
        DynamoHandler, "call_action", _counting(asked, DynamoHandler.call_action, others_wait)
    )
    for module in (ledger_module, group_commit):
        monkeypatch.setattr(module, "_PATIENCE_SECONDS", 60.0)
    ledger, together = ledger_of(10.0, 100.0), threading.Barrier(12)

    def begin(_: int) -> Reservation:
        together.wait()
        return ledger.reserve(SESSION, 0.002)

    with ThreadPoolExecutor(12) as pool:
        held = list(pool.map(begin, range(12)))

    assert len({reservation.lease for reservation in held}) == 12
    assert ledger.session(SESSION).reserved == pytest.approx(0.024)
    # Both accounts are read and supplied once; then one thread takes its part, and meanwhile the others wait.
    assert asked["TransactWriteItems"] == 2 + 1 + 1
    assert asked["BatchGetItem"] == 2 + 1, "the last is ours"


def test_of_calls_that_end_together_one_that_was_settled_before_changes_nothing(ledger_of: Ledgers) -> None:
    ledger = ledger_of(10.0, 100.0)
    held = [ledger.reserve(SESSION, 0.1) for _ in range(12)]
    ledger.settle(held[0], 0.01, Usage(requests=1))
    together = threading.Barrier(12)

    def end(reservation: Reservation) -> None:
        together.wait()
        ledger.settle(reservation, 0.05, Usage(requests=1, input_tokens=100))

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(end, held))

    for account in (ledger.session(SESSION), ledger.day(20_000)):
        assert account.spent == pytest.approx(0.01 + 11 * 0.05)
        assert account.reserved == 0.0


def test_one_transaction_takes_a_shard_once_with_the_sum_of_its_calls() -> None:
    held = [Reservation(f"20000-{usd}-3.x{usd}", SESSION, usd / NANO, 1_728_043_260) for usd in (5, 7)]
    account = ledger_item(SESSION)
    calls = [
        ledger_changes.CallChange(
            ledger_changes.new_lease(reservation, 9),
            [ledger_changes.taking(ledger_shard_item(account, 3), reservation)],
        )
        for reservation in held
    ]

    *leases, shard = ledger_changes.together(calls)

    assert len({lease.key for lease in leases}) == 2
    assert shard.key == ledger_shard_item(account, 3)
    assert shard.values[":needed"] == {"N": "12"} and shard.values[":unreserved"] == {"N": "-12"}
    assert shard.values[":open_calls"] == {"N": "2"}


def _counting(
    asked: Counter[str], original: Callable[[Any], Any], on_count: Callable[[str], None]
) -> Callable[[Any], Any]:
    def counted(handler: Any) -> Any:
        asked[handler._get_action()] += 1
        on_count(handler._get_action())
        return original(handler)

    return counted


@settings(max_examples=2, phases=(Phase.generate,), deadline=None)
@given(seed=st.integers(0, 2**32), cap_cents=st.integers(5, 60), dies=st.floats(0, 0.3), fails=st.floats(0, 0.5))
def test_forty_workers_never_pass_the_cap_and_reserved_returns_to_zero(
    ledger_of: Ledgers, clock: SetClock, seed: int, cap_cents: int, dies: float, fails: float
) -> None:
    """Workers reserve, fail, retry, settle twice or die; the spend that really happened stays under the cap."""
    cap = cap_cents / 100
    session = f"s{next(_EXAMPLES):020d}"
    ledger = ledger_of(session_cap=cap, day_cap=1_000.0)

    def work(worker: int) -> float:
        chance = random.Random(seed * 41 + worker)  # noqa: S311 (which call fails, no secret)
        spent = 0.0
        for _ in range(2):
            most = chance.uniform(0.001, 0.03)
            try:
                held = ledger.reserve(session, most)
            except BudgetExhausted:
                continue
            drawn = chance.random()
            if drawn < dies:
                continue
            cost = 0.0 if drawn < dies + fails else chance.uniform(0, most)
            spent += cost
            for _ in range(chance.choice((1, 1, 2))):
                ledger.settle(held, cost)
        return spent

    with ThreadPoolExecutor(40) as pool:
        spent = sum(pool.map(work, range(40)))
    status = ledger.session(session)
    assert status.spent == pytest.approx(spent, abs=1e-6)
    assert status.spent + status.reserved <= cap + 1e-9
    clock.at += LEASE_SECONDS + 61
    ledger.settle(ledger.reserve(session, 0.0), 0.0)
    status = ledger.session(session)
    assert status.spent == pytest.approx(spent, abs=1e-6)
    assert status.reserved == 0.0
    clock.at = NOON


@settings(max_examples=3)
@given(seed=st.integers(0, 2**32))
def test_whatever_workers_do_while_their_session_is_cancelled_reserved_returns_to_zero_and_spent_is_true(
    ledger_of: Ledgers, seed: int
) -> None:
    session, ledger = f"s{next(_EXAMPLES):020d}", ledger_of(session_cap=100.0, day_cap=10_000.0)
    before = ledger.day(20_000)

    def work(worker: int) -> float:
        chance = random.Random(seed * 17 + worker)  # noqa: S311 (which call fails, no secret)
        spent = 0.0
        for _ in range(3):
            held = ledger.reserve(session, 0.02)
            if chance.random() < 0.3:
                continue  # died
            cost = chance.choice((0.0, 0.01, 0.02))
            spent += cost
            for _ in range(chance.choice((1, 2))):
                ledger.settle(held, cost)
        return spent

    with ThreadPoolExecutor(9) as pool:
        workers = [pool.submit(work, number) for number in range(8)]
        cancelling = [pool.submit(ledger.give_back, session) for _ in range(3)]
        spent = sum(one.result() for one in workers)
        for one in cancelling:
            one.result()
    ledger.give_back(session)
    assert ledger.session(session) == pytest.approx((spent, 0.0), abs=1e-9)
    assert ledger.day(20_000).reserved == pytest.approx(before.reserved, abs=1e-9)
    assert ledger.day(20_000).spent == pytest.approx(before.spent + spent, abs=1e-9)
    assert ledger.give_back(session) == 0.0

"""The budget ledger: no number of workers passes a cap, and what is held back always comes back."""

from __future__ import annotations

import itertools
import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from moto.dynamodb.responses import DynamoHandler

from agents.aws import group_commit, ledger_changes
from agents.aws import ledger as ledger_module
from agents.aws.items import ContextTable
from agents.aws.ledger import LEASE_SECONDS, DynamoDbLedger
from agents.aws.ledger_item import NANO
from agents.aws.ledger_reading import read_spending
from agents.contracts.usage import Spending, Usage
from agents.errors import BudgetExhausted, CallOverspent
from agents.keys import day_ledger_item, ledger_item, ledger_shard_item
from agents.ports import Reservation
from tests.agents.waiting import wait_until

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_SESSION = "s" + "0" * 20
_OTHER = "s" + "1" * 20
#: Hypothesis tries an example more than once, and each try is a session of its own.
_EXAMPLES = itertools.count()
_NOON = 20_000 * 86_400 + 43_200


@dataclass
class SetClock:
    """A clock that stands where it is put."""

    at: float = _NOON

    def now(self) -> float:
        return self.at


@pytest.fixture(autouse=True)
def one_request_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """moto reads, changes and writes an item without a lock; DynamoDB does not (local/moto/repairs/dynamodb.py)."""
    lock, original = threading.RLock(), DynamoHandler.call_action

    def locked(handler: Any) -> Any:
        with lock:
            return original(handler)

    monkeypatch.setattr(DynamoHandler, "call_action", locked)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


Ledgers = Callable[..., DynamoDbLedger]


@pytest.fixture
def ledger_of(dynamodb: DynamoDBClient, clock: SetClock) -> Ledgers:
    def make(session_cap: float = 1.0, day_cap: float = 10.0) -> DynamoDbLedger:
        return DynamoDbLedger(dynamodb, "context", clock, "test", (session_cap, day_cap))

    return make


def test_a_settled_call_leaves_its_cost_and_nothing_reserved(ledger_of: Ledgers) -> None:
    ledger = ledger_of()
    held = ledger.reserve(_SESSION, 0.4)
    assert ledger.session(_SESSION) == (0.0, 0.4)
    ledger.settle(held, 0.1)
    assert ledger.session(_SESSION) == (0.1, 0.0)
    assert ledger.day(20_000) == (0.1, 0.0)


def test_a_call_that_does_not_fit_is_not_made_and_says_what_is_left(ledger_of: Ledgers) -> None:
    ledger = ledger_of()
    ledger.settle(ledger.reserve(_SESSION, 0.7), 0.7)
    with pytest.raises(BudgetExhausted, match=r"0\.7000 spent .* of 1\.00"):
        ledger.reserve(_SESSION, 0.31)
    assert ledger.reserve(_SESSION, 0.3).usd == 0.3


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
        return ledger.reserve(_SESSION, 0.002)

    with ThreadPoolExecutor(12) as pool:
        held = list(pool.map(begin, range(12)))

    assert len({reservation.lease for reservation in held}) == 12
    assert ledger.session(_SESSION).reserved == pytest.approx(0.024)
    # Both accounts are read and supplied once; then one thread takes its part, and meanwhile the others wait.
    assert asked["TransactWriteItems"] == 2 + 1 + 1
    assert asked["BatchGetItem"] == 2 + 1, "the last is ours"


def test_of_calls_that_end_together_one_that_was_settled_before_changes_nothing(ledger_of: Ledgers) -> None:
    ledger = ledger_of(10.0, 100.0)
    held = [ledger.reserve(_SESSION, 0.1) for _ in range(12)]
    ledger.settle(held[0], 0.01, Usage(requests=1))
    together = threading.Barrier(12)

    def end(reservation: Reservation) -> None:
        together.wait()
        ledger.settle(reservation, 0.05, Usage(requests=1, input_tokens=100))

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(end, held))

    for account in (ledger.session(_SESSION), ledger.day(20_000)):
        assert account.spent == pytest.approx(0.01 + 11 * 0.05)
        assert account.reserved == 0.0


def test_one_transaction_takes_a_shard_once_with_the_sum_of_its_calls() -> None:
    held = [Reservation(f"20000-{usd}-3.x{usd}", _SESSION, usd / NANO, 1_728_043_260) for usd in (5, 7)]
    account = ledger_item(_SESSION)
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


def test_a_call_dearer_than_the_whole_cap_is_refused_at_once(ledger_of: Ledgers) -> None:
    with pytest.raises(BudgetExhausted):
        ledger_of().reserve(_SESSION, 1.01)


def test_a_cap_of_nothing_still_lets_free_calls_through(ledger_of: Ledgers) -> None:
    ledger = ledger_of(session_cap=0.0, day_cap=0.0)
    ledger.settle(ledger.reserve(_SESSION, 0.0), 0.0)
    with pytest.raises(BudgetExhausted):
        ledger.reserve(_SESSION, 0.000001)


def test_the_days_cap_holds_across_sessions_and_gives_the_session_its_part_back(ledger_of: Ledgers) -> None:
    ledger = ledger_of(session_cap=1.0, day_cap=1.5)
    ledger.settle(ledger.reserve(_SESSION, 1.0), 1.0)
    with pytest.raises(BudgetExhausted, match="environment test"):
        ledger.reserve(_OTHER, 0.6)
    assert ledger.session(_OTHER) == (0.0, 0.0)


def test_a_new_day_has_a_new_cap(ledger_of: Ledgers, clock: SetClock) -> None:
    ledger = ledger_of(session_cap=5.0, day_cap=1.0)
    ledger.settle(ledger.reserve(_SESSION, 1.0), 1.0)
    clock.at += 86_400
    assert ledger.reserve(_SESSION, 1.0).usd == 1.0


def test_a_call_that_began_before_midnight_is_settled_on_its_own_day(ledger_of: Ledgers, clock: SetClock) -> None:
    ledger = ledger_of()
    clock.at = 20_001 * 86_400 - 1
    held = ledger.reserve(_SESSION, 0.5)
    clock.at += 2
    ledger.settle(held, 0.2)
    assert ledger.day(20_000) == (0.2, 0.0)
    assert ledger.day(20_001) == (0.0, 0.0)


def test_a_dead_workers_reservation_comes_back_when_its_lease_is_over(ledger_of: Ledgers, clock: SetClock) -> None:
    ledger = ledger_of()
    ledger.reserve(_SESSION, 0.9)
    with pytest.raises(BudgetExhausted):
        ledger.reserve(_SESSION, 0.9)
    clock.at += LEASE_SECONDS + 61
    assert ledger.session(_SESSION).reserved == 0.0
    assert ledger.reserve(_SESSION, 0.9).usd == 0.9


def test_what_a_job_holds_stays_held_for_as_long_as_it_was_asked_for(ledger_of: Ledgers, clock: SetClock) -> None:
    ledger = ledger_of()
    job = ledger.reserve(_SESSION, 0.9, 4 * LEASE_SECONDS)
    clock.at += LEASE_SECONDS + 61
    with pytest.raises(BudgetExhausted):
        ledger.reserve(_SESSION, 0.9)
    ledger.settle(job, 0.2)
    assert ledger.session(_SESSION) == pytest.approx((0.2, 0.0))


def test_a_settlement_after_its_lease_still_counts_what_was_spent(ledger_of: Ledgers, clock: SetClock) -> None:
    ledger = ledger_of()
    late = ledger.reserve(_SESSION, 0.9)
    clock.at += LEASE_SECONDS + 61
    ledger.settle(ledger.reserve(_SESSION, 0.2), 0.1)
    ledger.settle(late, 0.3)
    assert ledger.session(_SESSION) == pytest.approx((0.4, 0.0))


def test_settling_twice_counts_once(ledger_of: Ledgers) -> None:
    ledger = ledger_of()
    held, other = ledger.reserve(_SESSION, 0.3), ledger.reserve(_SESSION, 0.3)
    ledger.settle(held, 0.1)
    ledger.settle(held, 0.1)
    assert ledger.session(_SESSION) == pytest.approx((0.1, 0.3))
    ledger.settle(other, 0.0)
    assert ledger.session(_SESSION) == pytest.approx((0.1, 0.0))


def test_a_dead_sessions_reservations_are_given_back_at_once_and_no_others(ledger_of: Ledgers, clock: SetClock) -> None:
    ledger = ledger_of()
    for _ in range(3):
        ledger.reserve(_SESSION, 0.2)
        clock.at += 70  # another minute, another attribute
    ledger.reserve(_OTHER, 0.3)
    assert ledger.give_back(_SESSION) == pytest.approx(0.6)
    assert ledger.session(_SESSION) == (0.0, 0.0)
    assert ledger.session(_OTHER) == (0.0, 0.3)
    assert ledger.day(20_000) == pytest.approx((0.0, 0.3))
    assert ledger.reserve(_SESSION, 1.0).usd == 1.0


def test_giving_back_twice_and_after_the_lease_gives_nothing_twice(ledger_of: Ledgers, clock: SetClock) -> None:
    ledger = ledger_of()
    ledger.reserve(_SESSION, 0.9)
    assert (ledger.give_back(_SESSION), ledger.give_back(_SESSION)) == (0.9, 0.0)
    clock.at += LEASE_SECONDS + 61
    assert ledger.reserve(_SESSION, 1.0).usd == 1.0  # not more than the cap: nothing was given back a second time
    with pytest.raises(BudgetExhausted):
        ledger.reserve(_SESSION, 0.1)


@pytest.mark.parametrize("late", [0, LEASE_SECONDS + 61], ids=["before the lease ends", "after it"])
def test_a_call_under_way_when_its_session_is_cancelled_counts_once_when_it_is_settled(
    ledger_of: Ledgers, clock: SetClock, late: float
) -> None:
    ledger = ledger_of()
    under_way = ledger.reserve(_SESSION, 0.5)
    ledger.give_back(_SESSION)
    clock.at += late
    ledger.settle(under_way, 0.2)
    if not late:
        ledger.settle(under_way, 0.2)
    assert ledger.session(_SESSION) == pytest.approx((0.2, 0.0))
    assert ledger.day(20_000) == pytest.approx((0.2, 0.0))


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
    clock.at = _NOON


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


def _old_item(lease: str, minute: int, most: int) -> dict[str, Any]:
    """An account as version 1 left it: half a dollar settled, and a call in flight."""
    return {
        "total": {"N": str(most + 500_000_000)},
        "spent": {"N": "500000000"},
        "requests": {"N": "3"},
        f"held_{minute}": {"N": str(most)},
        f"leases_{minute}": {"SS": [lease]},
    }


def test_what_version_1_spent_and_reserved_counts_and_its_calls_are_settled(
    ledger_of: Ledgers, dynamodb: DynamoDBClient
) -> None:
    lease, minute = "20000-300000000-12-ab_cd", _NOON + 900
    for key in (ledger_item(_SESSION), day_ledger_item("test", 20_000)):
        item = {"pk": {"S": key.pk}, "sk": {"S": key.sk}, **_old_item(lease, minute, 300_000_000)}
        dynamodb.put_item(TableName="context", Item=item)
    ledger = ledger_of()
    assert ledger.session(_SESSION) == pytest.approx((0.5, 0.3))
    with pytest.raises(BudgetExhausted):
        ledger.reserve(_SESSION, 0.21)
    ledger.settle(ledger.reserve(_SESSION, 0.2), 0.1)
    old = Reservation(lease, _SESSION, 0.3, minute)
    ledger.settle(old, 0.05)
    ledger.settle(old, 0.05)
    assert ledger.session(_SESSION) == pytest.approx((0.65, 0.0))
    assert ledger.reserve(_SESSION, 0.35).usd == 0.35
    with pytest.raises(BudgetExhausted):
        ledger.reserve(_SESSION, 0.01)


def test_expired_leases_of_a_session_are_given_back_and_live_ones_stay(ledger_of: Ledgers, clock: SetClock) -> None:
    ledger = ledger_of()
    ledger.reserve(_SESSION, 0.3)
    clock.at += LEASE_SECONDS + 61
    ledger.reserve(_SESSION, 0.2)
    assert (ledger.give_back_expired(_SESSION), ledger.give_back_expired(_SESSION)) == (0.3, 0.0)
    assert ledger.day(20_000) == pytest.approx((0.0, 0.2))


def test_a_lowered_cap_takes_back_what_was_granted_and_is_free(ledger_of: Ledgers) -> None:
    ledger_of(session_cap=9.0).settle(ledger_of(session_cap=9.0).reserve(_SESSION, 0.5), 0.5)
    with pytest.raises(BudgetExhausted):
        ledger_of(session_cap=0.6).reserve(_SESSION, 8.0)
    for _ in range(3):
        with pytest.raises(BudgetExhausted):
            ledger_of(session_cap=0.6).reserve(_SESSION, 0.11)


def test_a_refusal_says_whether_room_may_come_when_calls_on_their_way_are_settled(ledger_of: Ledgers) -> None:
    ledger = ledger_of()
    held = ledger.reserve(_SESSION, 0.9)
    with pytest.raises(BudgetExhausted) as refused:
        ledger.reserve(_SESSION, 0.5)
    assert refused.value.fits_later
    ledger.settle(held, 0.8)
    with pytest.raises(BudgetExhausted) as refused:
        ledger.reserve(_SESSION, 0.5)
    assert not refused.value.fits_later


def test_a_session_that_was_stopped_reserves_nothing_more_and_says_why(ledger_of: Ledgers) -> None:
    ledger = ledger_of()
    under_way = ledger.reserve(_SESSION, 0.1)
    ledger.stop(_SESSION, "openai:stub billed 15 USD")
    for usd in (0.0, 0.1):
        with pytest.raises(CallOverspent, match="billed 15 USD"):
            ledger.reserve(_SESSION, usd)
    assert ledger.reserve(_OTHER, 0.1).usd == 0.1, "the others go on"
    ledger.settle(under_way, 0.05)
    assert ledger.session(_SESSION) == pytest.approx((0.05, 0.0)), "what was in flight still counts"
    ledger.reopen(_SESSION)
    assert ledger.reserve(_SESSION, 0.1).usd == 0.1


def test_what_nobody_settled_is_named_as_such_until_somebody_does(
    ledger_of: Ledgers, dynamodb: DynamoDBClient, clock: SetClock
) -> None:
    def spending() -> Spending:
        table = ContextTable(dynamodb, "context")
        return read_spending(_SESSION, table.get_many, table.query, clock.at)

    ledger = ledger_of()
    lost = ledger.reserve(_SESSION, 0.3)
    assert (spending().in_flight_requests, spending().unsettled_requests) == (1, 0)
    clock.at += LEASE_SECONDS + 61
    assert (spending().in_flight_requests, spending().unsettled_requests) == (0, 1), "before anybody gave it back"
    ledger.settle(ledger.reserve(_SESSION, 0.2), 0.1, Usage(requests=1, usd=0.1))
    assert (spending().settled.usd, spending().unsettled_usd) == pytest.approx((0.1, 0.3)), "and after"
    ledger.settle(lost, 0.25, Usage(requests=1, usd=0.25))
    assert spending().settled.usd == pytest.approx(0.35)
    assert spending().settled.requests == 2
    assert (spending().unsettled_requests, spending().unsettled_usd) == (0, 0.0)

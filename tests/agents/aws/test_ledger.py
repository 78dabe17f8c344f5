"""The budget ledger: no number of workers passes a cap, and what is held back always comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from agents.aws.items import ContextTable
from agents.aws.ledger import LEASE_SECONDS
from agents.aws.ledger_reading import read_spending
from agents.contracts.usage import Spending, Usage
from agents.errors import BudgetExhausted, CallOverspent
from agents.keys import day_ledger_item, ledger_item
from agents.ports import Reservation
from tests.agents.aws.ledgers import NOON, SESSION, Ledgers, SetClock

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_OTHER = "s" + "1" * 20


def test_a_settled_call_leaves_its_cost_and_nothing_reserved(ledger_of: Ledgers) -> None:
    ledger = ledger_of()
    held = ledger.reserve(SESSION, 0.4)
    assert ledger.session(SESSION) == (0.0, 0.4)
    ledger.settle(held, 0.1)
    assert ledger.session(SESSION) == (0.1, 0.0)
    assert ledger.day(20_000) == (0.1, 0.0)


def test_a_call_that_does_not_fit_is_not_made_and_says_what_is_left(ledger_of: Ledgers) -> None:
    ledger = ledger_of()
    ledger.settle(ledger.reserve(SESSION, 0.7), 0.7)
    with pytest.raises(BudgetExhausted, match=r"0\.7000 spent .* of 1\.00"):
        ledger.reserve(SESSION, 0.31)
    assert ledger.reserve(SESSION, 0.3).usd == 0.3


def test_a_call_dearer_than_the_whole_cap_is_refused_at_once(ledger_of: Ledgers) -> None:
    with pytest.raises(BudgetExhausted):
        ledger_of().reserve(SESSION, 1.01)


def test_a_cap_of_nothing_still_lets_free_calls_through(ledger_of: Ledgers) -> None:
    ledger = ledger_of(session_cap=0.0, day_cap=0.0)
    ledger.settle(ledger.reserve(SESSION, 0.0), 0.0)
    with pytest.raises(BudgetExhausted):
        ledger.reserve(SESSION, 0.000001)


def test_the_days_cap_holds_across_sessions_and_gives_the_session_its_part_back(ledger_of: Ledgers) -> None:
    ledger = ledger_of(session_cap=1.0, day_cap=1.5)
    ledger.settle(ledger.reserve(SESSION, 1.0), 1.0)
    with pytest.raises(BudgetExhausted, match="environment test"):
        ledger.reserve(_OTHER, 0.6)
    assert ledger.session(_OTHER) == (0.0, 0.0)


def test_a_new_day_has_a_new_cap(ledger_of: Ledgers, clock: SetClock) -> None:
    ledger = ledger_of(session_cap=5.0, day_cap=1.0)
    ledger.settle(ledger.reserve(SESSION, 1.0), 1.0)
    clock.at += 86_400
    assert ledger.reserve(SESSION, 1.0).usd == 1.0


def test_a_call_that_began_before_midnight_is_settled_on_its_own_day(ledger_of: Ledgers, clock: SetClock) -> None:
    ledger = ledger_of()
    clock.at = 20_001 * 86_400 - 1
    held = ledger.reserve(SESSION, 0.5)
    clock.at += 2
    ledger.settle(held, 0.2)
    assert ledger.day(20_000) == (0.2, 0.0)
    assert ledger.day(20_001) == (0.0, 0.0)


def test_a_dead_workers_reservation_comes_back_when_its_lease_is_over(ledger_of: Ledgers, clock: SetClock) -> None:
    ledger = ledger_of()
    ledger.reserve(SESSION, 0.9)
    with pytest.raises(BudgetExhausted):
        ledger.reserve(SESSION, 0.9)
    clock.at += LEASE_SECONDS + 61
    assert ledger.session(SESSION).reserved == 0.0
    assert ledger.reserve(SESSION, 0.9).usd == 0.9


def test_what_a_job_holds_stays_held_for_as_long_as_it_was_asked_for(ledger_of: Ledgers, clock: SetClock) -> None:
    ledger = ledger_of()
    job = ledger.reserve(SESSION, 0.9, 4 * LEASE_SECONDS)
    clock.at += LEASE_SECONDS + 61
    with pytest.raises(BudgetExhausted):
        ledger.reserve(SESSION, 0.9)
    ledger.settle(job, 0.2)
    assert ledger.session(SESSION) == pytest.approx((0.2, 0.0))


def test_a_settlement_after_its_lease_still_counts_what_was_spent(ledger_of: Ledgers, clock: SetClock) -> None:
    ledger = ledger_of()
    late = ledger.reserve(SESSION, 0.9)
    clock.at += LEASE_SECONDS + 61
    ledger.settle(ledger.reserve(SESSION, 0.2), 0.1)
    ledger.settle(late, 0.3)
    assert ledger.session(SESSION) == pytest.approx((0.4, 0.0))


def test_settling_twice_counts_once(ledger_of: Ledgers) -> None:
    ledger = ledger_of()
    held, other = ledger.reserve(SESSION, 0.3), ledger.reserve(SESSION, 0.3)
    ledger.settle(held, 0.1)
    ledger.settle(held, 0.1)
    assert ledger.session(SESSION) == pytest.approx((0.1, 0.3))
    ledger.settle(other, 0.0)
    assert ledger.session(SESSION) == pytest.approx((0.1, 0.0))


def test_a_dead_sessions_reservations_are_given_back_at_once_and_no_others(ledger_of: Ledgers, clock: SetClock) -> None:
    ledger = ledger_of()
    for _ in range(3):
        ledger.reserve(SESSION, 0.2)
        clock.at += 70  # another minute, another attribute
    ledger.reserve(_OTHER, 0.3)
    assert ledger.give_back(SESSION) == pytest.approx(0.6)
    assert ledger.session(SESSION) == (0.0, 0.0)
    assert ledger.session(_OTHER) == (0.0, 0.3)
    assert ledger.day(20_000) == pytest.approx((0.0, 0.3))
    assert ledger.reserve(SESSION, 1.0).usd == 1.0


def test_giving_back_twice_and_after_the_lease_gives_nothing_twice(ledger_of: Ledgers, clock: SetClock) -> None:
    ledger = ledger_of()
    ledger.reserve(SESSION, 0.9)
    assert (ledger.give_back(SESSION), ledger.give_back(SESSION)) == (0.9, 0.0)
    clock.at += LEASE_SECONDS + 61
    assert ledger.reserve(SESSION, 1.0).usd == 1.0  # not more than the cap: nothing was given back a second time
    with pytest.raises(BudgetExhausted):
        ledger.reserve(SESSION, 0.1)


@pytest.mark.parametrize("late", [0, LEASE_SECONDS + 61], ids=["before the lease ends", "after it"])
def test_a_call_under_way_when_its_session_is_cancelled_counts_once_when_it_is_settled(
    ledger_of: Ledgers, clock: SetClock, late: float
) -> None:
    ledger = ledger_of()
    under_way = ledger.reserve(SESSION, 0.5)
    ledger.give_back(SESSION)
    clock.at += late
    ledger.settle(under_way, 0.2)
    if not late:
        ledger.settle(under_way, 0.2)
    assert ledger.session(SESSION) == pytest.approx((0.2, 0.0))
    assert ledger.day(20_000) == pytest.approx((0.2, 0.0))


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
    lease, minute = "20000-300000000-12-ab_cd", NOON + 900
    for key in (ledger_item(SESSION), day_ledger_item("test", 20_000)):
        item = {"pk": {"S": key.pk}, "sk": {"S": key.sk}, **_old_item(lease, minute, 300_000_000)}
        dynamodb.put_item(TableName="context", Item=item)
    ledger = ledger_of()
    assert ledger.session(SESSION) == pytest.approx((0.5, 0.3))
    with pytest.raises(BudgetExhausted):
        ledger.reserve(SESSION, 0.21)
    ledger.settle(ledger.reserve(SESSION, 0.2), 0.1)
    old = Reservation(lease, SESSION, 0.3, minute)
    ledger.settle(old, 0.05)
    ledger.settle(old, 0.05)
    assert ledger.session(SESSION) == pytest.approx((0.65, 0.0))
    assert ledger.reserve(SESSION, 0.35).usd == 0.35
    with pytest.raises(BudgetExhausted):
        ledger.reserve(SESSION, 0.01)


def test_expired_leases_of_a_session_are_given_back_and_live_ones_stay(ledger_of: Ledgers, clock: SetClock) -> None:
    ledger = ledger_of()
    ledger.reserve(SESSION, 0.3)
    clock.at += LEASE_SECONDS + 61
    ledger.reserve(SESSION, 0.2)
    assert (ledger.give_back_expired(SESSION), ledger.give_back_expired(SESSION)) == (0.3, 0.0)
    assert ledger.day(20_000) == pytest.approx((0.0, 0.2))


def test_a_lowered_cap_takes_back_what_was_granted_and_is_free(ledger_of: Ledgers) -> None:
    ledger_of(session_cap=9.0).settle(ledger_of(session_cap=9.0).reserve(SESSION, 0.5), 0.5)
    with pytest.raises(BudgetExhausted):
        ledger_of(session_cap=0.6).reserve(SESSION, 8.0)
    for _ in range(3):
        with pytest.raises(BudgetExhausted):
            ledger_of(session_cap=0.6).reserve(SESSION, 0.11)


def test_a_refusal_says_whether_room_may_come_when_calls_on_their_way_are_settled(ledger_of: Ledgers) -> None:
    ledger = ledger_of()
    held = ledger.reserve(SESSION, 0.9)
    with pytest.raises(BudgetExhausted) as refused:
        ledger.reserve(SESSION, 0.5)
    assert refused.value.fits_later
    ledger.settle(held, 0.8)
    with pytest.raises(BudgetExhausted) as refused:
        ledger.reserve(SESSION, 0.5)
    assert not refused.value.fits_later


def test_a_session_that_was_stopped_reserves_nothing_more_and_says_why(ledger_of: Ledgers) -> None:
    ledger = ledger_of()
    under_way = ledger.reserve(SESSION, 0.1)
    ledger.stop(SESSION, "openai:stub billed 15 USD")
    for usd in (0.0, 0.1):
        with pytest.raises(CallOverspent, match="billed 15 USD"):
            ledger.reserve(SESSION, usd)
    assert ledger.reserve(_OTHER, 0.1).usd == 0.1, "the others go on"
    ledger.settle(under_way, 0.05)
    assert ledger.session(SESSION) == pytest.approx((0.05, 0.0)), "what was in flight still counts"
    ledger.reopen(SESSION)
    assert ledger.reserve(SESSION, 0.1).usd == 0.1


def test_what_nobody_settled_is_named_as_such_until_somebody_does(
    ledger_of: Ledgers, dynamodb: DynamoDBClient, clock: SetClock
) -> None:
    def spending() -> Spending:
        table = ContextTable(dynamodb, "context")
        return read_spending(SESSION, table.get_many, table.query, clock.at)

    ledger = ledger_of()
    lost = ledger.reserve(SESSION, 0.3)
    assert (spending().in_flight_requests, spending().unsettled_requests) == (1, 0)
    clock.at += LEASE_SECONDS + 61
    assert (spending().in_flight_requests, spending().unsettled_requests) == (0, 1), "before anybody gave it back"
    ledger.settle(ledger.reserve(SESSION, 0.2), 0.1, Usage(requests=1, usd=0.1))
    assert (spending().settled.usd, spending().unsettled_usd) == pytest.approx((0.1, 0.3)), "and after"
    ledger.settle(lost, 0.25, Usage(requests=1, usd=0.25))
    assert spending().settled.usd == pytest.approx(0.35)
    assert spending().settled.requests == 2
    assert (spending().unsettled_requests, spending().unsettled_usd) == (0, 0.0)

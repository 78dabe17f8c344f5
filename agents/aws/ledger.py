"""The budget ledger, in DynamoDB: one item a session, one item a day of the environment, no worker can pass their caps.

agents/aws/ledger_item.py describes the attributes. A reservation is one conditional update of each item: condition
expressions cannot add, hence `total`. A settlement changes both items in one transaction, or neither: no death in
between can make them disagree about what was spent. A worker that dies settles nothing; once its minute is over,
whoever sees the item next gives the minute's sum back and keeps the leases' names as `lost`.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from agents import keys as names
from agents.aws.item_changes import Change, ConditionNotMet, ItemChanges
from agents.aws.items import Item
from agents.aws.ledger_item import (
    COUNTS,
    HELD,
    LEASES,
    LOST,
    NANO,
    STOP_REASON,
    all_leases,
    day_of,
    minutes_of,
    names_in,
    nano,
    number_in,
    reserved_by,
    spending_of,
)
from agents.contracts.usage import Usage
from agents.errors import BudgetExhausted, CallOverspent
from agents.keys import DAY_SECONDS, ItemKey
from agents.ports import Clock, Reservation

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_MINUTE = 60
#: Longer than any call may take, so that no live call outlives its lease.
LEASE_SECONDS = 900
_NO_USAGE = Usage()


class BudgetStatus(NamedTuple):
    """US dollars of one item of the ledger."""

    spent: float
    reserved: float


class _Account(NamedTuple):
    """One item and its cap."""

    key: ItemKey
    cap: int
    what: str


class DynamoDbLedger:
    """A BudgetLedger over the context table. Every method may raise StoreThrottled."""

    def __init__(
        self,
        client: DynamoDBClient,
        table: str,
        clock: Clock,
        environment: str,
        caps_usd: tuple[float, float],
        retention_days: int = 90,
    ) -> None:
        """`caps_usd`: of one session, and of all sessions of the environment in one day (UTC)."""
        self._items = ItemChanges(client, table)
        self._clock = clock
        self._environment = environment
        self._session_cap, self._day_cap = (math.floor(cap * NANO) for cap in caps_usd)
        self._retention_seconds = retention_days * DAY_SECONDS

    def reserve(self, session_id: str, usd: float, seconds: int = LEASE_SECONDS) -> Reservation:
        """Hold the most that a request can cost. Raises BudgetExhausted when it does not fit under a cap."""
        now = self._clock.now()
        minute = math.ceil((now + seconds) / _MINUTE) * _MINUTE
        lease = f"{int(now) // DAY_SECONDS}-{nano(usd)}-{secrets.token_urlsafe(6)}"
        reservation = Reservation(lease, session_id, usd, minute)
        reserved: list[_Account] = []
        for account in self._accounts(reservation):
            try:
                self._hold(account, reservation)
            except BaseException:
                for earlier in reserved:
                    with suppress(ConditionNotMet):
                        self._items.transact([_settlement(earlier.key, reservation, 0, _NO_USAGE)])
                raise
            reserved.append(account)
        return reservation

    def settle(self, reservation: Reservation, usd: float, usage: Usage = _NO_USAGE) -> None:
        """Write what it did cost and give the rest back; a second time changes nothing."""
        accounts = tuple(self._accounts(reservation))
        cost = nano(usd)
        with suppress(ConditionNotMet):
            self._items.transact([_settlement(account.key, reservation, cost, usage) for account in accounts])
            return
        # The lease was given back in one item or both, or is settled already.
        while True:
            items = [(account.key, self._items.get(account.key)) for account in accounts]
            changes = [_late_settlement(key, item, reservation, cost, usage) for key, item in items]
            wanted = [change for change in changes if change is not None]
            with suppress(ConditionNotMet):  # then somebody changed an item meanwhile
                if wanted:
                    self._items.transact(wanted)
                return

    def give_back(self, session_id: str) -> float:
        """Give back what is held for a session that is over, in US dollars; what is settled later still counts."""
        returned = 0
        for lease, minute in all_leases(self._items.get(names.ledger_item(session_id))):
            usd = reserved_by(lease)
            reservation = Reservation(lease, session_id, usd / NANO, minute)
            # Each item on its own: of this and a settlement, whichever comes second finds the lease gone there.
            of_session, _ = (self._give(account, reservation) for account in self._accounts(reservation))
            returned += usd if of_session else 0
        return returned / NANO

    def stop(self, session_id: str, reason: str) -> None:
        """Allow no further reservation of the session."""
        values: dict[str, Item] = {":reason": {"S": reason}}
        self._items.update(Change(names.ledger_item(session_id), f"SET {STOP_REASON} = :reason", "", values))

    def reopen(self, session_id: str) -> None:
        """Allow reservations again."""
        self._items.update(Change(names.ledger_item(session_id), f"REMOVE {STOP_REASON}", "", {}))

    def session(self, session_id: str) -> BudgetStatus:
        """What the session has spent, and what is held back for it now."""
        return self._status(names.ledger_item(session_id))

    def day(self, day: int) -> BudgetStatus:
        """The same for all sessions of the environment on a day, in days since 1970."""
        return self._status(names.day_ledger_item(self._environment, day))

    def _accounts(self, reservation: Reservation) -> Iterator[_Account]:
        day = day_of(reservation.lease)
        session = names.ledger_item(reservation.session_id)
        yield _Account(session, self._session_cap, f"session {reservation.session_id}")
        yield _Account(names.day_ledger_item(self._environment, day), self._day_cap, f"environment {self._environment}")

    def _hold(self, account: _Account, reservation: Reservation) -> None:
        """Reserve in one item; leases that have expired are given back first if their room is needed."""
        while True:
            item = self._try_hold(account, reservation)
            if item is None:
                return
            if STOP_REASON in item:
                raise CallOverspent(item[STOP_REASON]["S"])
            if not self._give_back_expired(account, item):
                spent, total = (number_in(item, name) / NANO for name in ("spent", "total"))
                raise BudgetExhausted(
                    f"{account.what}: {reservation.usd:.4f} USD for the next call do not fit: {spent:.4f} spent and"
                    f" {total - spent:.4f} reserved of {account.cap / NANO:.2f}",
                    fits_later=total > spent and spent + reservation.usd <= account.cap / NANO,
                )

    def _try_hold(self, account: _Account, reservation: Reservation) -> Item | None:
        """None when it is held, else the item that has no room."""
        usd = nano(reservation.usd)
        if usd > account.cap:
            return self._items.get(account.key)
        values: dict[str, Item] = {
            ":usd": _n(usd),
            ":room": _n(account.cap - usd),
            ":lease": {"SS": [reservation.lease]},
            ":gone": _n(int(self._clock.now()) + self._retention_seconds),
        }
        hold = Change(
            account.key,
            f"ADD #total :usd, {HELD}{reservation.expires_at} :usd, {LEASES}{reservation.expires_at} :lease"
            " SET expires_at = :gone",
            f"(attribute_not_exists(#total) OR #total <= :room) AND attribute_not_exists({STOP_REASON})",
            values,
        )
        try:
            item = self._items.update(hold, whole=True)
        except ConditionNotMet:
            return self._items.get(account.key)
        self._give_back_expired(account, item)
        return None

    def _give(self, account: _Account, reservation: Reservation) -> bool:
        """Give one lease back; False when it was settled, or given back, meanwhile."""
        minute = reservation.expires_at
        change = Change(
            account.key,
            f"ADD #total :back, {HELD}{minute} :back, {LOST} :leases DELETE {LEASES}{minute} :leases",
            f"contains({LEASES}{minute}, :lease)",
            {":back": _n(-nano(reservation.usd)), **_lease(reservation)},
        )
        try:
            self._items.update(change)
        except ConditionNotMet:
            return False
        return True

    def _give_back_expired(self, account: _Account, item: Item) -> bool:
        """Give the sums of minutes that are over back; whether there was any, by us or by somebody else meanwhile."""
        now = self._clock.now()
        found = False
        for minute in (due for due in minutes_of(item) if due <= now):
            found = True
            with suppress(ConditionNotMet):
                self._items.update(_expiry(account.key, item, minute))
        return found

    def _status(self, key: ItemKey) -> BudgetStatus:
        spending = spending_of(self._items.get(key), self._clock.now())
        return BudgetStatus(spending.settled.usd, spending.in_flight_usd)


def _settlement(key: ItemKey, reservation: Reservation, cost: int, usage: Usage) -> Change:
    """Of a lease that the item still has."""
    usd, minute = nano(reservation.usd), reservation.expires_at
    counted, counts = _counts(usage)
    return Change(
        key,
        f"ADD #total :change, spent :cost, {HELD}{minute} :back{counted} DELETE {LEASES}{minute} :leases",
        f"contains({LEASES}{minute}, :lease)",
        {":change": _n(cost - usd), ":cost": _n(cost), ":back": _n(-usd), **_lease(reservation), **counts},
    )


def _late_settlement(key: ItemKey, item: Item, reservation: Reservation, cost: int, usage: Usage) -> Change | None:
    """What is spent is spent, although the lease was given back meanwhile; None where it is settled already."""
    if reservation.lease in names_in(item, f"{LEASES}{reservation.expires_at}"):
        return _settlement(key, reservation, cost, usage)
    if reservation.lease not in names_in(item, LOST):
        return None
    counted, counts = _counts(usage)
    return Change(
        key,
        f"ADD #total :cost, spent :cost{counted} DELETE {LOST} :leases",
        f"contains({LOST}, :lease)",
        {":cost": _n(cost), **_lease(reservation), **counts},
    )


def _expiry(key: ItemKey, item: Item, minute: int) -> Change:
    """Of all leases of a minute that is over; a settlement meanwhile makes it fail."""
    amount, leases = number_in(item, f"{HELD}{minute}"), names_in(item, f"{LEASES}{minute}")
    lost, condition = "", f"{HELD}{minute} = :held"
    values: dict[str, Item] = {":back": _n(-amount), ":held": _n(amount)}
    if leases:  # no lease is added in a minute that is over: as many are the same ones
        lost, condition = f", {LOST} :leases", f"{condition} AND size({LEASES}{minute}) = :count"
        values |= {":leases": {"SS": leases}, ":count": _n(len(leases))}
    return Change(key, f"ADD #total :back{lost} REMOVE {HELD}{minute}, {LEASES}{minute}", condition, values)


def _counts(usage: Usage) -> tuple[str, dict[str, Item]]:
    """The part of an update that counts requests and tokens, and its values; zeros are left out."""
    counts = {attribute: getattr(usage, name) for name, attribute in COUNTS.items() if getattr(usage, name)}
    return "".join(f", {name} :{name}" for name in counts), {f":{name}": _n(count) for name, count in counts.items()}


def _lease(reservation: Reservation) -> dict[str, Item]:
    return {":lease": {"S": reservation.lease}, ":leases": {"SS": [reservation.lease]}}


def _n(number: int) -> Item:
    return {"N": str(number)}

"""The budget ledger, in DynamoDB: no number of workers passes the caps of a session and of a day, and no item is hot.

agents/aws/ledger_item.py describes the items, docs/adr/0015-a-cap-is-granted-to-shards.md the reasons. A reservation is
one transaction: it writes its lease and takes the money from a shard of the session and from one of the day. A
settlement is another, whose condition is the lease: a second one changes nothing. What threads of one process reserve
and settle at the same time is one transaction. Only a shard that has not enough changes the account.
"""

from __future__ import annotations

import math
import random
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from agents import keys as names
from agents.aws import ledger_changes as changes_of
from agents.aws.escrow import SHARDS, move_for, withdrawal
from agents.aws.group_commit import Lock
from agents.aws.item_changes import Change, ConditionNotMet, ItemChanges
from agents.aws.items import ContextTable, Item
from agents.aws.ledger_calls import CallChanges
from agents.aws.ledger_item import (
    NANO,
    STOP_REASON,
    AccountItems,
    account_in,
    day_of,
    nano,
    number_in,
    reserved_by,
    shard_of,
)
from agents.aws.ledger_reading import account_keys, open_leases, read_spending
from agents.contracts.usage import Usage
from agents.errors import BudgetExhausted, CallOverspent
from agents.keys import DAY_SECONDS, ItemKey
from agents.ports import Clock, Reservation

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_MINUTE = 60
#: Longer than any call may take, so that no live call outlives its lease.
LEASE_SECONDS = 900
#: How long a thread waits for another one to supply the shard of both.
_PATIENCE_SECONDS = 0.1
_NO_USAGE = Usage()


class BudgetStatus(NamedTuple):
    """US dollars of one account."""

    spent: float
    reserved: float


class _Account(NamedTuple):
    """Whose money it is, and its cap."""

    key: ItemKey
    cap: int
    what: str

    def shard(self, number: int) -> ItemKey:
        return names.ledger_shard_item(self.key, number)


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
        shards: int = SHARDS,
        pause: Callable[[float], None] = time.sleep,
        lock: Callable[[], Lock] = threading.Lock,
    ) -> None:
        """`caps_usd`: of one session, and of all sessions of the environment in one day (UTC).

        `pause` and `lock` are how a thread waits, which a simulation does in its own time.
        """
        self._items = ItemChanges(client, table, pause)
        self._table = ContextTable(client, table, pause)
        self._clock = clock
        self._environment = environment
        self._session_cap, self._day_cap = (math.floor(cap * NANO) for cap in caps_usd)
        self._retention_seconds = retention_days * DAY_SECONDS
        self._shards = shards
        self._shard = self._any_shard()
        self._supplying = lock()
        self._calls = CallChanges(self._items, lock())
        self._supplies = Counter[tuple[str, int]]()
        self._supplied = set[str]()

    def reserve(self, session_id: str, usd: float, seconds: int = LEASE_SECONDS) -> Reservation:
        """Hold the most that a request can cost. Raises BudgetExhausted when it does not fit under a cap."""
        now = self._clock.now()
        minute = math.ceil((now + seconds) / _MINUTE) * _MINUTE
        shard = self._shard
        lease = f"{int(now) // DAY_SECONDS}-{nano(usd)}-{shard}.{secrets.token_urlsafe(6)}"
        reservation = Reservation(lease, session_id, usd, minute)
        accounts = tuple(self._accounts(reservation))
        taking = changes_of.CallChange(
            changes_of.new_lease(reservation, self._gone),
            [changes_of.taking(account.shard(shard), reservation) for account in accounts],
        )
        supplies = self._supplies[session_id, shard]
        while True:
            if session_id in self._supplied:  # else a shard is almost always empty
                with suppress(ConditionNotMet):
                    if not self._calls.make(taking):
                        self._shard = self._any_shard()  # others use this one at the same time
                    return reservation
            with self._turn():
                if self._supplies[session_id, shard] == supplies:  # else another thread has supplied it meanwhile
                    for account in accounts:
                        self._supply(account, shard, reservation)
                    self._supplies[session_id, shard] += 1
                    self._supplied.add(session_id)
                supplies = self._supplies[session_id, shard]

    def settle(self, reservation: Reservation, usd: float, usage: Usage = _NO_USAGE) -> None:
        """Write what it did cost and give the rest back; a second time changes nothing."""
        accounts = tuple(self._accounts(reservation))
        cost = nano(usd)
        shard = shard_of(reservation.lease)
        if shard is None:
            with suppress(ConditionNotMet):
                self._items.transact(
                    [changes_of.old_settlement(account.key, reservation, cost, usage) for account in accounts]
                )
            return
        for lost in (False, True):  # given back meanwhile: what is spent is spent
            beyond = max(0, cost - (0 if lost else reserved_by(reservation.lease)))
            ending = changes_of.CallChange(
                changes_of.end_of_lease(reservation, lost),
                [changes_of.settlement(account.shard(shard), reservation, cost, usage, lost) for account in accounts],
            )
            with suppress(ConditionNotMet):
                if not beyond:
                    self._calls.make(ending)
                    return
                more = [changes_of.added(account.key, beyond) for account in accounts]
                self._items.transact([*changes_of.together([ending]), *more])
                for account in accounts:
                    self._withdraw(account, self._read(account))
                return

    def give_back(self, session_id: str) -> float:
        """Give back what is held for a session that is over, in US dollars; what is settled later still counts."""
        return self._give_back(session_id, math.inf)

    def give_back_expired(self, session_id: str) -> float:
        """Give back the session's leases that have expired: their workers died. In US dollars."""
        return self._give_back(session_id, self._clock.now())

    def stop(self, session_id: str, reason: str) -> None:
        """Allow no further reservation of the session."""
        values: dict[str, Item] = {":reason": {"S": reason}, ":gone": {"N": str(self._gone)}}
        for key in account_keys(names.ledger_item(session_id), self._shards):
            self._items.update(Change(key, f"SET {STOP_REASON} = :reason, expires_at = :gone", "", values))

    def reopen(self, session_id: str) -> None:
        """Allow reservations again."""
        account = names.ledger_item(session_id)
        items = account_in(self._table.get_many(account_keys(account, self._shards)))
        stopped = [names.ledger_shard_item(account, n) for n, shard in items.shards.items() if STOP_REASON in shard]
        for key in (*stopped, account):  # the account last: while it says so, this can be done again
            self._items.update(Change(key, f"REMOVE {STOP_REASON}", "", {}))

    def session(self, session_id: str) -> BudgetStatus:
        """What the session has spent, and what live calls have reserved."""
        spending = read_spending(session_id, self._table.get_many, self._table.query, self._clock.now())
        return BudgetStatus(spending.settled.usd, spending.in_flight_usd)

    def day(self, day: int) -> BudgetStatus:
        """The same for all sessions of the environment on a day, in days since 1970; expired leases count as live."""
        key = names.day_ledger_item(self._environment, day)
        items = account_in(self._table.get_many(account_keys(key, self._shards)))
        return BudgetStatus(items.spent / NANO, items.sum_of("reserved") / NANO)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One thread supplies a shard for all; one that waits for others' conflicts does not keep the rest for long."""
        alone = self._supplying.acquire(timeout=_PATIENCE_SECONDS)
        try:
            yield
        finally:
            if alone:
                self._supplying.release()

    @property
    def _gone(self) -> int:
        return int(self._clock.now()) + self._retention_seconds

    def _any_shard(self) -> int:
        return random.randrange(self._shards)  # noqa: S311 (spreads load, no secret)

    def _accounts(self, reservation: Reservation) -> Iterator[_Account]:
        day = day_of(reservation.lease)
        session = names.ledger_item(reservation.session_id)
        yield _Account(session, self._session_cap, f"session {reservation.session_id}")
        yield _Account(names.day_ledger_item(self._environment, day), self._day_cap, f"environment {self._environment}")

    def _read(self, account: _Account) -> AccountItems:
        return account_in(self._table.get_many(account_keys(account.key, self._shards)))

    def _supply(self, account: _Account, shard: int, reservation: Reservation) -> None:
        """See that the shard has enough. Raises BudgetExhausted, or CallOverspent when the session is stopped."""
        usd = reserved_by(reservation.lease)
        while True:
            items = self._read(account)
            if STOP_REASON in items.own:
                raise CallOverspent(items.own[STOP_REASON]["S"])
            if items.unreserved.get(shard, -1) >= usd:
                return
            left = account.cap - number_in(items.own, "total")
            if left < 0 and self._withdraw(account, items):
                continue
            move = move_for(shard, usd, items.unreserved, left, self._shards)
            if move is None:
                if self._give_back_expired_of(account, reservation.session_id, items):
                    continue
                raise self._exhausted(account, reservation, items)
            gone = self._gone
            changes = [changes_of.moved(account.shard(other), -amount, gone) for other, amount in move.taken.items()]
            changes.append(changes_of.moved(account.shard(shard), move.amount, gone))
            if move.granted:
                changes.append(changes_of.granted(account.key, move.granted, account.cap, gone))
            with suppress(ConditionNotMet):  # then somebody changed an item meanwhile
                self._items.transact(changes)
                return

    def _withdraw(self, account: _Account, items: AccountItems) -> bool:
        """Take back what was granted beyond the cap, as far as it is free; whether there was any."""
        beyond = number_in(items.own, "total") - account.cap
        taken = withdrawal(items.unreserved, beyond)
        if not taken:
            return False
        changes = [changes_of.moved(account.shard(shard), -amount, self._gone) for shard, amount in taken.items()]
        with suppress(ConditionNotMet):  # then somebody changed an item meanwhile
            self._items.transact([*changes, changes_of.added(account.key, -sum(taken.values()))])
        return True

    def _exhausted(self, account: _Account, reservation: Reservation, items: AccountItems) -> BudgetExhausted:
        spent, reserved = items.spent / NANO, items.sum_of("reserved") / NANO
        return BudgetExhausted(
            f"{account.what}: {reservation.usd:.4f} USD for the next call do not fit: {spent:.4f} spent and"
            f" {reserved:.4f} reserved of {account.cap / NANO:.4f}",
            fits_later=items.spent + reserved_by(reservation.lease) <= account.cap,
        )

    def _give_back_expired_of(self, account: _Account, session_id: str, items: AccountItems) -> bool:
        """Only a session's account knows its leases; the reaper looks after the other sessions of a day."""
        if account.key != names.ledger_item(session_id):
            return False
        now = self._clock.now()
        expired = [lease for lease in open_leases(account.key, items, self._table.query) if lease.expires_at <= now]
        for lease in expired:
            self._give(Reservation(lease.name, session_id, reserved_by(lease.name) / NANO, lease.expires_at))
        return bool(expired)

    def _give_back(self, session_id: str, until: float) -> float:
        account = names.ledger_item(session_id)
        items = account_in(self._table.get_many(account_keys(account, self._shards)))
        returned = 0
        for lease in open_leases(account, items, self._table.query):
            usd = reserved_by(lease.name)
            if lease.expires_at <= until and self._give(
                Reservation(lease.name, session_id, usd / NANO, lease.expires_at)
            ):
                returned += usd
        return returned / NANO

    def _give(self, reservation: Reservation) -> bool:
        """Give one lease back; False when it was settled, or given back, meanwhile."""
        shard = shard_of(reservation.lease) or 0
        back = [changes_of.giving_back(account.shard(shard), reservation) for account in self._accounts(reservation)]
        try:
            self._items.transact(changes_of.together([changes_of.CallChange(changes_of.lost_lease(reservation), back)]))
        except ConditionNotMet:
            return False
        return True

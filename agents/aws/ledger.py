"""The budget ledger, in DynamoDB: one item a session, one item a day of the environment, no worker can pass their caps.

An item holds, in billionths of a dollar:

    total           spent and held back together; never above the cap
    spent           settled
    held_<minute>   held back by leases that expire in this minute
    leases_<minute> their names, so that a settlement that arrives twice counts once; a name begins with day and sum
    given_<minute>  those that were given back before they were settled: a call that was under way may still be billed

A reservation is one conditional update of each item: condition expressions cannot add, hence `total`. A worker that
dies settles nothing; once its minute is over, whoever sees the item next gives the minute's sum back.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from botocore.exceptions import ClientError

from agents import keys as names
from agents.aws.failures import code_of, our_errors
from agents.aws.items import Item, key_of
from agents.errors import BudgetExhausted
from agents.keys import ItemKey
from agents.ports import Clock, Reservation

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_NANO = 1_000_000_000
_MINUTE = 60
#: Longer than any call may take, so that no live call outlives its lease.
LEASE_SECONDS = 900
_DAY_SECONDS = 86_400
_HELD, _LEASES, _GIVEN = "held_", "leases_", "given_"


class Standing(NamedTuple):
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
        self._client = client
        self._table = table
        self._clock = clock
        self._environment = environment
        self._session_cap, self._day_cap = (math.floor(cap * _NANO) for cap in caps_usd)
        self._retention_seconds = retention_days * _DAY_SECONDS

    def reserve(self, session_id: str, usd: float, seconds: int = LEASE_SECONDS) -> Reservation:
        """Hold the most that a request can cost. Raises BudgetExhausted when it does not fit under a cap."""
        now = self._clock.now()
        minute = math.ceil((now + seconds) / _MINUTE) * _MINUTE
        lease = f"{int(now) // _DAY_SECONDS}-{_nano(usd)}-{secrets.token_urlsafe(6)}"
        reservation = Reservation(lease, session_id, usd, minute)
        held: list[_Account] = []
        for account in self._accounts(reservation):
            try:
                self._hold(account, reservation)
            except BaseException:
                for earlier in held:
                    self._settle(earlier, reservation, 0)
                raise
            held.append(account)
        return reservation

    def settle(self, reservation: Reservation, usd: float) -> None:
        """Write what it did cost and give the rest back; a second time changes nothing."""
        for account in self._accounts(reservation):
            self._settle(account, reservation, _nano(usd))

    def give_back(self, session_id: str) -> float:
        """Give back what is held for a session that is over, in US dollars; what is settled later still counts."""
        item, returned = self._get(names.ledger_item(session_id)) or {}, 0
        for name, leases in item.items():
            for lease in leases["SS"] if name.startswith(_LEASES) else ():
                usd = int(lease.split("-")[1])
                reservation = Reservation(lease, session_id, usd / _NANO, int(name.removeprefix(_LEASES)))
                # Each item on its own: of this and a settlement, whichever comes second finds the lease gone there.
                of_session, _ = (self._give(account, reservation) for account in self._accounts(reservation))
                returned += usd if of_session else 0
        return returned / _NANO

    def session(self, session_id: str) -> Standing:
        """What the session has spent, and what is held back for it now."""
        return self._standing(names.ledger_item(session_id))

    def day(self, day: int) -> Standing:
        """The same for all sessions of the environment on a day, in days since 1970."""
        return self._standing(names.day_ledger_item(self._environment, day))

    def _accounts(self, reservation: Reservation) -> Iterator[_Account]:
        day = int(reservation.lease.partition("-")[0])
        session = names.ledger_item(reservation.session_id)
        yield _Account(session, self._session_cap, f"session {reservation.session_id}")
        yield _Account(names.day_ledger_item(self._environment, day), self._day_cap, f"environment {self._environment}")

    def _hold(self, account: _Account, reservation: Reservation) -> None:
        """Reserve in one item; leases that have expired are given back first if their room is needed."""
        while True:
            item = self._try_hold(account, reservation)
            if item is None:
                return
            if not self._give_back_expired(account, item):
                spent, total = (_number(item, name) / _NANO for name in ("spent", "total"))
                raise BudgetExhausted(
                    f"{account.what}: {reservation.usd:.4f} USD for the next call do not fit: {spent:.4f} spent and"
                    f" {total - spent:.4f} reserved of {account.cap / _NANO:.2f}",
                    fits_later=total > spent and spent + reservation.usd <= account.cap / _NANO,
                )

    def _try_hold(self, account: _Account, reservation: Reservation) -> Item | None:
        """None when it is held, else the item that has no room."""
        usd = _nano(reservation.usd)
        if usd > account.cap:
            return self._get(account.key) or {}
        values: dict[str, Item] = {
            ":usd": _n(usd),
            ":room": _n(account.cap - usd),
            ":lease": {"SS": [reservation.lease]},
            ":gone": _n(int(self._clock.now()) + self._retention_seconds),
        }
        try:
            item = self._update(
                account.key,
                f"ADD #total :usd, {_HELD}{reservation.expires_at} :usd, {_LEASES}{reservation.expires_at} :lease"
                " SET expires_at = :gone",
                "attribute_not_exists(#total) OR #total <= :room",
                values,
                whole=True,
            )
        except _Refused as refused:
            return refused.item
        self._give_back_expired(account, item)
        return None

    def _settle(self, account: _Account, reservation: Reservation, cost: int) -> None:
        usd, minute = _nano(reservation.usd), reservation.expires_at
        values: dict[str, Item] = {
            ":lease": {"S": reservation.lease},
            ":leases": {"SS": [reservation.lease]},
            ":change": _n(cost - usd),
            ":cost": _n(cost),
            ":back": _n(-usd),
        }
        try:
            self._update(
                account.key,
                f"ADD #total :change, spent :cost, {_HELD}{minute} :back DELETE {_LEASES}{minute} :leases",
                f"contains({_LEASES}{minute}, :lease)",
                values,
            )
        except _Refused as refused:
            if not cost:
                return
            # Its lease was given back meanwhile; what was spent is spent.
            if reservation.lease in refused.item.get(f"{_GIVEN}{minute}", {}).get("SS", ()):
                with suppress(_Refused):
                    self._update(
                        account.key,
                        f"ADD #total :cost, spent :cost DELETE {_GIVEN}{minute} :leases",
                        f"contains({_GIVEN}{minute}, :lease)",
                        {":cost": _n(cost), ":lease": values[":lease"], ":leases": values[":leases"]},
                    )
            elif self._clock.now() >= minute:
                self._update(account.key, "ADD #total :cost, spent :cost", "", {":cost": _n(cost)})

    def _give(self, account: _Account, reservation: Reservation) -> bool:
        """Give one lease back; False when it was settled, or given back, meanwhile."""
        minute = reservation.expires_at
        try:
            self._update(
                account.key,
                f"ADD #total :back, {_HELD}{minute} :back, {_GIVEN}{minute} :leases DELETE {_LEASES}{minute} :leases",
                f"contains({_LEASES}{minute}, :lease)",
                {
                    ":back": _n(-_nano(reservation.usd)),
                    ":lease": {"S": reservation.lease},
                    ":leases": {"SS": [reservation.lease]},
                },
            )
        except _Refused:
            return False
        return True

    def _give_back_expired(self, account: _Account, item: Item) -> bool:
        """Give the sums of minutes that are over back; whether there was any, by us or by somebody else meanwhile."""
        now = self._clock.now()
        over = [int(name.removeprefix(_HELD)) for name in item if name.startswith(_HELD)]
        found = False
        for minute in (one for one in over if one <= now):
            held = _number(item, f"{_HELD}{minute}")
            found = True
            try:
                self._update(
                    account.key,
                    f"ADD #total :back REMOVE {_HELD}{minute}, {_LEASES}{minute}, {_GIVEN}{minute}",
                    f"{_HELD}{minute} = :held",
                    {":back": _n(-held), ":held": _n(held)},
                )
            except _Refused:
                continue
        return found

    def _update(
        self, key: ItemKey, change: str, condition: str, values: Mapping[str, Item], *, whole: bool = False
    ) -> Item:
        """The whole item as it is now, where it is asked for: with forty calls under way it names forty leases."""
        try:
            with our_errors(key.pk):
                answer = self._client.update_item(
                    TableName=self._table,
                    Key=key_of(key),
                    UpdateExpression=change,
                    ExpressionAttributeNames={"#total": "total"},
                    ExpressionAttributeValues=values,
                    ReturnValues="ALL_NEW" if whole else "NONE",
                    # The stubs cannot tell which argument an unpacked dict holds.
                    **({"ConditionExpression": condition} if condition else {}),  # type: ignore[arg-type]
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
        except ClientError as error:
            if code_of(error) != "ConditionalCheckFailedException":
                raise
            raise _Refused(self._get(key) or {}) from error
        return dict(answer.get("Attributes", {}))

    def _get(self, key: ItemKey) -> Item | None:
        with our_errors(key.pk):
            return self._client.get_item(TableName=self._table, Key=key_of(key), ConsistentRead=True).get("Item")

    def _standing(self, key: ItemKey) -> Standing:
        item, now = self._get(key) or {}, self._clock.now()
        live = [name for name in item if name.startswith(_HELD) and int(name.removeprefix(_HELD)) > now]
        return Standing(_number(item, "spent") / _NANO, sum(_number(item, name) for name in live) / _NANO)


class _Refused(Exception):
    """The condition did not hold; `item` is what is there."""

    def __init__(self, item: Item) -> None:
        super().__init__()
        self.item = item


def _nano(usd: float) -> int:
    """Rounded up: what is held back is never less than what may be spent."""
    return math.ceil(round(usd * _NANO, 3))


def _n(number: int) -> Item:
    return {"N": str(number)}


def _number(item: Item, name: str) -> int:
    return int(item[name]["N"]) if name in item else 0

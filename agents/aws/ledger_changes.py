"""The changes that a reservation, its settlement and its return make, one for each item."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from agents import keys as names
from agents.aws.item_changes import Change
from agents.aws.items import Item
from agents.aws.ledger_item import COUNTS, OLD_LEASES, OLD_SUMS, STOP_REASON, reserved_by, shard_of
from agents.contracts.usage import Usage
from agents.keys import ItemKey
from agents.ports import Reservation

_LIVE = "attribute_exists(pk) AND attribute_not_exists(lost)"


class ShardChange(NamedTuple):
    """What one call adds to the numbers of a shard, which must have `needed` billionths of a dollar, if any."""

    shard: ItemKey
    added: Mapping[str, int]
    needed: int | None = None


class CallChange(NamedTuple):
    """What one call changes: its own lease, and a shard of each account."""

    lease: Change
    shards: Sequence[ShardChange]


def together(calls: Iterable[CallChange]) -> list[Change]:
    """One transaction for all calls: each lease, and each shard once, with the sum of what is added and needed."""
    leases: list[Change] = []
    added: dict[ItemKey, Counter[str]] = {}
    needed: dict[ItemKey, int] = {}
    for call in calls:
        leases.append(call.lease)
        for change in call.shards:
            added.setdefault(change.shard, Counter()).update(change.added)
            if change.needed is not None:
                needed[change.shard] = needed.get(change.shard, 0) + change.needed
    return [*leases, *(_shard_change(shard, sums, needed.get(shard)) for shard, sums in added.items())]


def new_lease(reservation: Reservation, gone: int) -> Change:
    """Its item, to be deleted when it is settled; at `gone` in any case."""
    return Change(_lease_key(reservation), "SET expires_at = :gone", "attribute_not_exists(pk)", {":gone": _n(gone)})


def taking(shard: ItemKey, reservation: Reservation) -> ShardChange:
    """Takes the reservation's money from a shard that has it."""
    usd = reserved_by(reservation.lease)
    return ShardChange(shard, {"unreserved": -usd, "reserved": usd, "open_calls": 1}, needed=usd)


def lost_lease(reservation: Reservation) -> Change:
    """Its money was given back, its call may have been billed."""
    return Change(_lease_key(reservation), "SET lost = :true", _LIVE, {":true": {"BOOL": True}})


def giving_back(shard: ItemKey, reservation: Reservation) -> ShardChange:
    """What the shard has back of a lease that nobody settled."""
    usd = reserved_by(reservation.lease)
    back = {"unreserved": usd, "reserved": -usd, "open_calls": -1}
    return ShardChange(shard, {**back, "lost_usd": usd, "lost_calls": 1})


def end_of_lease(reservation: Reservation, lost: bool) -> Change:
    """Deletes its item: the condition of its only settlement."""
    return Change(_lease_key(reservation), "", "attribute_exists(lost)" if lost else _LIVE, {})


def settlement(shard: ItemKey, reservation: Reservation, cost: int, usage: Usage, lost: bool) -> ShardChange:
    """What a shard learns of the cost; a lost lease has no money here any more."""
    usd = reserved_by(reservation.lease)
    if lost:
        ended = {"lost_usd": -usd, "lost_calls": -1}
    else:
        ended = {"unreserved": max(0, usd - cost), "reserved": -usd, "open_calls": -1}
    return ShardChange(shard, {**ended, "spent": cost, **_counts(usage)})


def granted(account: ItemKey, amount: int, cap: int, gone: int) -> Change:
    """Grants to shards what fits under the cap."""
    return Change(
        account,
        "ADD #total :amount SET expires_at = :gone",
        f"(attribute_not_exists(#total) OR #total <= :most) AND attribute_not_exists({STOP_REASON})",
        {":amount": _n(amount), ":most": _n(cap - amount), ":gone": _n(gone)},
    )


def added(account: ItemKey, amount: int) -> Change:
    """To the total, whatever the cap: what was spent without a reservation, or less than before."""
    return Change(account, "ADD #total :amount", "", {":amount": _n(amount)})


def moved(shard: ItemKey, amount: int, gone: int) -> Change:
    """Adds to what a shard has free; below zero it must have that much."""
    values = {":amount": _n(amount), ":gone": _n(gone)}
    condition = ""
    if amount < 0:
        condition, values[":needed"] = "unreserved >= :needed", _n(-amount)
    return Change(shard, "ADD unreserved :amount SET expires_at = :gone", condition, values)


def old_settlement(account: ItemKey, reservation: Reservation, cost: int, usage: Usage) -> Change:
    """Of a lease of version 1, in the account's own item."""
    usd, minute = reserved_by(reservation.lease), reservation.expires_at
    counts = _counts(usage)
    counted = "".join(f", {name} :{name}" for name in counts)
    return Change(
        account,
        f"ADD #total :change, spent :cost, {OLD_SUMS}{minute} :back{counted} DELETE {OLD_LEASES}{minute} :leases",
        f"contains({OLD_LEASES}{minute}, :lease)",
        {
            ":change": _n(cost - usd),
            ":cost": _n(cost),
            ":back": _n(-usd),
            ":lease": {"S": reservation.lease},
            ":leases": {"SS": [reservation.lease]},
            **{f":{name}": _n(count) for name, count in counts.items()},
        },
    )


def _lease_key(reservation: Reservation) -> ItemKey:
    shard = shard_of(reservation.lease) or 0
    return names.lease_item(reservation.session_id, shard, reservation.expires_at, reservation.lease)


def _shard_change(shard: ItemKey, added: Mapping[str, int], needed: int | None) -> Change:
    values = {f":{name}": _n(number) for name, number in added.items()}
    condition = ""
    if needed is not None:
        condition = f"unreserved >= :needed AND attribute_not_exists({STOP_REASON})"
        values[":needed"] = _n(needed)
    return Change(shard, "ADD " + ", ".join(f"{name} :{name}" for name in added), condition, values)


def _counts(usage: Usage) -> dict[str, int]:
    """How many requests and tokens a shard counts; zeros are left out."""
    return {attribute: getattr(usage, name) for name, attribute in COUNTS.items() if getattr(usage, name)}


def _n(number: int) -> Item:
    return {"N": str(number)}

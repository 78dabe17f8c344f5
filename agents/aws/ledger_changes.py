"""The changes that a reservation, its settlement and its return make, one for each item."""

from __future__ import annotations

from agents import keys as names
from agents.aws.item_changes import Change
from agents.aws.items import Item
from agents.aws.ledger_item import COUNTS, OLD_LEASES, OLD_SUMS, STOP_REASON, reserved_by, shard_of
from agents.contracts.usage import Usage
from agents.keys import ItemKey
from agents.ports import Reservation

_LIVE = "attribute_exists(pk) AND attribute_not_exists(lost)"


def new_lease(reservation: Reservation, gone: int) -> Change:
    """Its item, to be deleted when it is settled; at `gone` in any case."""
    return Change(_lease_key(reservation), "SET expires_at = :gone", "attribute_not_exists(pk)", {":gone": _n(gone)})


def taking(shard: ItemKey, reservation: Reservation) -> Change:
    """Takes the reservation's money from a shard that has it."""
    usd = reserved_by(reservation.lease)
    return Change(
        shard,
        "ADD unreserved :taken, reserved :usd, open_calls :more",
        f"unreserved >= :usd AND attribute_not_exists({STOP_REASON})",
        {":taken": _n(-usd), ":usd": _n(usd), ":more": _n(1)},
    )


def lost_lease(reservation: Reservation) -> Change:
    """Its money was given back, its call may have been billed."""
    return Change(_lease_key(reservation), "SET lost = :true", _LIVE, {":true": {"BOOL": True}})


def giving_back(shard: ItemKey, reservation: Reservation) -> Change:
    """What the shard has back of a lease that nobody settled."""
    usd = reserved_by(reservation.lease)
    return Change(
        shard,
        "ADD unreserved :usd, reserved :back, open_calls :less, lost_usd :usd, lost_calls :more",
        "",
        {":usd": _n(usd), ":back": _n(-usd), ":less": _n(-1), ":more": _n(1)},
    )


def end_of_lease(reservation: Reservation, lost: bool) -> Change:
    """Deletes its item: the condition of its only settlement."""
    return Change(_lease_key(reservation), "", "attribute_exists(lost)" if lost else _LIVE, {})


def settlement(shard: ItemKey, reservation: Reservation, cost: int, usage: Usage, lost: bool) -> Change:
    """What a shard learns of the cost; a lost lease has no money here any more."""
    usd = reserved_by(reservation.lease)
    counted, counts = _counts(usage)
    if lost:
        ended, values = "lost_usd :back, lost_calls :less", {}
    else:
        ended, values = "unreserved :rest, reserved :back, open_calls :less", {":rest": _n(max(0, usd - cost))}
    values |= {":back": _n(-usd), ":less": _n(-1), ":cost": _n(cost)}
    return Change(shard, f"ADD {ended}, spent :cost{counted}", "", values | counts)


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
    counted, counts = _counts(usage)
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
            **counts,
        },
    )


def _lease_key(reservation: Reservation) -> ItemKey:
    shard = shard_of(reservation.lease) or 0
    return names.lease_item(reservation.session_id, shard, reservation.expires_at, reservation.lease)


def _counts(usage: Usage) -> tuple[str, dict[str, Item]]:
    """The part of an update that counts requests and tokens, and its values; zeros are left out."""
    counts = {attribute: getattr(usage, name) for name, attribute in COUNTS.items() if getattr(usage, name)}
    return "".join(f", {name} :{name}" for name in counts), {f":{name}": _n(count) for name, count in counts.items()}


def _n(number: int) -> Item:
    return {"N": str(number)}

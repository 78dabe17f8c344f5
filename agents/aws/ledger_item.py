"""The items of the budget ledger, read: what is settled, reserved, and of unknown outcome. Pure.

An account is a session's or a day's. Its own item has the cap's figures:

    total           granted to its shards; never above the cap
    stop_reason     why nothing more may be reserved; absent while it may; each shard repeats it

A shard's item has a part of what was granted. `total` is the sum of its three sums over all shards:

    unreserved      granted and free
    reserved        by leases that are neither settled nor given back; `open_calls` is their number
    spent           settled; a session's shards also have requests, tokens_in, tokens_out, tokens_cached
    lost_usd        of leases that were given back unsettled, whose call may have been billed; `lost_calls`

A lease's item is in its session's shard: `lease#<expires_at>#<lease>`, with `lost` once it was given back.

Money is in billionths of a dollar. A lease's name is `<day>-<reserved>-<shard>.<random>`. Version 1 of this contract
had everything in the account's own item: `total` counted settled and reserved, `spent` and the counts were there, and
the leases, `<day>-<reserved>-<random>`, in sets `leases_<minute>` and `lost`. Both versions refuse what `total` has no
space for.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from agents.contracts.usage import Spending, Usage

Item: TypeAlias = Mapping[str, Any]

NANO = 1_000_000_000
STOP_REASON = "stop_reason"
OLD_SUMS, OLD_LEASES, OLD_LOST = "held_", "leases_", "lost"
#: A part of Usage, and the attribute that sums it up.
COUNTS = {
    "requests": "requests",
    "input_tokens": "tokens_in",
    "output_tokens": "tokens_out",
    "cached_tokens": "tokens_cached",
}


class AccountItems(NamedTuple):
    """The items of an account: its own, empty if there is none, and its shards by their number."""

    own: Item
    shards: Mapping[int, Item]

    def sum_of(self, attribute: str) -> int:
        """Over all shards."""
        return sum(number_in(shard, attribute) for shard in self.shards.values())

    @property
    def spent(self) -> int:
        """What is settled."""
        return number_in(self.own, "spent") + self.sum_of("spent")

    @property
    def unreserved(self) -> dict[int, int]:
        """What each shard has free."""
        return {n: number_in(shard, "unreserved") for n, shard in self.shards.items() if "unreserved" in shard}


class Lease(NamedTuple):
    """A reservation in its item."""

    name: str
    expires_at: int
    lost: bool


def account_in(items: Iterable[Item]) -> AccountItems:
    """The account that these are the items of."""
    own: Item = {}
    shards: dict[int, Item] = {}
    for item in items:
        if item["sk"]["S"] == "shard":
            shards[int(item["pk"]["S"].rpartition("#")[2])] = item
        elif not _is_lease(item):
            own = item
    return AccountItems(own, shards)


def spending_in(items: Iterable[Item], now: float) -> Spending:
    """A session's figures, from all items of its ledger."""
    every = list(items)
    return spending_of(account_in(every), [lease_in(item) for item in every if _is_lease(item)], now)


def lease_in(item: Item) -> Lease:
    """The lease in its item."""
    _, expires_at, name = item["sk"]["S"].split("#", 2)
    return Lease(name, int(expires_at), "lost" in item)


def spending_of(account: AccountItems, leases: Iterable[Lease], now: float) -> Spending:
    """A session's figures at a time, in seconds since 1970; a lease that has expired by then is unsettled.

    `leases`: those of its shards that have open calls.
    """
    live, dead = list[str](), list(names_in(account.own, OLD_LOST))
    every = [(lease.name, lease.expires_at) for lease in leases if not lease.lost]
    for name, expires_at in (*old_leases(account.own), *every):
        (live if expires_at > now else dead).append(name)
    counts = {name: number_in(account.own, attribute) + account.sum_of(attribute) for name, attribute in COUNTS.items()}
    return Spending(
        settled=Usage(**counts, usd=account.spent / NANO),
        in_flight_requests=len(live),
        in_flight_usd=sum(map(reserved_by, live)) / NANO,
        unsettled_requests=len(dead) + account.sum_of("lost_calls"),
        unsettled_usd=(sum(map(reserved_by, dead)) + account.sum_of("lost_usd")) / NANO,
        stop_reason=str(account.own.get(STOP_REASON, {}).get("S", "")),
    )


def old_leases(item: Item) -> Iterator[tuple[str, int]]:
    """Every lease of version 1 that is neither settled nor given back, with its minute."""
    for attribute in item:
        if attribute.startswith(OLD_LEASES):
            minute = int(attribute.removeprefix(OLD_LEASES))
            yield from ((name, minute) for name in names_in(item, attribute))


def _is_lease(item: Item) -> bool:
    return bool(item["sk"]["S"].startswith("lease#"))


def names_in(item: Item, attribute: str) -> list[str]:
    """The names in a set; none where there is no such set."""
    return list(item.get(attribute, {}).get("SS", ()))


def number_in(item: Item, attribute: str) -> int:
    """A number; 0 where there is none."""
    return int(item[attribute]["N"]) if attribute in item else 0


def nano(usd: float) -> int:
    """Rounded up: what is reserved is never less than what may be spent."""
    return math.ceil(round(usd * NANO, 3))


def day_of(lease: str) -> int:
    """The day that pays for a lease, in days since 1970."""
    return int(lease.split("-", 2)[0])


def reserved_by(lease: str) -> int:
    """What a lease reserves."""
    return int(lease.split("-", 2)[1])


def shard_of(lease: str) -> int | None:
    """The shard of a lease, of its session and of its day; None for a lease of version 1."""
    shard, dot, _ = lease.split("-", 2)[2].partition(".")
    return int(shard) if dot else None

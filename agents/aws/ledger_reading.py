"""Reads accounts of the budget ledger, whoever gives their items."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from agents import keys as names
from agents.aws.escrow import SHARDS
from agents.aws.ledger_item import AccountItems, Item, Lease, account_in, lease_in, number_in, spending_of
from agents.contracts.usage import Spending
from agents.keys import ItemKey

#: Gives those of the items that exist.
GetMany = Callable[[Iterable[ItemKey]], Iterable[Item]]
#: Gives the items of a partition whose sort keys begin so.
Query = Callable[[str, str], Iterable[Item]]


def account_keys(account: ItemKey, shards: int = SHARDS) -> list[ItemKey]:
    """The keys of an account's items, leases apart."""
    return [account, *(names.ledger_shard_item(account, shard) for shard in range(shards))]


def open_leases(account: ItemKey, items: AccountItems, query: Query) -> Iterable[Lease]:
    """The leases of a session's account that are neither settled nor given back."""
    for shard, item in items.shards.items():
        if number_in(item, "open_calls"):
            leases = map(lease_in, query(names.ledger_shard_item(account, shard).pk, names.LEASES))
            yield from (lease for lease in leases if not lease.lost)


def read_spending(session_id: str, get_many: GetMany, query: Query, now: float) -> Spending:
    """What a session's ledger says at a time, in seconds since 1970."""
    account = names.ledger_item(session_id)
    items = account_in(get_many(account_keys(account)))
    return spending_of(items, open_leases(account, items, query), now)

"""An item of the budget ledger, read: what is settled, reserved, and of unknown outcome. Pure.

    total           settled and reserved together; never above the cap
    spent           settled
    requests, tokens_in, tokens_out, tokens_cached     of what is settled
    held_<minute>   reserved by leases that expire in this minute
    leases_<minute> their names, so that a settlement that arrives twice counts once
    lost            names of leases that were given back unsettled: their call may have been billed
    stop_reason     why nothing more may be reserved; absent while it may

Money is in billionths of a dollar. A lease's name is `<day>-<reserved>-<random>`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from agents.contracts.usage import Spending, Usage

Item: TypeAlias = Mapping[str, Any]

NANO = 1_000_000_000
HELD, LEASES, LOST, STOP_REASON = "held_", "leases_", "lost", "stop_reason"
#: A part of Usage, and the attribute that sums it up.
COUNTS = {
    "requests": "requests",
    "input_tokens": "tokens_in",
    "output_tokens": "tokens_out",
    "cached_tokens": "tokens_cached",
}


def spending_of(item: Item, now: float) -> Spending:
    """The item's figures at a time, in seconds since 1970; a lease that has expired by then is unsettled."""
    live, dead = list[str](), list(names_in(item, LOST))
    for minute in minutes_of(item):
        (live if minute > now else dead).extend(names_in(item, f"{LEASES}{minute}"))
    counts = {name: number_in(item, attribute) for name, attribute in COUNTS.items()}
    return Spending(
        settled=Usage(**counts, usd=number_in(item, "spent") / NANO),
        in_flight_requests=len(live),
        in_flight_usd=sum(map(reserved_by, live)) / NANO,
        unsettled_requests=len(dead),
        unsettled_usd=sum(map(reserved_by, dead)) / NANO,
        stop_reason=str(item.get(STOP_REASON, {}).get("S", "")),
    )


def minutes_of(item: Item) -> list[int]:
    """The minutes in which something reserved expires, in seconds since 1970."""
    return [int(name.removeprefix(HELD)) for name in item if name.startswith(HELD)]


def all_leases(item: Item) -> Iterator[tuple[str, int]]:
    """Every lease that is neither settled nor given back, with its minute."""
    for name in item:
        if name.startswith(LEASES):
            yield from ((lease, int(name.removeprefix(LEASES))) for lease in names_in(item, name))


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

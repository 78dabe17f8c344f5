"""How a shard of an account gets the money that its next reservation needs: from the cap, then from other shards. Pure.

Far from the cap a shard gets a slice for many reservations, so that it seldom asks; near the cap no more than it needs,
so that nothing lies idle in one shard which another one needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

#: Shards of an account: with its own item they fit one BatchGetItem. docs/costs.md has figures for other numbers.
SHARDS = 64
_RESERVATIONS = 8
_SHARE = 8


class Move(NamedTuple):
    """Billionths of a dollar that a shard gets: from what the cap has not granted, and from other shards."""

    granted: int
    taken: Mapping[int, int]

    @property
    def amount(self) -> int:
        """What the shard gets in all."""
        return self.granted + sum(self.taken.values())


def move_for(shard: int, usd: int, unreserved: Mapping[int, int], left: int, shards: int = SHARDS) -> Move | None:
    """What gives the shard enough for a reservation of `usd`; None when the account has not enough in all.

    `left`: what the cap has not granted; below zero when more was granted or spent than it allows.
    """
    missing = max(0, usd - unreserved.get(shard, 0))
    if left >= missing:
        wanted = max(min(_RESERVATIONS * usd, left // _SHARE), left // (2 * shards))
        return Move(min(left, max(missing, wanted)), {})
    if left < 0:
        return None
    taken: dict[int, int] = {}
    missing -= left
    for other in sorted(unreserved, key=lambda number: -unreserved[number]):
        if missing > 0 and other != shard and unreserved[other] > 0:
            taken[other] = min(unreserved[other], max(missing, unreserved[other] // 2))
            missing -= taken[other]
    return Move(left, taken) if missing <= 0 else None


def withdrawal(unreserved: Mapping[int, int], beyond: int) -> dict[int, int]:
    """What to take from which shard, so that `beyond` comes back, or as much of it as is free."""
    taken: dict[int, int] = {}
    for shard, free in unreserved.items():
        amount = min(free, beyond - sum(taken.values()))
        if amount > 0:
            taken[shard] = amount
    return taken

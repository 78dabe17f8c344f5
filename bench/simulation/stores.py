"""The context table and the bucket of a session: their quotas, what was used of them, what is written together. Pure.

Sizes are those of the product: agents/aws/ledger.py says what a reservation and its settlement write,
agents/aws/conversation.py what is stored of an answer.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, MutableMapping

from agents.aws.escrow import SHARDS
from agents.aws.items import WRITE_BATCH
from bench.simulation.events import Bucket, Process, Resume, Simulation
from bench.simulation.place import Place

#: Write units of an item below a kilobyte in a transaction.
_IN_A_TRANSACTION = 2
#: The accounts that pay for a call: a session and a day.
_ACCOUNTS = ("session", "day")
#: Calls of one transaction (agents/aws/ledger_calls.py).
_CALLS_AT_ONCE = 30


class Together:
    """What comes while a write lasts is written by the next one, as agents/aws/group_commit.py does it."""

    def __init__(self, simulation: Simulation, write: Callable[[int], Process], most: int) -> None:
        """`write` writes so many parts, `most` at once."""
        self._simulation, self._write, self._most = simulation, write, most
        self._parts: list[Resume] = []
        self._writing = False

    def add(self, resume: Resume) -> None:
        """Waits until the caller's part is written."""
        self._parts.append(resume)
        if not self._writing:
            self._writing = True
            self._simulation.start(self._groups())

    def _groups(self) -> Process:
        while self._parts:
            group, self._parts = self._parts[: self._most], self._parts[self._most :]
            yield from self._write(len(group))
            for resume in group:
                self._simulation.after(0.0, resume)
        self._writing = False


class Stores:
    """The table and the bucket that all processes of a session share."""

    def __init__(self, simulation: Simulation, place: Place, used: MutableMapping[str, float]) -> None:
        self.simulation, self.place, self.used = simulation, place, used
        self.objects = Bucket(simulation, place.object_writes, place.object_writes)
        self._table = Bucket(simulation, place.table_writes, place.table_writes)
        self._partitions: dict[str, Bucket] = defaultdict(
            lambda: Bucket(simulation, place.partition_writes, place.partition_writes)
        )

    @property
    def waited_for_the_table(self) -> float:
        """Seconds of all writes together."""
        return self._table.waited + sum(partition.waited for partition in self._partitions.values())

    def put_objects(self, many: int) -> Process:
        """Waits for the bucket's quota, without the time of the calls."""
        self.used["object_writes"] += many
        left = float(many)
        while left > 0:
            at_once = min(left, self.objects.size)
            yield self.objects.take(at_once)
            left -= at_once

    def put_items(self, partition: str, units: float) -> Process:
        """Waits for the quotas of the table and of a partition, without the time of the call."""
        self.used["item_writes"] += units
        yield self._table.take(units)
        yield self._partitions[partition].take(units)


class Calls:
    """What one process writes of its calls to a model."""

    def __init__(self, stores: Stores, shard: int) -> None:
        """`shard`: the part of both accounts that the process takes money from, below SHARDS."""
        self._stores, self._shard = stores, shard
        self._supplied = False
        self._ledger = Together(stores.simulation, self._change, _CALLS_AT_ONCE)
        self._turns = Together(stores.simulation, self._put_turns, WRITE_BATCH)

    def reserve(self) -> Process:
        """Takes a call's money; the first time the process's shards are supplied from the accounts."""
        if not self._supplied:
            self._supplied = True
            yield from self._supply()
        yield self._ledger.add

    def settle(self) -> Process:
        """Writes what the call has cost."""
        yield self._ledger.add

    def store(self, shared_characters: float) -> Process:
        """The turn in a blob and an item, and the answer for later sessions where it is shared."""
        yield self._turns.add
        if shared_characters:
            yield from self._stores.put_items("answers", math.ceil(shared_characters / 1_024))
            yield self._stores.place.item_call

    def _supply(self) -> Process:
        for account in _ACCOUNTS:
            self._stores.used["item_reads"] += 1 + SHARDS
            yield self._stores.place.item_call
            yield from self._stores.put_items(account, _IN_A_TRANSACTION)
            yield from self._stores.put_items(f"{account} {self._shard}", _IN_A_TRANSACTION)
            yield self._stores.place.item_call

    def _change(self, calls: int) -> Process:
        """One transaction: each call's lease, which stands in the session's shard, and a shard of each account."""
        for account, items in zip(_ACCOUNTS, (calls + 1, 1), strict=True):
            yield from self._stores.put_items(f"{account} {self._shard}", _IN_A_TRANSACTION * items)
        yield self._stores.place.item_call

    def _put_turns(self, turns: int) -> Process:
        yield from self._stores.put_objects(1)
        yield self._stores.place.object_call
        yield from self._stores.put_items("turns", turns)
        yield self._stores.place.item_call

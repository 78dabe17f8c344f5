"""A table in memory that answers what the budget ledger asks of DynamoDB, in the order of a seeded schedule.

It evaluates the expressions of agents/aws/ledger_changes.py and no others. A transaction has its items while it lasts:
another change of one of them is refused meanwhile, as DynamoDB does. Each written kilobyte is counted for its
partition key, twice in a transaction.
"""

from __future__ import annotations

import heapq
import random
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

Item = dict[str, Any]
_Key = tuple[str, str]
#: Between two looks at a lock, in simulated seconds.
_LOOK_SECONDS = 0.001


class Schedule:
    """Workers as threads of which one runs at a time: the one whose seeded turn comes next in simulated seconds."""

    def __init__(self, seed: int, started_at: float) -> None:
        self.random = random.Random(seed)  # noqa: S311 (a simulation)
        self.at = started_at
        self._waiting: list[tuple[float, int, threading.Semaphore]] = []
        self._count = 0
        self._idle = threading.Semaphore(0)
        self._failed: list[BaseException] = []

    def now(self) -> float:
        """The clock of the ledger."""
        return self.at

    def wait(self, seconds: float) -> None:
        """Let the others run for so long."""
        turn = threading.Semaphore(0)
        self._count += 1
        heapq.heappush(self._waiting, (self.at + seconds, self._count, turn))
        self._idle.release()
        turn.acquire()

    def run(self, workers: Sequence[Callable[[], None]]) -> None:
        """Run all workers to their end. Raises what the first of them raised."""
        threads = [threading.Thread(target=self._work, args=(worker,), daemon=True) for worker in workers]
        for thread in threads:
            thread.start()
            self._idle.acquire()
        while self._waiting:
            self.at, _, turn = heapq.heappop(self._waiting)
            turn.release()
            self._idle.acquire()
        for thread in threads:
            thread.join()
        if self._failed:
            raise self._failed[0]

    def _work(self, worker: Callable[[], None]) -> None:
        try:
            self.wait(0)
            worker()
        except BaseException as error:  # noqa: BLE001 (raised again where the trial ends)
            self._failed.append(error)
        finally:
            self._idle.release()


class TurnLock:
    """A lock for workers of a schedule: whoever waits for it lets the others run."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._taken = False

    def acquire(self, *, timeout: float) -> bool:
        """As `threading.Lock` does."""
        until = self._schedule.at + timeout
        while self._taken and self._schedule.at < until:
            self._schedule.wait(_LOOK_SECONDS)
        if self._taken:
            return False
        self._taken = True
        return True

    def release(self) -> None:
        """Let the next one have it."""
        self._taken = False


class LedgerTable:
    """The calls of DynamoDB's client that the ledger makes."""

    def __init__(self, schedule: Schedule, latency: Callable[[random.Random], float]) -> None:
        self._schedule = schedule
        self._latency = latency
        self.items: dict[_Key, Item] = {}
        self._busy: set[_Key] = set()
        self.units: dict[int, Counter[str]] = defaultdict(Counter)
        """Write units of each partition key, by second."""
        self.conflicts = 0
        self.transactions = 0
        self.throttled = 0
        self.overdrawn = 0
        """How often a shard had less than nothing."""

    def batch_get_item(self, RequestItems: Mapping[str, Any]) -> Any:  # noqa: N803 (AWS's names)
        """The items are not read at one moment: here each half is."""
        ((table, request),) = RequestItems.items()
        keys = [_key(key) for key in request["Keys"]]
        items: list[Item] = []
        for half in (keys[::2], keys[1::2]):
            self._pass()
            items += [dict(self.items[key]) for key in half if key in self.items]
        return {"Responses": {table: items}}

    def get_paginator(self, _: str) -> LedgerTable:
        """Of `query`."""
        return self

    def paginate(self, ExpressionAttributeValues: Mapping[str, Item], **_: Any) -> Iterator[Any]:  # noqa: N803  # as in boto3
        """One page."""
        self._pass()
        partition, prefix = (ExpressionAttributeValues[name]["S"] for name in (":pk", ":prefix"))
        yield {
            "Items": [dict(item) for (pk, sk), item in self.items.items() if pk == partition and sk.startswith(prefix)]
        }

    def update_item(self, **change: Any) -> Any:
        """One change alone."""
        self._pass()
        self._check([change], "ConditionalCheckFailedException", "TransactionConflictException")
        self._write([change], 1)
        return {}

    def transact_write_items(self, TransactItems: Sequence[Mapping[str, Any]]) -> Any:  # noqa: N803  # as in boto3
        """All or nothing."""
        changes = [next(iter(part.values())) for part in TransactItems]
        keys = {_key(change["Key"]) for change in changes}
        self.transactions += 1
        self._pass()
        self._check(changes, "ConditionalCheckFailed", "TransactionConflict")
        self._busy |= keys
        try:
            self._pass()
        finally:
            self._busy -= keys
        self._write(changes, 2)
        return {}

    def _pass(self) -> None:
        self._schedule.wait(self._latency(self._schedule.random))

    def _check(self, changes: Sequence[Item], not_met: str, conflict: str) -> None:
        keys = {_key(change["Key"]) for change in changes}
        second = self.units[int(self._schedule.at)]
        if any(second[pk] >= 1_000 for pk, _ in keys):
            self.throttled += 1
            raise _cancelled("ThrottlingError")
        if keys & self._busy:
            self.conflicts += 1
            raise _cancelled(conflict)
        if not all(_holds(change, self.items.get(_key(change["Key"]), {})) for change in changes):
            for pk, _ in keys:
                second[pk] += 1
            raise _cancelled(not_met)

    def _write(self, changes: Sequence[Item], units: int) -> None:
        for change in changes:
            key = _key(change["Key"])
            if "UpdateExpression" in change:
                before = self.items.get(key, dict(change["Key"]))
                self.items[key] = _updated(change, before)
                self.overdrawn += int(self.items[key].get("unreserved", {"N": "0"})["N"]) < 0
                size = len(str(self.items[key])) // 2  # quotes and braces of our notation are not stored
            else:
                size = len(str(self.items.pop(key, {}))) // 2
            self.units[int(self._schedule.at)][key[0]] += units * (size // 1_024 + 1)


def _key(key: Mapping[str, Any]) -> _Key:
    return key["pk"]["S"], key["sk"]["S"]


def _cancelled(reason: str) -> ClientError:
    answer: Any = {"Error": {"Code": reason, "Message": ""}, "CancellationReasons": [{"Code": reason}]}
    return ClientError(answer, "TransactWriteItems")


def _holds(change: Item, item: Item) -> bool:
    values = change.get("ExpressionAttributeValues", {})
    condition = change.get("ConditionExpression", "").replace("#", "")
    return all(
        any(_term(term.strip(" ()"), item, values) for term in part.split(" OR "))
        for part in filter(None, condition.split(" AND "))
    )


def _term(term: str, item: Item, values: Mapping[str, Item]) -> bool:
    if existence := re.fullmatch(r"attribute_(not_)?exists\((\w+)", term):
        return (existence[2] in item) is not bool(existence[1])
    name, comparison, value = term.split()
    if name not in item:
        return False
    number, limit = int(item[name]["N"]), int(values[value]["N"])
    return number >= limit if comparison == ">=" else number <= limit


def _updated(change: Item, before: Item) -> Item:
    item, values = dict(before), change.get("ExpressionAttributeValues", {})
    for verb, parts in re.findall(r"(ADD|SET|REMOVE) (.*?)(?= SET | REMOVE |$)", change["UpdateExpression"]):
        for part in parts.replace("#", "").split(", "):
            name, *rest = part.split()
            if verb == "ADD":
                item[name] = {"N": str(int(item.get(name, {"N": "0"})["N"]) + int(values[rest[0]]["N"]))}
            elif verb == "SET":
                item[name] = values[rest[1]]
            else:
                item.pop(name, None)
    return item

"""The head of each branch: the session of its newest commit, and the sessions that it displaced.

An item has the order of the head's push, and in the set `displaced` the `session@order` of each earlier head whose
execution may still run: whoever dies between displacing a head and withdrawing it leaves it there for the next.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from agents import keys
from agents.aws.item_changes import Change, ConditionNotMet, ItemChanges
from agents.aws.items import ContextTable, Item
from agents.contracts.pushed import PushedCommit
from agents.errors import StoreThrottled
from agents.keys import DAY_SECONDS
from agents.ports import Clock, DisplacedHead

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

#: Each time another push of the same branch was written in between.
_TRIES = 20


class DynamoDbBranches:
    """Branches over one table. Every method may raise StoreThrottled."""

    def __init__(self, client: DynamoDBClient, table: str, clock: Clock, retention_days: int = 90) -> None:
        self._table = ContextTable(client, table)
        self._changes = ItemChanges(client, table)
        self._clock = clock
        self._retention_seconds = retention_days * DAY_SECONDS

    def is_older(self, pushed: PushedCommit, session_id: str) -> bool:
        """Whether a newer push of the branch has another session."""
        return _is_older(self._table.get(keys.branch_item(pushed.repository, pushed.ref)), pushed, session_id)

    def advance(self, pushed: PushedCommit, session_id: str) -> Collection[DisplacedHead] | None:
        """Make the session the branch's head; those that it displaced, or None when a newer push is the head."""
        key = keys.branch_item(pushed.repository, pushed.ref)
        for _ in range(_TRIES):
            item = self._table.get(key)
            if _is_older(item, pushed, session_id):
                return None
            try:
                return _displaced(self._changes.update(self._moved(key, item, pushed, session_id), whole=True))
            except ConditionNotMet:
                continue
        raise StoreThrottled(f"{pushed.ref} of {pushed.repository}: others moved its head {_TRIES} times in a row")

    def settle(self, pushed: PushedCommit, displaced: Collection[DisplacedHead]) -> None:
        """Forget sessions that were displaced: they are withdrawn."""
        if displaced:
            names = {":names": {"SS": [f"{head.session_id}@{head.order}" for head in displaced]}}
            key = keys.branch_item(pushed.repository, pushed.ref)
            self._changes.update(Change(key, "DELETE displaced :names", "attribute_exists(pk)", names))

    def _moved(self, key: keys.ItemKey, item: Item, pushed: PushedCommit, session_id: str) -> Change:
        """The change of the head from what it was when it was read."""
        before = item["push_order"]["S"] if item else ""
        update = (
            "SET push_order = :order, session_id = :session, pushed_commit = :commit, repository = :repository,"
            " pushed_ref = :ref, expires_at = :expires"
        )
        values: dict[str, Item] = {
            ":order": {"S": max(pushed.order, before)},
            ":session": {"S": session_id},
            ":commit": {"S": pushed.commit},
            ":repository": {"S": pushed.repository},
            ":ref": {"S": pushed.ref},
            ":expires": {"N": str(int(self._clock.now()) + self._retention_seconds)},
        }
        if not item:
            return Change(key, update, "attribute_not_exists(pk)", values)
        values |= {":before": {"S": before}, ":head": item["session_id"]}
        if item["session_id"]["S"] != session_id:
            update += " ADD displaced :displaced"
            values[":displaced"] = {"SS": [f"{item['session_id']['S']}@{before}"]}
        return Change(key, update, "push_order = :before AND session_id = :head", values)


def _is_older(item: Item, pushed: PushedCommit, session_id: str) -> bool:
    """One order is one push: a redrive of it under another release has another session, and is not older."""
    return bool(item) and item["session_id"]["S"] != session_id and item["push_order"]["S"] > pushed.order


def _displaced(item: Item) -> Collection[DisplacedHead]:
    names = item.get("displaced", {"SS": []})["SS"]
    return [DisplacedHead(*name.split("@")) for name in sorted(names)]

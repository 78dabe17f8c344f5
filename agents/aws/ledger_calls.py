"""Writes what calls change in the ledger; what threads of one process change at the same time is one transaction."""

from __future__ import annotations

from collections.abc import Sequence

from agents.aws.group_commit import GroupCommit, Lock, NotTogether
from agents.aws.item_changes import ConditionNotMet, ItemChanges
from agents.aws.ledger_changes import CallChange, together

#: A transaction takes 100 items: a lease and two shards for each call, if all differ.
_CALLS_AT_ONCE = 30


class CallChanges:
    """Changes leases and shards. A shard is written once for all calls of a group, so it is less busy, too."""

    def __init__(self, items: ItemChanges, lock: Lock) -> None:
        self._items = items
        self._in_groups = GroupCommit(self._write, _CALLS_AT_ONCE, lock)

    def make(self, change: CallChange) -> bool:
        """Make the change; whether nobody else changed its items meanwhile. Raises ConditionNotMet, StoreThrottled."""
        return self._in_groups(change)

    def _write(self, calls: Sequence[CallChange]) -> bool:
        if len({call.lease.key for call in calls}) < len(calls):
            raise NotTogether  # a transaction takes each item once
        try:
            return self._items.transact(together(calls))
        except ConditionNotMet as error:
            if len(calls) > 1:  # one of them has no lease, or no money; the others may be right
                raise NotTogether from error
            raise

"""Conditional changes of items, alone or together in one transaction, each made to wait for its turn."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from botocore.exceptions import ClientError

from agents.aws.failures import code_of, our_errors
from agents.aws.items import Item, key_of
from agents.errors import StoreThrottled
from agents.keys import ItemKey

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_T = TypeVar("_T")
#: DynamoDB refuses two transactions on one item at the same time: how often one tries, and its pauses in seconds.
_TRIES, _FIRST_PAUSE, _LONGEST_PAUSE = 12, 0.02, 1.0
_CONFLICTS = frozenset({"TransactionConflict", "TransactionConflictException", "TransactionInProgressException"})
_BUSY = frozenset({"ThrottlingError", "ProvisionedThroughputExceeded"})
#: Attributes of ours that are reserved words of DynamoDB: an expression writes `#` before them.
_RESERVED = ("total", "status", "execution")
_NOT_MET = frozenset({"ConditionalCheckFailed", "ConditionalCheckFailedException"})


class ConditionNotMet(Exception):
    """A change's condition did not hold; nothing was changed.

    `item` is the item as it is, empty if there is none; a transaction does not say.
    """

    def __init__(self, what: str, item: Item) -> None:
        super().__init__(what)
        self.item = item


class Change(NamedTuple):
    """An update of one item, made only if its condition holds; an empty update deletes it."""

    key: ItemKey
    update: str
    condition: str
    values: Mapping[str, Item]


class ItemChanges:
    """Changes items of one table. Every method may raise StoreThrottled."""

    def __init__(self, client: DynamoDBClient, table: str, pause: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._table = table
        self._pause = pause

    def update(self, change: Change, *, whole: bool = False) -> Item:
        """Change one item; the whole item as it is then, where it is asked for. Raises ConditionNotMet."""
        wanted: dict[str, Any] = self._described(change)
        if change.condition:
            wanted["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"

        def update() -> Any:
            return self._client.update_item(**wanted, ReturnValues="ALL_NEW" if whole else "NONE")

        answer, _ = self._in_turn(change.key.pk, update)
        return dict(answer.get("Attributes", {}))

    def transact(self, changes: Sequence[Change]) -> bool:
        """Make all changes or none; whether nobody else changed these items meanwhile. Raises ConditionNotMet."""
        items: list[Any] = [{"Update" if change.update else "Delete": self._described(change)} for change in changes]
        _, tries = self._in_turn(changes[0].key.pk, lambda: self._client.transact_write_items(TransactItems=items))
        return tries == 1

    def _described(self, change: Change) -> dict[str, Any]:
        """The change as the API takes it."""
        described: dict[str, Any] = {"TableName": self._table, "Key": key_of(change.key)}
        if change.update:
            described["UpdateExpression"] = change.update
        text = f"{change.update} {change.condition}"
        named = {f"#{name}": name for name in _RESERVED if f"#{name}" in text}
        if named:
            described["ExpressionAttributeNames"] = named
        if change.values:
            described["ExpressionAttributeValues"] = change.values
        return {**described, "ConditionExpression": change.condition} if change.condition else described

    def _in_turn(self, what: str, change: Callable[[], _T]) -> tuple[_T, int]:
        """Make a change, again and again while others change the same item; its answer, and the number of tries.

        Raises ConditionNotMet, StoreThrottled.
        """
        for attempt in range(_TRIES):
            try:
                with our_errors(what):
                    return change(), attempt + 1
            except ClientError as error:
                reasons = _reasons(error)
                if reasons & _NOT_MET:
                    # The stubs' error response has no Item, which ALL_OLD adds to it.
                    item: Item = error.response.get("Item", {})  # type: ignore[assignment]
                    raise ConditionNotMet(what, item) from error
                if not reasons & (_CONFLICTS | _BUSY):
                    raise
            # Jitter spreads those who wait; it is no secret.
            self._pause(random.uniform(0, min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**attempt)))  # noqa: S311
        raise StoreThrottled(f"{what}: others changed the item {_TRIES} times in a row")


def _reasons(error: ClientError) -> set[str]:
    """The error's code, and those of each change of a transaction that was cancelled."""
    # The stubs know no reasons of a cancelled transaction.
    cancelled: Sequence[Mapping[str, str]] = error.response.get("CancellationReasons", ())  # type: ignore[assignment]
    return {code_of(error), *(str(reason.get("Code")) for reason in cancelled)}

"""Items of the context table, as DynamoDB's low-level client takes and gives them, in its batches."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from agents.aws.failures import our_errors
from agents.contracts.session import Session, SessionStatus
from agents.errors import StoreThrottled
from agents.keys import ItemKey

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

Item: TypeAlias = dict[str, Any]
_T = TypeVar("_T")

#: Items of one batch that is written.
WRITE_BATCH = 25
_READ_BATCH = 100
#: How often a batch's rest is asked for again; with the doubling pause below, six seconds at most.
_ATTEMPTS = 8
_FIRST_PAUSE_SECONDS = 0.05


def session_in(item: Item) -> Session:
    """The session in its item: the attributes that change with its life are not in the body."""
    session = Session.model_validate_json(item["body"]["S"])
    return session.with_changes(status=SessionStatus(item["status"]["S"]), superseded="superseded" in item)


def key_of(key: ItemKey) -> Item:
    """A primary key as DynamoDB takes it."""
    return {"pk": {"S": key.pk}, "sk": {"S": key.sk}}


def _chunks(things: Iterable[_T], size: int) -> Iterator[list[_T]]:
    rest = iter(things)
    while chunk := list(islice(rest, size)):
        yield chunk


class ContextTable:
    """Reads and writes items; what DynamoDB leaves of a batch is asked for again, a bounded number of times."""

    def __init__(self, client: DynamoDBClient, name: str, pause: Callable[[float], None] = time.sleep) -> None:
        self.client = client
        self.name = name
        self._pause = pause

    def get(self, key: ItemKey) -> Item:
        """The item as it is now; empty if there is none. Raises StoreThrottled."""
        with our_errors(" ".join(key)):
            answer = self.client.get_item(TableName=self.name, Key=key_of(key), ConsistentRead=True)
        return answer.get("Item", {})

    def put(self, item: Item) -> None:
        """Write the item in place of an earlier one. Raises StoreThrottled."""
        with our_errors(f"{item['pk']['S']} {item['sk']['S']}"):
            self.client.put_item(TableName=self.name, Item=item)

    def get_many(self, keys: Iterable[ItemKey]) -> Iterator[Item]:
        """Those of the items that exist, in no order. The keys must differ. Raises StoreThrottled."""
        for chunk in _chunks(keys, _READ_BATCH):
            pending: Mapping[str, Any] = {self.name: {"Keys": [key_of(key) for key in chunk], "ConsistentRead": True}}
            for pause in self._pauses():
                with our_errors(f"table {self.name}"):
                    answer = self.client.batch_get_item(RequestItems=pending)
                yield from answer["Responses"].get(self.name, [])
                pending = answer.get("UnprocessedKeys", {})
                if not pending:
                    break
                self._pause(pause)
            else:
                raise StoreThrottled(f"table {self.name}: keys stayed unprocessed after {_ATTEMPTS} attempts")

    def put_many(self, items: Iterable[Item]) -> None:
        """Write the items; the keys must differ. Raises StoreThrottled."""
        self._write({"PutRequest": {"Item": item}} for item in items)

    def delete_many(self, keys: Iterable[ItemKey]) -> None:
        """Delete the items. Raises StoreThrottled."""
        self._write({"DeleteRequest": {"Key": key_of(key)}} for key in keys)

    def query(self, partition: str, prefix: str) -> Iterator[Item]:
        """Every item of the partition whose sort key begins with the prefix. Raises StoreThrottled."""
        pages = self.client.get_paginator("query").paginate(
            TableName=self.name,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
            ExpressionAttributeValues={":pk": {"S": partition}, ":prefix": {"S": prefix}},
            ConsistentRead=True,
        )
        with our_errors(f"table {self.name}"):
            for page in pages:
                yield from page["Items"]

    def newest(self, partition: str, limit: int) -> Sequence[Item]:
        """The items of the partition with the highest sort keys, as far as one answer holds. Raises StoreThrottled."""
        with our_errors(f"table {self.name}"):
            answer = self.client.query(
                TableName=self.name,
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues={":pk": {"S": partition}},
                ScanIndexForward=False,
                Limit=limit,
                ConsistentRead=True,
            )
        return answer["Items"]

    def _write(self, requests: Iterable[Item]) -> None:
        for chunk in _chunks(requests, WRITE_BATCH):
            pending: Mapping[str, Sequence[Any]] = {self.name: chunk}
            for pause in self._pauses():
                with our_errors(f"table {self.name}"):
                    pending = self.client.batch_write_item(RequestItems=pending).get("UnprocessedItems", {})
                if not pending:
                    break
                self._pause(pause)
            else:
                raise StoreThrottled(f"table {self.name}: items stayed unprocessed after {_ATTEMPTS} attempts")

    @staticmethod
    def _pauses() -> Iterator[float]:
        return (_FIRST_PAUSE_SECONDS * 2**attempt for attempt in range(_ATTEMPTS))

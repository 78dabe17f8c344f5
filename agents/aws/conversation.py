"""A session's turns: an item each in the context table, messages and reply in a blob, alone or with others."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from agents import keys
from agents.aws.failures import our_errors
from agents.aws.group_commit import GroupCommit, NotTogether
from agents.aws.items import WRITE_BATCH, ContextTable, Item, key_of
from agents.contracts.conversation import Turn, body_in
from agents.errors import BlobMissing
from agents.ports import BlobStore, Clock

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

#: An item holds 400 KB.
_SHARED_LIMIT_BYTES = 300_000


class _WholeTurn(NamedTuple):
    """A turn, and its messages and reply as JSON."""

    turn: Turn
    text: bytes


class StoredConversation:
    """A Conversation of one session."""

    def __init__(
        self, session_id: str, client: DynamoDBClient, table: str, blobs: BlobStore, clock: Clock, retention_days: int
    ) -> None:
        self._session_id = session_id
        self._client = client
        self._table = ContextTable(client, table)
        self._blobs = blobs
        self._clock = clock
        self._retention_seconds = retention_days * keys.DAY_SECONDS
        self._together = GroupCommit(self._write, WRITE_BATCH, threading.Lock())

    def recall(self, role: str, question: str) -> tuple[Turn, str] | None:
        """The turn that answered this question, and its reply as JSON; None if there is none."""
        with our_errors(self._session_id):
            item = self._client.get_item(
                TableName=self._table.name, Key=key_of(keys.turn_item(self._session_id, role, question))
            ).get("Item")
        if item is None or int(item["expires_at"]["N"]) <= self._clock.now():
            return None
        turn = Turn.model_validate_json(item["body"]["S"])
        try:
            return turn, str(json.loads(turn.text(self._blobs.read))["reply"])
        except BlobMissing:
            return None

    def keep(self, turn: Turn, messages: Sequence[str], reply: str) -> None:
        """Store a turn; turns that come at the same time are stored together."""
        self._together(_WholeTurn(turn, json.dumps({"messages": list(messages), "reply": reply}).encode()))

    def share(self, question: str, reply: str) -> None:
        """Let every later session have the reply to exactly this question; one that no item can hold is not shared."""
        body = reply.encode()
        if len(body) > _SHARED_LIMIT_BYTES:
            return
        attributes = {
            "reply": {"S": reply},
            "session_id": {"S": self._session_id},
            "expires_at": {"N": str(self._end())},
        }
        self._table.put(key_of(keys.answer_item(question)) | attributes)

    def recall_shared(self, question: str) -> str | None:
        """The reply that an earlier session has shared, as JSON; None if there is none, or it has expired."""
        with our_errors(self._session_id):
            item = self._client.get_item(TableName=self._table.name, Key=key_of(keys.answer_item(question))).get("Item")
        if item is None or int(item["expires_at"]["N"]) <= self._clock.now():
            return None
        return str(item["reply"]["S"])

    def _write(self, group: Sequence[_WholeTurn]) -> None:
        """Store turns, the blob first, so that no item points nowhere. Raises NotTogether where two or more fail."""
        if len(group) == 1:
            turn, text = group[0]
            key = keys.turn(self._session_id, turn.role, turn.question)
            self._blobs.write(key, text)
            self._table.put(self._item(turn, key))
            return
        body = b"".join(whole.text for whole in group)
        key = keys.turns(self._session_id, group[0].turn.role, hashlib.sha256(body).hexdigest())
        ends = accumulate(len(whole.text) for whole in group)
        items = [
            self._item(turn, body_in(key, end - len(text), end)) for (turn, text), end in zip(group, ends, strict=True)
        ]
        try:
            self._blobs.write(key, body)
            self._table.put_many(items)
        except Exception as error:
            raise NotTogether from error  # what is wrong with one turn must not cost the other answers

    def _item(self, turn: Turn, body: str) -> Item:
        attributes = {
            "body": {"S": turn.with_changes(body=body).model_dump_json()},
            "expires_at": {"N": str(self._end())},
        }
        return key_of(keys.turn_item(self._session_id, turn.role, turn.question)) | attributes

    def _end(self) -> int:
        return int(self._clock.now()) + self._retention_seconds

    def turns(self) -> list[Turn]:
        """Every turn of the session, in the order they were asked."""
        items = self._table.query(keys.session_item(self._session_id).pk, "turn#")
        return sorted((Turn.model_validate_json(item["body"]["S"]) for item in items), key=lambda turn: turn.asked_at)

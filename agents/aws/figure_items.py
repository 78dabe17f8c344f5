"""What closed sessions say about the versions of the state machine, in the context table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from agents.aws.items import ContextTable, key_of
from agents.contracts.trail import NEWEST_SESSIONS, SessionFigures
from agents.keys import DAY_SECONDS, version_item
from agents.ports import Clock

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class DynamoDbFigureItems:
    """A FigureItems over one table. Every method may raise StoreThrottled."""

    def __init__(self, client: DynamoDBClient, table: str, clock: Clock, retention_days: int) -> None:
        self._table = ContextTable(client, table)
        self._clock, self._retention_seconds = clock, retention_days * DAY_SECONDS

    def save(self, figures: SessionFigures) -> None:
        """Write what a closed session says about its version; a retry replaces it."""
        expires = int(self._clock.now()) + self._retention_seconds
        key = version_item(figures.version, figures.opened_at, figures.session_id)
        item = key_of(key) | {"expires_at": {"N": str(expires)}, "body": {"S": figures.model_dump_json()}}
        self._table.put(item)

    def of_version(self, version: int) -> Sequence[SessionFigures]:
        """The newest closed sessions of a version of the state machine."""
        items = self._table.newest(version_item(version).pk, NEWEST_SESSIONS)
        return [SessionFigures.model_validate_json(item["body"]["S"]) for item in items]

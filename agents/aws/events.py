"""Events on EventBridge, written into the context table until the bus has taken them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from agents import keys
from agents.aws.failures import our_errors
from agents.aws.items import ContextTable, Item, key_of
from agents.contracts.events import SOURCE, ReleaseEvent, SessionEvent
from agents.errors import StoreThrottled
from agents.keys import DAY_SECONDS
from agents.ports import Clock, UnsentEvent

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_events import EventBridgeClient
    from types_boto3_events.type_defs import PutEventsRequestEntryTypeDef

#: EventBridge takes so many events in one call.
_BATCH = 10
#: PutEvents answers 200 also when it took only some of the events; the others are sent again after these pauses.
_PAUSES = (0.1, 0.4)
_log = logging.getLogger("swarm")
_EventT = TypeVar("_EventT", SessionEvent, ReleaseEvent)


class EventBridgeEvents:
    """An Events over one bus and the context table."""

    def __init__(
        self,
        bus: str,
        client: Callable[[], EventBridgeClient],
        table: tuple[DynamoDBClient, str],
        clock: Clock,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._bus, self._client, self._clock, self._pause = bus, client, clock, pause
        self._table = ContextTable(*table)

    def prepare(self, event: SessionEvent) -> None:
        """Write the event down. Raises StoreThrottled."""
        self._write(event, certain=False)

    def send(self, *events: SessionEvent) -> None:
        """Put the events on the bus and delete what was written down; what the bus does not take stays, as certain."""
        for start in range(0, len(events), _BATCH):
            left = self._put(events[start : start + _BATCH])
            for event in events[start : start + _BATCH]:
                try:
                    if event in left:
                        self._write(event, certain=True)
                    else:
                        self.forget(event)
                except (StoreThrottled, ClientError):  # it stays as it was: Reap looks whether it came true
                    _log.exception("event %s stays written down", event.event_id)

    def send_release(self, event: ReleaseEvent) -> None:
        """Put the event on the bus; the log names it if the bus does not take it."""
        self._put([event])

    def unsent(self) -> Sequence[UnsentEvent]:
        """The events that are written down. Raises StoreThrottled."""
        key = keys.unsent_event_item("")
        unsent = []
        for item in self._table.query(key.pk, key.sk):
            try:
                event = SessionEvent.model_validate_json(item["body"]["S"])
            except ValueError:  # of a release with other events: it expires, and holds up no other
                _log.exception("%s cannot be read", item["sk"]["S"])
            else:
                unsent.append(UnsentEvent(event, item["certain"]["BOOL"]))
        return unsent

    def forget(self, event: SessionEvent) -> None:
        """Delete what was written down. Raises StoreThrottled."""
        with our_errors(event.event_id):
            self._table.client.delete_item(TableName=self._table.name, Key=_key(event))

    def _write(self, event: SessionEvent, certain: bool) -> None:
        item: Item = {
            **_key(event),
            "body": {"S": event.model_dump_json()},
            "certain": {"BOOL": certain},
            "expires_at": {"N": str(int(self._clock.now()) + 14 * DAY_SECONDS)},
        }
        self._table.put(item)

    def _put(self, events: Sequence[_EventT]) -> list[_EventT]:
        """Those of the events that the bus has not taken after a few attempts."""
        left, reason = list(events), ""
        for pause in (*_PAUSES, 0.0):
            try:
                answer = self._client().put_events(Entries=[self._entry(event) for event in left])
            except (ClientError, BotoCoreError) as error:
                reason = str(error)  # botocore has tried several times
                break
            if not answer["FailedEntryCount"]:
                return []
            refused = [
                (event, entry) for event, entry in zip(left, answer["Entries"], strict=True) if "ErrorCode" in entry
            ]
            left = [event for event, _ in refused]
            reason = f"{refused[0][1]['ErrorCode']}: {refused[0][1].get('ErrorMessage', '')}"
            self._pause(pause)
        names = ", ".join(f"{event.detail_type} ({event.event_id})" for event in left)
        _log.error("the bus %s did not take %s: %s", self._bus, names, reason)
        return left

    def _entry(self, event: SessionEvent | ReleaseEvent) -> PutEventsRequestEntryTypeDef:
        return {
            "EventBusName": self._bus,
            "Source": SOURCE,
            "DetailType": event.detail_type,
            "Time": datetime.fromtimestamp(event.occurred_at, UTC),
            "Resources": event.resources,
            "Detail": event.model_dump_json(),
        }


def _key(event: SessionEvent) -> Item:
    return key_of(keys.unsent_event_item(event.event_id))

"""A program that reads the events of sessions on the local cloud: a rule on the bus, and a queue behind it."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field

from agents.contracts.events import SOURCE, SessionEvent
from local.cloud import LocalCloud


@dataclass
class EventReader:
    """Reads events of every session, and remembers them by session."""

    cloud: LocalCloud
    name: str = "reader"
    heard: list[tuple[str, SessionEvent]] = field(default_factory=list)

    def __post_init__(self) -> None:
        bus, sqs, events = self.cloud.outputs["event_bus"], self.cloud.client("sqs"), self.cloud.client("events")
        self._queue = sqs.create_queue(QueueName=self.name)["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=self._queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        events.put_rule(Name=self.name, EventBusName=bus, EventPattern=json.dumps({"source": [SOURCE]}))
        events.put_targets(Rule=self.name, EventBusName=bus, Targets=[{"Id": "queue", "Arn": arn}])

    def of(self, name: str, last: str, seconds: float = 60) -> list[tuple[str, SessionEvent]]:
        """The events of a session or a commit with their detail types, oldest first; waits for the one named `last`."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._read()
            own = [(kind, event) for kind, event in self.heard if name in {event.session_id, event.commit}]
            if last in [kind for kind, _ in own]:
                return sorted(own, key=lambda pair: pair[1].occurred_at)
        raise AssertionError(f"no {last} of {name}: {self.heard}")

    def _read(self) -> None:
        sqs = self.cloud.client("sqs")
        answer = sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        for message in answer.get("Messages", []):
            envelope = json.loads(message["Body"])
            self.heard.append((envelope["detail-type"], SessionEvent.model_validate(envelope["detail"])))
            sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"])

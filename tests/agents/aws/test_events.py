"""Events reach the bus, and those that it does not take stay written down."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from botocore.exceptions import ClientError

from agents.aws.events import EventBridgeEvents
from agents.contracts.events import EventPointers, ReleaseEvent, SessionEvent
from agents.contracts.session import SessionStatus
from agents.contracts.trail import CanaryFigures, VersionFigures
from agents.ports import UnsentEvent
from tests.agents.aws.conftest import REGION
from tests.agents.fakes import EXECUTION, SESSION_ID, FakeClock

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_events import EventBridgeClient


def event(number: int = 1) -> SessionEvent:
    return SessionEvent(
        event_id=f"e{number:020x}",
        session_id=SESSION_ID,
        status=SessionStatus.PUBLISHED,
        occurred_at=1_800_000_000,
        environment="test",
        repository="acme/engine",
        execution=EXECUTION,
        release="r0",
        model="extractive",
        cap_usd=10,
        pointers=EventPointers(bucket="context-bucket"),
    )


def release() -> ReleaseEvent:
    figures = CanaryFigures(percent=10, former=VersionFigures(version=1), new=VersionFigures(version=2))
    return ReleaseEvent(
        event_id=f"e{7:020x}",
        decision="went-back",
        occurred_at=1_800_000_000,
        environment="test",
        release="r1",
        before="r2",
        version=2,
        canary=figures,
    )


class Bus:
    """EventBridge that refuses some events of each call, by their place in it; an error is raised instead."""

    def __init__(self, *refusals: set[int] | Exception) -> None:
        self.refusals = list(refusals)
        self.calls: list[list[dict[str, Any]]] = []

    def put_events(self, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 (boto3's name)
        self.calls.append(Entries)
        refused = self.refusals.pop(0) if self.refusals else set()
        if isinstance(refused, Exception):
            raise refused
        answers = [
            {"ErrorCode": "ThrottlingException", "ErrorMessage": "slower"} if place in refused else {"EventId": "1"}
            for place in range(len(Entries))
        ]
        return {"FailedEntryCount": len(refused), "Entries": answers}

    @property
    def sent(self) -> list[list[str]]:
        return [[json.loads(entry["Detail"])["event_id"][-2:] for entry in call] for call in self.calls]


def events_over(bus: Bus, dynamodb: DynamoDBClient, table: str = "context") -> EventBridgeEvents:
    client = cast("EventBridgeClient", bus)
    return EventBridgeEvents("swarm-test", lambda: client, (dynamodb, table), FakeClock(), pause=lambda _: None)


def test_a_rule_on_the_bus_delivers_the_event(dynamodb: DynamoDBClient) -> None:
    bus, queues = boto3.client("events", region_name=REGION), boto3.client("sqs", region_name=REGION)
    bus.create_event_bus(Name="swarm-test")
    queue = queues.create_queue(QueueName="reader")["QueueUrl"]
    arn = queues.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    pattern = {"source": ["serverless-swarm"], "detail-type": ["Session Published"]}
    bus.put_rule(Name="reader", EventBusName="swarm-test", EventPattern=json.dumps(pattern))
    bus.put_targets(Rule="reader", EventBusName="swarm-test", Targets=[{"Id": "queue", "Arn": arn}])

    EventBridgeEvents("swarm-test", lambda: bus, (dynamodb, "context"), FakeClock()).send(event())

    (message,) = queues.receive_message(QueueUrl=queue)["Messages"]
    envelope = json.loads(message["Body"])
    assert (envelope["source"], envelope["detail-type"]) == ("serverless-swarm", "Session Published")
    assert envelope["resources"] == [EXECUTION]
    assert SessionEvent.model_validate(envelope["detail"]) == event()


def test_what_was_written_down_is_gone_once_it_is_sent(dynamodb: DynamoDBClient) -> None:
    events = events_over(Bus(), dynamodb)
    events.prepare(event())
    assert events.unsent() == [UnsentEvent(event(), certain=False)]
    events.send(event())
    assert events.unsent() == []


def test_only_the_events_that_the_bus_refused_are_sent_again(dynamodb: DynamoDBClient) -> None:
    bus = Bus({1, 2}, {0})
    events = events_over(bus, dynamodb)
    events.send(event(1), event(2), event(3))
    assert bus.sent == [["01", "02", "03"], ["02", "03"], ["02"]]
    assert events.unsent() == []


@pytest.mark.parametrize(
    "refusals",
    [({0}, {0}, {0}), (ClientError({"Error": {"Code": "InternalFailure", "Message": "no"}}, "PutEvents"),)],
    ids=["refused", "unreachable"],
)
def test_what_the_bus_never_takes_stays_and_is_certain(
    dynamodb: DynamoDBClient, caplog: pytest.LogCaptureFixture, refusals: tuple[set[int] | Exception, ...]
) -> None:
    events = events_over(Bus(*refusals), dynamodb)
    events.send(event())
    assert events.unsent() == [UnsentEvent(event(), certain=True)]
    assert "did not take Session Published" in caplog.text


def test_ten_events_go_in_a_call(dynamodb: DynamoDBClient) -> None:
    bus = Bus()
    events_over(bus, dynamodb).send(*map(event, range(12)))
    assert [len(call) for call in bus.calls] == [10, 2]


def test_a_table_that_fails_too_fails_nobody(dynamodb: DynamoDBClient, caplog: pytest.LogCaptureFixture) -> None:
    events = events_over(Bus({0}, {0}, {0}), dynamodb, "none")
    events.send(event())
    assert "stays written down" in caplog.text


def test_an_event_of_another_release_holds_up_no_other(dynamodb: DynamoDBClient) -> None:
    events = events_over(Bus(), dynamodb)
    events.prepare(event(1))
    events.prepare(event(2))
    dynamodb.update_item(
        TableName="context",
        Key={"pk": {"S": "unsent-events"}, "sk": {"S": f"event#{event(1).event_id}"}},
        UpdateExpression="SET body = :other",
        ExpressionAttributeValues={":other": {"S": '{"schema_version": "9"}'}},
    )
    assert events.unsent() == [UnsentEvent(event(2), certain=False)]


def test_an_event_about_a_release_goes_on_the_bus_and_needs_no_table(dynamodb: DynamoDBClient) -> None:
    bus = Bus({0})
    events_over(bus, dynamodb, "none").send_release(release())
    assert bus.sent == [["07"], ["07"]], "what the bus refused is sent again"
    (entry,) = bus.calls[-1]
    assert (entry["DetailType"], list(entry["Resources"])) == ("Canary Went Back", [])
    assert ReleaseEvent.model_validate_json(entry["Detail"]) == release()


def test_a_bus_that_cannot_be_reached_leaves_the_release_to_the_log(
    dynamodb: DynamoDBClient, caplog: pytest.LogCaptureFixture
) -> None:
    refusal = ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "PutEvents")
    events_over(Bus(refusal), dynamodb, "none").send_release(release())
    assert "did not take Canary Went Back" in caplog.text

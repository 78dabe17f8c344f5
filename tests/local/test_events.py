"""What a rule's target makes of an event."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.moto.events import aws_time, object_created, target_input, task_stopped, value_at

EVENT = object_created(
    bucket="uploads",
    key='uploads/a "b".zip',
    size=3,
    etag="e",
    version_id="v1",
    reason="PutObject",
    region="eu-west-1",
    account="123456789012",
)


def test_the_object_is_described_in_s3s_own_words() -> None:
    described = EVENT["detail"]["object"]

    assert {name: described[name] for name in ("key", "size", "etag", "version-id")} == {
        "key": 'uploads/a "b".zip',
        "size": 3,
        "etag": "e",
        "version-id": "v1",
    }
    assert EVENT["detail"]["reason"] == "PutObject"
    assert EVENT["time"].endswith("Z")


def test_a_stopped_task_is_described_in_ecs_own_words() -> None:
    event = task_stopped({"taskArn": "arn:task", "lastStatus": "STOPPED"}, region="eu-west-1", account="123456789012")

    assert (event["source"], event["detail-type"]) == ("aws.ecs", "ECS Task State Change")
    assert event["resources"] == ["arn:task"]
    assert event["detail"] == {"taskArn": "arn:task", "lastStatus": "STOPPED"}


def test_an_unversioned_object_has_no_version() -> None:
    event = object_created(
        bucket="b", key="k", size=0, etag="e", version_id=None, reason="PutObject", region="r", account="a"
    )

    assert "version-id" not in event["detail"]["object"]


def test_a_target_without_wishes_gets_the_whole_event() -> None:
    assert json.loads(target_input({"Arn": "x"}, EVENT)) == EVENT


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ({"Input": '{"constant": 1}'}, {"constant": 1}),
        ({"InputPath": "$.detail.object.size"}, 3),
        (
            {"InputTransformer": {"InputPathsMap": {"k": "$.detail.object.key"}, "InputTemplate": '{"key": <k>}'}},
            {"key": 'uploads/a "b".zip'},
        ),
        (
            {
                "InputTransformer": {
                    "InputPathsMap": {"k": "$.detail.object.key"},
                    "InputTemplate": '{"say": "got <k>"}',
                }
            },
            {"say": 'got uploads/a "b".zip'},
        ),
        (
            {
                "InputTransformer": {
                    "InputPathsMap": {"o": "$.detail.object.size"},
                    "InputTemplate": '{"n": <o>, "m": <x>}',
                }
            },
            None,
        ),
    ],
)
def test_input_is_made_as_eventbridge_makes_it(target: dict[str, Any], expected: Any) -> None:
    made = target_input(target, EVENT)

    assert (json.loads(made) == expected) if expected is not None else ("<x>" in made)


def test_a_missing_path_is_null() -> None:
    assert value_at(EVENT, "$.detail.nothing.here") is None


def test_seconds_become_the_time_that_targets_see() -> None:
    assert aws_time({"time": 0, "ingestion-time": 1.0}) == {"time": "1970-01-01T00:00:00Z"}

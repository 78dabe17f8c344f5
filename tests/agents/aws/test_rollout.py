"""Versions, aliases and the trail on moto: what the deciding function sees and moves."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest
from botocore.exceptions import ClientError

from agents.aws import rollout
from agents.aws.rollout import LazyRollout, trail_key
from agents.contracts.trail import TrailEntry
from tests.agents.fakes import settings

MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:documentation"
BUCKET = "releases"
SETTINGS = settings(
    "DecideCanary", state_machine_alias=f"{MACHINE}:live", release_bucket=BUCKET, function_names="scan,reap"
)


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Clients that answer what a test says; at first the alias is split, and the trail empty."""
    states, functions, s3 = MagicMock(), MagicMock(), MagicMock()
    monkeypatch.setattr(
        rollout,
        "clients",
        SimpleNamespace(step_functions=lambda: states, functions=lambda: functions, s3=lambda: s3),
    )
    states.list_state_machine_versions.return_value = {"stateMachineVersions": [version(3), version(12), version(2)]}
    route(states, {2: 90, 3: 10})
    keep(s3)
    return SimpleNamespace(states=states, functions=functions, s3=s3)


def version(number: int) -> dict[str, Any]:
    return {"stateMachineVersionArn": f"{MACHINE}:{number}"}


def route(states: MagicMock, weights: dict[int, int]) -> None:
    routes = [{**version(number), "weight": weight} for number, weight in weights.items()]
    changed = MagicMock()
    changed.timestamp.return_value = 5.0
    states.describe_state_machine_alias.return_value = {"routingConfiguration": routes, "updateDate": changed}


def keep(s3: MagicMock, *entries: TrailEntry) -> None:
    listed = [{"Key": trail_key(entry.at, entry.event)} for entry in entries]
    s3.get_paginator.return_value.paginate.return_value = [{"Contents": listed}]
    texts = {trail_key(entry.at, entry.event): entry.model_dump_json().encode() for entry in entries}
    s3.get_object.side_effect = lambda **request: {"Body": MagicMock(read=lambda: texts[request["Key"]])}


def test_versions_are_compared_as_numbers_and_the_last_decision_counts(aws: SimpleNamespace) -> None:
    keep(
        aws.s3,
        TrailEntry(event="went-back", release="a", at=1, version=2),
        TrailEntry(event="rolled-back", release="a", at=2, version=11),
        TrailEntry(event="canary-began", release="a", at=3, version=12),
    )
    routing = LazyRollout(SETTINGS).routing()
    assert (routing.former, routing.new, routing.percent, routing.since) == (2, 3, 10, 5.0)
    assert (routing.newest, routing.judged) == (12, 11)


def test_a_version_with_weight_0_has_no_share_and_a_stack_at_its_newest_reads_no_trail(aws: SimpleNamespace) -> None:
    route(aws.states, {12: 100, 3: 0})
    routing = LazyRollout(SETTINGS).routing()
    assert (routing.former, routing.new, routing.newest) == (12, None, 12)
    aws.s3.get_paginator.assert_not_called()


def test_functions_follow_to_their_newest_version_of_the_release_and_others_stay(aws: SimpleNamespace) -> None:
    def versions(**request: str) -> list[dict[str, Any]]:
        releases = {"scan": ["a", "b", "b", "c"], "reap": ["a"]}[request["FunctionName"]]
        published = [
            {"Version": str(number), "Environment": {"Variables": {"SWARM_RELEASE": release}}}
            for number, release in enumerate(releases, start=8)
        ]
        return [{"Versions": [{"Version": "$LATEST"}, *published]}]

    aws.functions.get_paginator.return_value.paginate.side_effect = versions
    LazyRollout(SETTINGS).move_functions("b")
    aws.functions.update_alias.assert_called_once_with(FunctionName="scan", Name="live", FunctionVersion="10")


def test_an_entry_overwrites_none_and_a_refusal_is_not_swallowed(aws: SimpleNamespace) -> None:
    entry = TrailEntry(event="rolled-out", release="a", at=7, version=3)
    LazyRollout(SETTINGS).append(entry)
    put = aws.s3.put_object.call_args.kwargs
    assert (put["Key"], put["IfNoneMatch"]) == ("trail/000000000000007-rolled-out.json", "*")
    assert TrailEntry.model_validate_json(put["Body"]) == entry

    aws.s3.put_object.side_effect = ClientError({"Error": {"Code": "PreconditionFailed"}}, "PutObject")
    with pytest.raises(ClientError):
        LazyRollout(SETTINGS).append(entry)

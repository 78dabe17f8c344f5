"""The cluster's tasks, against moto."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto.moto_api import state_manager

from agents.aws.tasks import EcsTasks
from agents.contracts.reaping import RunningTask, StoppedTask

SESSION = "s" + "0" * 20


@pytest.fixture
def ecs() -> Iterator[Any]:
    state_manager.set_transition("ecs::task", {"progression": "manual", "times": 10**9})
    client = boto3.client("ecs", region_name="eu-central-1")
    client.create_cluster(clusterName="swarm")
    client.register_task_definition(
        family="analyst",
        containerDefinitions=[{"name": "agent", "image": "x", "memory": 512}],
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
    )
    yield client
    state_manager.unset_transition("ecs::task")


def start(ecs: Any, request: str | None, token: str = "") -> str:
    variables = [] if request is None else [{"name": "SWARM_REQUEST", "value": request}]
    variables += [{"name": "SWARM_TASK_TOKEN", "value": token}] if token else []
    subnets = boto3.client("ec2", region_name="eu-central-1").describe_subnets()["Subnets"]
    subnet = str(subnets[0]["SubnetId"])
    started = ecs.run_task(
        cluster="swarm",
        taskDefinition="analyst",
        launchType="FARGATE",
        overrides={"containerOverrides": [{"name": "agent", "environment": variables}]},
        networkConfiguration={"awsvpcConfiguration": {"subnets": [subnet], "securityGroups": []}},
    )
    return str(started["tasks"][0]["taskArn"])


def test_our_tasks_are_known_by_their_session_and_others_are_not_ours(ecs: Any) -> None:
    batch, scan = start(ecs, f"{SESSION}/b00001"), start(ecs, SESSION)
    start(ecs, None)
    found = EcsTasks(ecs, "swarm").running()
    assert sorted(found, key=lambda task: task.arn) == sorted(
        [RunningTask(arn=batch, session_id=SESSION), RunningTask(arn=scan, session_id=SESSION)],
        key=lambda task: task.arn,
    )


def test_more_tasks_than_one_description_takes_are_all_found(ecs: Any) -> None:
    for _ in range(130):
        start(ecs, SESSION)
    assert len(EcsTasks(ecs, "swarm").running()) == 130


def test_a_stopped_task_no_longer_runs_and_stopping_it_again_is_nothing(ecs: Any) -> None:
    arn = start(ecs, SESSION)
    tasks = EcsTasks(ecs, "swarm")
    tasks.stop(arn, "nobody waits for it")
    assert tasks.running() == []
    assert ecs.describe_tasks(cluster="swarm", tasks=[arn])["tasks"][0]["stoppedReason"] == "nobody waits for it"
    tasks.stop(arn, "again")


def test_a_stopped_task_is_reported_in_ecs_own_words_with_its_token(ecs: Any) -> None:
    arn, tasks = start(ecs, f"{SESSION}/b00001", token="the-token"), EcsTasks(ecs, "swarm")
    assert tasks.ended(arn) is None  # it runs
    tasks.stop(arn, "nobody waits for it")
    assert tasks.ended(arn) == StoppedTask(
        session_id=SESSION, task_token="the-token", reason="nobody waits for it", exit_code=0
    )


def test_a_scan_has_no_token_and_a_task_of_others_is_not_reported(ecs: Any) -> None:
    scan, other, tasks = start(ecs, SESSION), start(ecs, None), EcsTasks(ecs, "swarm")
    for arn in (scan, other):
        tasks.stop(arn, "over")
    ended = tasks.ended(scan)
    assert ended is not None
    assert ended.task_token == ""
    assert tasks.ended(other) is None
    assert tasks.ended(scan[:-4] + "0000") is None

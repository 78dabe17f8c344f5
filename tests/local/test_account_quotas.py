"""A new account on the laptop: ten functions and 6 vCPUs at once, beyond which AWS's refusals are answered."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local.cloud import LocalCloud
from local.configuration import ProgramFailed
from local.quotas import GROWN, NEW, SETTING, quotas_of
from tests.local.clouds import SMALL, ended, start, task_network

pytestmark = [pytest.mark.local, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def small() -> Iterator[LocalCloud]:
    with LocalCloud(program=SMALL, settings={SETTING: "new"}) as running:
        yield running


def test_a_grown_account_admits_everything_and_a_new_one_three_tasks_of_two_vcpus() -> None:
    assert GROWN.admits_task(16_384, 10**9)
    assert NEW.admits_task(2_048, 2 * 2_048)
    assert not NEW.admits_task(2_048, 3 * 2_048)


def test_the_eleventh_call_at_once_is_refused_by_the_name_that_lambda_has(small: LocalCloud) -> None:
    client = _without_retries(small)

    def call(_: int) -> str:
        try:
            client.invoke(FunctionName="small-work", Payload=b'{"sleep": 0.5}')
        except ClientError as refused:
            return str(refused.response["Error"]["Code"])
        return "answered"

    with ThreadPoolExecutor(max_workers=16) as threads:
        answers = list(threads.map(call, range(16)))

    assert set(answers) == {"answered", "TooManyRequestsException"}
    assert answers.count("answered") >= NEW.concurrent_executions


def _without_retries(cloud: LocalCloud) -> Any:
    return boto3.session.Session().client(
        "lambda",
        region_name=cloud.region,
        endpoint_url=cloud.endpoint_url,
        aws_access_key_id=cloud.keys.operator.id,
        aws_secret_access_key=cloud.keys.operator.secret,
        config=Config(retries={"total_max_attempts": 1}, max_pool_connections=32),
    )


def test_a_task_that_finds_no_vcpus_fails_its_state_as_step_functions_says(small: LocalCloud) -> None:
    cluster, task = "small", "small"
    ecs = small.client("ecs")
    sleeps = [{"name": "agent", "environment": [{"name": "SWARM_REQUEST", "value": "sleep"}]}]
    six = {"cpu": str(NEW.fargate_vcpus * 1024), "containerOverrides": sleeps}
    network = task_network(small)
    asked = {"cluster": cluster, "taskDefinition": task, "launchType": "FARGATE", "networkConfiguration": network}
    held = ecs.run_task(**asked, overrides=six)["tasks"]
    assert len(held) == 1

    answer = ecs.run_task(**asked)
    described = ended(small, start(small, path="sync", name="me", request="exit 0"))

    assert answer["tasks"] == []
    assert "limit on the number of vCPUs" in answer["failures"][0]["reason"]
    assert (described["status"], described["error"]) == ("FAILED", "AmazonECS.Unknown")
    ecs.stop_task(cluster=cluster, task=held[0]["taskArn"], reason="over")


def test_the_quotas_are_a_setting_of_the_laptop_and_another_word_is_refused() -> None:
    assert quotas_of({}) == quotas_of({SETTING: "grown"}) == GROWN
    assert quotas_of({SETTING: "new"}) == NEW
    with pytest.raises(ProgramFailed, match="'medium' is refused"):
        quotas_of({SETTING: "medium"})

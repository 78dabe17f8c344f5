"""The laptop's cloud: the program becomes real, errors name their resource, nothing is left behind."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.cloud import LocalCloud, ProgramFailed
from tests.local.clouds import PROGRAMS, SMALL, run
from tests.local.living import descendants
from workflow.definition import load, states

pytestmark = [pytest.mark.local, pytest.mark.timeout(240)]


def test_an_event_reaches_the_machine_by_its_alias_and_the_lost_target_goes_to_the_dead_letters() -> None:
    with LocalCloud(program=SMALL) as cloud:
        s3, states = cloud.client("s3"), cloud.client("stepfunctions")

        s3.put_object(Bucket="small-uploads", Key="elsewhere/a.zip", Body=b"no")
        put = s3.put_object(Bucket="small-uploads", Key="uploads/r/1.zip", Body=b"abc", ChecksumAlgorithm="SHA256")
        executions = eventually(lambda: states.list_executions(stateMachineArn=cloud.outputs["machine"])["executions"])
        letters = eventually(
            lambda: (
                cloud.client("sqs")
                .receive_message(QueueUrl=cloud.outputs["letters"], MessageAttributeNames=["All"])
                .get("Messages")
            )
        )

        assert len(executions) == 1
        event = json.loads(states.describe_execution(executionArn=executions[0]["executionArn"])["input"])
        described = event["detail"]["object"]
        assert described["key"] == "uploads/r/1.zip"
        assert described["size"] == 3
        assert f'"{described["etag"]}"' == put["ETag"]
        assert described["version-id"] == put["VersionId"]
        assert letters[0]["MessageAttributes"]["TARGET_ARN"]["StringValue"].endswith(":nowhere")
        assert json.loads(letters[0]["Body"])["id"] == event["id"]
        endpoint, folder = cloud.endpoint_url, cloud.workdir

    assert not folder.exists()
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(endpoint, timeout=2)  # noqa: S310  our own server
    assert "MOTO_PORT" not in os.environ


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists processes in /proc: run it there")
def test_a_task_that_cannot_be_started_any_more_is_refused_by_a_name_that_no_state_waits_for() -> None:
    with LocalCloud(program=SMALL) as cloud:
        for pid in descendants(os.getpid()):
            with suppress(FileNotFoundError):  # the process that listed them
                if b"processes/keeper.py" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    os.kill(pid, signal.SIGKILL)

        ended = run(cloud, path="sync", name="me", request="exit 0")

    assert (ended["status"], ended["error"]) == ("FAILED", "ECS.BlockedException")
    assert "memory ran out" in ended["cause"]
    retriers = [retrier for state in states(load()) for retrier in state.body.get("Retry", [])]
    waited_for = {name for retrier in retriers for name in retrier["ErrorEquals"]}
    assert "ECS.InvalidParameterException" in waited_for
    assert waited_for & {ended["error"], "States.TaskFailed", "States.ALL"} == set()


def eventually(ask: Any, seconds: float = 20) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = ask()
        if answer:
            return answer
        time.sleep(0.05)
    raise AssertionError("it never came")


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("broken", ("Stack$aws:iam/rolePolicy:RolePolicy::orphan", "NoSuchEntity")),
        ("unknown", ("Stack$aws:sfn/activity:Activity::activity", "local/resources/sfn.py")),
    ],
)
def test_a_program_that_fails_is_one_error_that_names_the_resource(program: str, said: tuple[str, str]) -> None:
    with pytest.raises(ProgramFailed) as failed:
        LocalCloud(program=PROGRAMS / program / "__main__.py")

    for part in said:
        assert part in str(failed.value)


def test_a_missing_stack_file_is_named() -> None:
    with pytest.raises(ProgramFailed, match=r"Pulumi\.nowhere\.yaml"):
        LocalCloud("nowhere", program=SMALL)


def test_a_cloud_leaves_nothing_to_the_next_one() -> None:
    with LocalCloud(program=SMALL) as first:
        first.client("s3").create_bucket(
            Bucket="left-over", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )

    with LocalCloud(program=SMALL) as second, pytest.raises(ClientError, match="404"):
        second.client("s3").head_bucket(Bucket="left-over")

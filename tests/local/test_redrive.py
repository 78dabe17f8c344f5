"""A redriven execution goes on as recorded on AWS.

The recordings are in radkawar/stackd, testdata/aws/stepfunctions/redrive_execution.json and redrive_map.json @9dc356f.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from local.cloud import LocalCloud
from local.moto.repairs import without
from tests.local.clouds import SMALL, ended
from tests.local.still import still_needs

pytestmark = [pytest.mark.local, pytest.mark.timeout(240)]
STANDARD_CHILDREN = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(program=SMALL) as running:
        yield running


@pytest.fixture
def queue(cloud: LocalCloud) -> str:
    return str(cloud.client("sqs").create_queue(QueueName=f"tasks-{uuid.uuid4().hex[:8]}")["QueueUrl"])


def task(queue: str, **more: Any) -> dict[str, Any]:
    """A state that sends its name, its input and its token, and waits for the answer."""
    body = {"state.$": "$$.State.Name", "given.$": "$", "token.$": "$$.Task.Token", "execution.$": "$$.Execution"}
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"QueueUrl": queue, "MessageBody": body},
        "TimeoutSeconds": 60,
        **({} if "Next" in more else {"End": True}),
        **more,
    }


def start(cloud: LocalCloud, states: Mapping[str, Any], given: Any, **machine: Any) -> str:
    client = cloud.client("stepfunctions")
    role = client.describe_state_machine(stateMachineArn=cloud.outputs["machine"])["roleArn"]
    definition = json.dumps({"StartAt": next(iter(states)), "States": states, **machine})
    created = client.create_state_machine(name=f"r-{uuid.uuid4().hex[:12]}", definition=definition, roleArn=role)
    started = client.start_execution(stateMachineArn=created["stateMachineArn"], input=json.dumps(given))
    return str(started["executionArn"])


def asked(cloud: LocalCloud, queue: str) -> dict[str, Any]:
    """The next task that waits for an answer."""
    received = cloud.client("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=20)["Messages"][0]
    cloud.client("sqs").delete_message(QueueUrl=queue, ReceiptHandle=received["ReceiptHandle"])
    found: dict[str, Any] = json.loads(received["Body"])
    return found


def succeed(cloud: LocalCloud, found: Mapping[str, Any], output: Any) -> None:
    cloud.client("stepfunctions").send_task_success(taskToken=found["token"], output=json.dumps(output))


def fail(cloud: LocalCloud, found: Mapping[str, Any]) -> None:
    cloud.client("stepfunctions").send_task_failure(taskToken=found["token"], error="Probe", cause="because")


def redrive(cloud: LocalCloud, execution: str, **more: str) -> dict[str, Any]:
    answer: dict[str, Any] = cloud.client("stepfunctions").redrive_execution(executionArn=execution, **more)
    return answer


def refused(cloud: LocalCloud, execution: str) -> tuple[str, str]:
    with pytest.raises(ClientError) as error:
        redrive(cloud, execution)
    return error.value.response["Error"]["Code"], error.value.response["Error"]["Message"]


def history(cloud: LocalCloud, execution: str) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = cloud.client("stepfunctions").get_execution_history(executionArn=execution)["events"]
    return events


def described(cloud: LocalCloud, execution: str) -> dict[str, Any]:
    found: dict[str, Any] = cloud.client("stepfunctions").describe_execution(executionArn=execution)
    return found


def failed_once(cloud: LocalCloud, queue: str) -> str:
    states = {"First": task(queue, ResultPath="$.first", Next="Work"), "Work": task(queue, ResultPath="$.work")}
    execution = start(cloud, states, {"a": 1})
    succeed(cloud, asked(cloud, queue), "done")
    fail(cloud, asked(cloud, queue))
    assert ended(cloud, execution)["status"] == "FAILED"
    return execution


def test_it_goes_on_at_the_state_that_failed_with_its_input_and_the_same_arn(cloud: LocalCloud, queue: str) -> None:
    execution = failed_once(cloud, queue)

    at = redrive(cloud, execution)["redriveDate"]
    running, found = described(cloud, execution), asked(cloud, queue)
    succeed(cloud, found, "mended")

    assert (running["status"], running["redriveCount"], running["redriveDate"]) == ("RUNNING", 1, at)
    assert not {"stopDate", "error", "cause"} & set(running)
    assert (found["state"], found["given"]) == ("Work", {"a": 1, "first": "done"})
    assert found["execution"]["RedriveCount"] == 1
    assert json.loads(ended(cloud, execution)["output"]) == {"a": 1, "first": "done", "work": "mended"}


def test_its_history_goes_on_and_enters_no_state_twice(cloud: LocalCloud, queue: str) -> None:
    execution = failed_once(cloud, queue)
    before = history(cloud, execution)

    redrive(cloud, execution)
    succeed(cloud, asked(cloud, queue), "mended")
    ended(cloud, execution)
    after = history(cloud, execution)

    entered = next(event["id"] for event in before if event.get("stateEnteredEventDetails", {}).get("name") == "Work")
    redriven, scheduled = after[len(before)], after[len(before) + 1]
    assert after[: len(before)] == before
    assert (redriven["type"], redriven["previousEventId"]) == ("ExecutionRedriven", before[-1]["id"])
    assert redriven["executionRedrivenEventDetails"] == {"redriveCount": 1}
    assert (scheduled["type"], scheduled["previousEventId"]) == ("TaskScheduled", entered)
    assert [event["id"] for event in after] == list(range(1, len(after) + 1))
    assert [event["type"] for event in after].count("TaskStateEntered") == 2


def test_it_may_fail_again_and_be_redriven_again(cloud: LocalCloud, queue: str) -> None:
    execution = failed_once(cloud, queue)

    redrive(cloud, execution)
    fail(cloud, asked(cloud, queue))
    again = ended(cloud, execution)
    redrive(cloud, execution)
    succeed(cloud, asked(cloud, queue), "mended")

    assert (again["status"], again["error"], again["redriveStatus"]) == ("FAILED", "Probe", "REDRIVABLE")
    assert (ended(cloud, execution)["status"], described(cloud, execution)["redriveCount"]) == ("SUCCEEDED", 2)


def test_a_client_token_redrives_once_whatever_the_status_is(cloud: LocalCloud, queue: str) -> None:
    execution = failed_once(cloud, queue)

    first = redrive(cloud, execution, clientToken="A")["redriveDate"]
    while_running = redrive(cloud, execution, clientToken="A")["redriveDate"]
    fail(cloud, asked(cloud, queue))
    ended(cloud, execution)
    after = redrive(cloud, execution, clientToken="A")["redriveDate"]

    assert first == while_running == after
    assert (described(cloud, execution)["status"], described(cloud, execution)["redriveCount"]) == ("FAILED", 1)


def test_an_aborted_task_goes_on_with_a_new_token(cloud: LocalCloud, queue: str) -> None:
    execution = start(cloud, {"Work": task(queue)}, {})
    old = asked(cloud, queue)
    cloud.client("stepfunctions").stop_execution(executionArn=execution)
    assert ended(cloud, execution)["redriveStatus"] == "REDRIVABLE"

    redrive(cloud, execution)
    new = asked(cloud, queue)
    with pytest.raises(ClientError) as late:
        succeed(cloud, old, "late")
    succeed(cloud, new, {"mended": True})

    assert late.value.response["Error"]["Code"] == "TaskTimedOut"
    assert json.loads(ended(cloud, execution)["output"]) == {"mended": True}


def test_an_execution_that_timed_out_has_its_whole_time_again(cloud: LocalCloud, queue: str) -> None:
    execution = start(cloud, {"Work": task(queue)}, {}, TimeoutSeconds=3)
    asked(cloud, queue)
    over = ended(cloud, execution)

    redrive(cloud, execution)
    succeed(cloud, asked(cloud, queue), "mended")

    assert (over["status"], over["redriveStatus"]) == ("TIMED_OUT", "REDRIVABLE")
    assert over["stopDate"] >= over["startDate"]
    assert ended(cloud, execution)["status"] == "SUCCEEDED"
    types = [event["type"] for event in history(cloud, execution)]
    assert types.index("ExecutionRedriven") == types.index("ExecutionTimedOut") + 1


def test_a_fail_state_fails_again_without_being_entered_again(cloud: LocalCloud) -> None:
    execution = start(cloud, {"No": {"Type": "Fail", "Error": "No", "Cause": "never"}}, {})
    ended(cloud, execution)

    redrive(cloud, execution)

    again = ended(cloud, execution)
    assert (again["status"], again["error"], again["redriveCount"]) == ("FAILED", "No", 1)
    assert [event["type"] for event in history(cloud, execution)] == [
        "ExecutionStarted",
        "FailStateEntered",
        "ExecutionFailed",
        "ExecutionRedriven",
        "ExecutionFailed",
    ]


def test_only_the_branches_that_did_not_succeed_run_again(cloud: LocalCloud, queue: str) -> None:
    branches = [{"StartAt": name, "States": {name: task(queue)}} for name in ("Good", "Bad", "Aborted")]
    execution = start(cloud, {"All": {"Type": "Parallel", "Branches": branches, "End": True}}, {})
    waiting = {found["state"]: found for found in (asked(cloud, queue) for _ in branches)}
    succeed(cloud, waiting["Good"], "kept")
    _until(cloud, execution, "TaskStateExited")
    fail(cloud, waiting["Bad"])
    ended(cloud, execution)

    redrive(cloud, execution)
    for _ in range(2):
        found = asked(cloud, queue)
        succeed(cloud, found, found["state"])

    assert json.loads(ended(cloud, execution)["output"]) == ["kept", "Bad", "Aborted"]
    types = [event["type"] for event in history(cloud, execution)]
    assert (types.count("ParallelStateStarted"), types.count("TaskStateEntered")) == (1, 3)


def test_only_the_children_of_a_map_run_that_did_not_succeed_run_again(cloud: LocalCloud, queue: str) -> None:
    processor = {"ProcessorConfig": STANDARD_CHILDREN, "StartAt": "Item", "States": {"Item": task(queue)}}
    map_state = {"Type": "Map", "Label": "All", "MaxConcurrency": 1, "ItemProcessor": processor, "End": True}
    execution = start(cloud, {"All": map_state}, [0, 1, 2])
    succeed(cloud, asked(cloud, queue), "kept")
    asked(cloud, queue)
    cloud.client("stepfunctions").stop_execution(executionArn=execution)
    ended(cloud, execution)
    (before,) = cloud.client("stepfunctions").list_map_runs(executionArn=execution)["mapRuns"]

    redrive(cloud, execution)
    for _ in range(2):
        found = asked(cloud, queue)
        succeed(cloud, found, found["given"])

    assert json.loads(ended(cloud, execution)["output"]) == ["kept", 1, 2]
    (after,) = cloud.client("stepfunctions").list_map_runs(executionArn=execution)["mapRuns"]
    counts = cloud.client("stepfunctions").describe_map_run(mapRunArn=after["mapRunArn"])["itemCounts"]
    types = [event["type"] for event in history(cloud, execution)]
    assert before["mapRunArn"] == after["mapRunArn"]
    assert (counts["total"], counts["succeeded"], counts["failed"]) == (3, 3, 0)
    assert (types.count("MapRunStarted"), types.count("MapRunRedriven"), types.count("MapStateStarted")) == (1, 1, 1)


def _until(cloud: LocalCloud, execution: str, kind: str) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if any(event["type"] == kind for event in history(cloud, execution)):
            return
        time.sleep(0.05)
    raise AssertionError(f"no {kind}")


def test_what_runs_or_has_succeeded_is_refused_in_the_words_of_aws(cloud: LocalCloud, queue: str) -> None:
    execution = start(cloud, {"Work": task(queue)}, {})
    found = asked(cloud, queue)

    running = refused(cloud, execution)
    succeed(cloud, found, "done")
    over = ended(cloud, execution)

    reason = "Execution is RUNNING and cannot be redriven"
    assert running == ("ExecutionNotRedrivable", f"Execution {execution} invalid for redrive as: {reason}")
    assert over["redriveStatus"] == "NOT_REDRIVABLE"
    assert over["redriveStatusReason"] == "Execution is SUCCEEDED and cannot be redriven"
    assert refused(cloud, execution)[0] == "ExecutionNotRedrivable"


def test_what_ended_more_than_fourteen_days_ago_is_refused(cloud: LocalCloud, queue: str) -> None:
    execution = failed_once(cloud, queue)
    backend = stepfunctions_parser_backends[cloud.account][cloud.region]
    backend.describe_execution(execution).stop_date = datetime.now(UTC) - timedelta(days=15)

    assert refused(cloud, execution)[0] == "ExecutionNotRedrivable"
    assert described(cloud, execution)["redriveStatusReason"] == "Execution redrivable period exceeded"


def test_what_is_not_there_and_what_is_express_are_refused_by_their_own_names(cloud: LocalCloud, queue: str) -> None:
    execution = failed_once(cloud, queue)

    assert refused(cloud, f"{execution}-other")[0] == "ExecutionDoesNotExist"
    assert refused(cloud, execution.replace(":execution:", ":express:") + ":run")[0] == "InvalidArn"


@still_needs("StepFunctionResponse.redrive_execution")
def test_moto_redrives_nothing(cloud: LocalCloud, queue: str) -> None:
    execution = failed_once(cloud, queue)

    with without("StepFunctionResponse.redrive_execution"):
        assert refused(cloud, execution)[0] == "500"


@still_needs("StepFunctionResponse.describe_execution")
def test_moto_says_nothing_of_redrives(cloud: LocalCloud, queue: str) -> None:
    execution = failed_once(cloud, queue)

    with without("StepFunctionResponse.describe_execution"):
        assert "redriveStatus" not in described(cloud, execution)


@still_needs("Program.eval")
def test_moto_would_begin_at_the_first_state_again(cloud: LocalCloud, queue: str) -> None:
    execution = failed_once(cloud, queue)

    with without("Program.eval"):
        redrive(cloud, execution)
        assert asked(cloud, queue)["state"] == "First"
    cloud.client("stepfunctions").stop_execution(executionArn=execution)


@still_needs("MapRunRecord")
def test_moto_would_make_a_new_map_run(cloud: LocalCloud, queue: str) -> None:
    processor = {"ProcessorConfig": STANDARD_CHILDREN, "StartAt": "Item", "States": {"Item": task(queue)}}
    execution = start(cloud, {"All": {"Type": "Map", "ItemProcessor": processor, "End": True}}, [0])
    asked(cloud, queue)
    cloud.client("stepfunctions").stop_execution(executionArn=execution)
    ended(cloud, execution)

    with without("moto.stepfunctions.parser.asl.component.state.exec.state_map.state_map.MapRunRecord"):
        redrive(cloud, execution)
        succeed(cloud, asked(cloud, queue), "done")
        ended(cloud, execution)

    assert len(cloud.client("stepfunctions").list_map_runs(executionArn=execution)["mapRuns"]) == 2

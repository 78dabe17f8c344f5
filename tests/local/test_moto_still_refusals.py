"""What moto still accepts where AWS refuses or fails; each test fails once moto has mended itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from unittest.mock import Mock

import pytest
from botocore.exceptions import ClientError
from moto.stepfunctions.parser.asl.eval.callback.callback import CallbackOutcomeSuccess, CallbackPoolManager

from local.cloud import LocalCloud
from local.moto import bridge as moto_bridge
from local.moto.repairs import replacements, without
from local.moto.task_tokens import machine_of_child
from local.quotas import Quotas
from tests.local.clouds import SMALL, ended, run
from tests.local.still import still_needs

pytestmark = [pytest.mark.local, pytest.mark.timeout(240)]
ANSWERS = ("send_task_success", "send_task_failure", "send_task_heartbeat")
PASS = {"Type": "Pass", "End": True}
CHOICE = {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 1, "Next": "Done"}]}


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(program=SMALL) as running:
        yield running


def original(name: str) -> Any:
    return next(each.original for each in replacements() if each.name == name)


def create(cloud: LocalCloud, name: str, states: dict[str, Any]) -> str:
    # Its name makes it another definition: one that was parsed before is not parsed again.
    definition = json.dumps({"Comment": name, "StartAt": next(iter(states)), "States": states})
    role = f"arn:aws:iam::{cloud.account}:role/small"
    created = cloud.client("stepfunctions").create_state_machine(name=name, definition=definition, roleArn=role)
    return str(created["stateMachineArn"])


def ending(cloud: LocalCloud, machine: str, given: Any) -> dict[str, Any]:
    states = cloud.client("stepfunctions")
    return ended(cloud, states.start_execution(stateMachineArn=machine, input=json.dumps(given))["executionArn"])


@still_needs("StepFunctionsParserBackend.update_state_machine")
def test_an_update_with_a_state_of_the_same_name_twice_is_accepted(cloud: LocalCloud) -> None:
    machine = create(cloud, "updated", {"Done": PASS})
    branch = {"StartAt": "Same", "States": {"Same": PASS}}
    states = {"Both": {"Type": "Parallel", "Branches": [branch, branch], "End": True}}
    update = {"stateMachineArn": machine, "definition": json.dumps({"StartAt": "Both", "States": states})}
    client = cloud.client("stepfunctions")

    with pytest.raises(ClientError):
        client.update_state_machine(**update)
    with without("StepFunctionsParserBackend.update_state_machine"):
        assert client.update_state_machine(**update)["updateDate"]


@still_needs("StateChoice._eval_state")
def test_a_choice_that_nothing_matches_ends_with_a_text_of_python_s(cloud: LocalCloud) -> None:
    machine = create(cloud, "no-choice", {"Choose": CHOICE, "Done": PASS})
    sentence = "Failed to transition out of the state"

    assert sentence in ending(cloud, machine, {"n": 2})["cause"]
    with without("StateChoice._eval_state"):
        assert sentence not in ending(cloud, machine, {"n": 2}).get("cause", "")


@still_needs("StateMap.from_state_props")
def test_a_tolerated_percentage_brings_a_tolerated_count_of_none(cloud: LocalCloud) -> None:
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "No",
        "States": {"No": {"Type": "Fail", "Error": "No"}},
    }
    states = {"All": {"Type": "Map", "ToleratedFailurePercentage": 100, "ItemProcessor": processor, "End": True}}

    assert ending(cloud, create(cloud, "tolerant", states), [1, 2])["status"] == "SUCCEEDED"
    with without("StateMap.from_state_props"):
        assert ending(cloud, create(cloud, "intolerant", states), [1, 2])["status"] == "FAILED"


@still_needs("ContextObject.update_task_token")
def test_a_token_of_a_child_is_not_known_as_the_child_s() -> None:
    machine = "arn:aws:states:eu-west-1:123456789012:stateMachine:small/All"
    context = Mock(context_object_data={"StateMachine": {"Id": machine}, "Task": {}})
    (repair,) = (each for each in replacements() if each.name == "ContextObject.update_task_token")

    assert machine_of_child(repair.replaced_by(context)) == machine
    assert machine_of_child(repair.original(context)) != machine


@pytest.mark.usefixtures("cloud")
@still_needs("CallbackEndpoint.interrupt_all")
def test_a_wait_that_has_ended_takes_an_answer() -> None:
    pool = CallbackPoolManager({})
    endpoint = pool.add("token")

    original("CallbackEndpoint.interrupt_all")(endpoint)

    assert original("CallbackPoolManager.notify")(pool, "token", "late")
    assert not getattr(endpoint, "over", False)


@pytest.mark.usefixtures("cloud")
@still_needs("CallbackEndpoint.notify_heartbeat")
def test_a_beat_before_the_state_waits_is_of_an_invalid_token() -> None:
    pool = CallbackPoolManager({})
    endpoint = pool.add("token")

    assert not original("CallbackEndpoint.notify_heartbeat")(endpoint)
    assert pool.heartbeat("token")


@pytest.mark.usefixtures("cloud")  # while it serves, the repairs are applied
@still_needs("CallbackEndpoint.setup_heartbeat_endpoint")
def test_an_answer_before_the_state_waits_is_waited_for() -> None:
    pool = CallbackPoolManager({})
    endpoint = pool.add("token")
    pool.notify("token", CallbackOutcomeSuccess("token", "{}"))

    assert not original("CallbackEndpoint.setup_heartbeat_endpoint")(endpoint, 0.01).clear_and_wait()
    assert endpoint.setup_heartbeat_endpoint(60).clear_and_wait()


def waiting(cloud: LocalCloud, name: str) -> tuple[str, str]:
    """An execution that waits for the answer to its token, and the token."""
    sqs = cloud.client("sqs")
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    wait = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"QueueUrl": queue, "MessageBody.$": "$$.Task.Token"},
        "TimeoutSeconds": 30,
        "HeartbeatSeconds": 20,
        "End": True,
    }
    machine = create(cloud, name, {"Wait": wait})
    started = cloud.client("stepfunctions").start_execution(stateMachineArn=machine, input="{}")
    (message,) = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=20)["Messages"]
    return started["executionArn"], message["Body"]


def code_of(cloud: LocalCloud, method: str, token: str) -> str:
    more = {"output": "{}"} if method == "send_task_success" else {}
    with pytest.raises(ClientError) as refused:
        getattr(cloud.client("stepfunctions"), method)(taskToken=token, **more)
    return str(refused.value.response["Error"]["Code"])


@still_needs(*(f"StepFunctionsParserBackend.{method}" for method in ANSWERS))
@pytest.mark.parametrize("method", ANSWERS)
def test_an_answer_that_comes_too_late_has_another_error(cloud: LocalCloud, method: str) -> None:
    execution, token = waiting(cloud, f"late-{method.replace('_', '-')}")
    cloud.client("stepfunctions").send_task_success(taskToken=token, output="{}")
    ended(cloud, execution)

    assert code_of(cloud, method, token) == "TaskTimedOut"
    with without(f"StepFunctionsParserBackend.{method}"):
        assert code_of(cloud, method, token) != "TaskTimedOut"


@still_needs("CallbackPoolManager.add")
def test_a_token_that_is_over_is_called_one_that_never_was(cloud: LocalCloud) -> None:
    with without("CallbackPoolManager.add"):
        execution, token = waiting(cloud, "forgotten")
    cloud.client("stepfunctions").send_task_success(taskToken=token, output="{}")
    ended(cloud, execution)

    assert code_of(cloud, "send_task_success", token) == "InvalidToken"


NO_CAPACITY = Quotas(concurrent_executions=10, fargate_vcpus=0)


@still_needs("EC2ContainerServiceResponse.run_task")
def test_a_task_starts_in_an_account_without_a_quota_for_it(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moto_bridge.current(), "quotas", NO_CAPACITY)

    assert run(cloud, path="sync", name="me", request="exit 0")["status"] == "FAILED"
    with without("EC2ContainerServiceResponse.run_task"):
        assert run(cloud, path="sync", name="me", request="exit 0")["status"] == "SUCCEEDED"


@still_needs("StateTaskServiceEcs._eval_service_task")
def test_a_task_that_finds_no_capacity_has_another_error(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moto_bridge.current(), "quotas", NO_CAPACITY)

    assert run(cloud, path="sync", name="me", request="exit 0")["error"] == "AmazonECS.Unknown"
    with without("StateTaskServiceEcs._eval_service_task"):
        assert run(cloud, path="sync", name="me", request="exit 0").get("error") != "AmazonECS.Unknown"

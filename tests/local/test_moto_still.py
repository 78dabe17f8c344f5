"""What moto still gets wrong or leaves undone: each test takes a repair out, and fails once moto has mended itself."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
from moto.dynamodb.models import DynamoDBBackend
from moto.moto_api import state_manager
from moto.stepfunctions.parser.asl.eval.callback.callback import (
    CallbackEndpoint,
    CallbackNotifyConsumerError,
    CallbackPoolManager,
)
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

from local.cloud import LocalCloud
from local.moto import bridge as moto_bridge
from local.moto.repairs import ecs, replacements, without
from tests.corpus import test_executions, test_language
from tests.local import (
    test_aws_recorded,
    test_aws_recorded_calls,
    test_json_requests,
    test_map_runs,
    test_moto_economy,
    test_moto_economy_dynamodb,
    test_moto_economy_requests,
    test_moto_economy_values,
    test_moto_fixes,
    test_moto_parsing,
    test_moto_still_deployments,
    test_moto_still_refusals,
    test_redrive,
    test_tested_states,
    test_validated_definitions,
)
from tests.local.clouds import SMALL, ended, run
from tests.local.still import SHOWN_TO_BE_NEEDED, still_needs

pytestmark = [pytest.mark.local, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(program=SMALL) as running:
        yield running


def original(name: str) -> Any:
    return next(each.original for each in replacements() if each.name == name)


def test_every_replacement_has_a_test_that_moto_still_needs_it() -> None:
    marked = (
        test_aws_recorded,
        test_aws_recorded_calls,
        test_json_requests,
        test_map_runs,
        test_moto_economy,
        test_moto_economy_dynamodb,
        test_moto_economy_requests,
        test_moto_economy_values,
        test_moto_fixes,
        test_moto_parsing,
        test_moto_still_deployments,
        test_redrive,
        test_tested_states,
        test_validated_definitions,
    )
    assert all([*marked, test_executions, test_language, test_moto_still_refusals]), "for their marks"

    untested = [
        each.name
        for each in replacements()
        if each.name not in SHOWN_TO_BE_NEEDED and each.attribute not in SHOWN_TO_BE_NEEDED
    ]

    assert untested == []


def test_no_mark_names_a_replacement_that_is_gone() -> None:
    known = {name for each in replacements() for name in (each.name, each.attribute)}

    assert known >= SHOWN_TO_BE_NEEDED


@still_needs("DynamoHandler.call_action")
def test_two_updates_run_at_the_same_time_and_one_may_be_lost(
    cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _updates_at_once(cloud, monkeypatch) == 1
    with without("DynamoHandler.call_action"):
        assert _updates_at_once(cloud, monkeypatch) > 1


def _updates_at_once(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> int:
    update, lock, running, most = DynamoDBBackend.update_item, threading.Lock(), [0], [0]

    def slow(*arguments: Any, **named: Any) -> Any:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        time.sleep(0.2)
        with lock:
            running[0] -= 1
        return update(*arguments, **named)

    def add() -> None:
        cloud.client("dynamodb").update_item(
            TableName="small-context",
            Key={"pk": {"S": "at-once"}, "sk": {"S": "x"}},
            UpdateExpression="ADD n :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )

    with monkeypatch.context() as patched:
        patched.setattr(DynamoDBBackend, "update_item", slow)
        threads = [threading.Thread(target=add) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return most[0]


@still_needs("EC2ContainerServiceBackend.run_task")
def test_a_task_is_written_down_and_no_process_starts(cloud: LocalCloud) -> None:
    with without("EC2ContainerServiceBackend.run_task"):
        task = run_task(cloud, "exit 0")

    assert task not in moto_bridge.current().running


@still_needs("EC2ContainerServiceBackend.stop_task")
def test_a_task_that_is_to_stop_is_called_stopped_while_its_process_runs(cloud: LocalCloud) -> None:
    task = run_task(cloud, "sleep stopped")

    with without("EC2ContainerServiceBackend.stop_task"):
        status = cloud.client("ecs").stop_task(cluster="small", task=task)["task"]["lastStatus"]

    assert (status, task in moto_bridge.current().running) == ("STOPPED", True)
    moto_bridge.current().stop_task(task, "the test is over")


def test_a_task_that_nobody_stops_is_called_stopped_once_it_is_described(cloud: LocalCloud) -> None:
    task = run_task(cloud, "sleep described")
    state_manager.set_transition("ecs::task", {"progression": "immediate"})

    try:
        (described,) = cloud.client("ecs").describe_tasks(cluster="small", tasks=[task])["tasks"]
    finally:
        ecs.transitions_by_hand()

    assert (described["lastStatus"], task in moto_bridge.current().running) == ("STOPPED", True)
    moto_bridge.current().stop_task(task, "the test is over")


def run_task(cloud: LocalCloud, request: str) -> str:
    subnets = [subnet["SubnetId"] for subnet in cloud.client("ec2").describe_subnets()["Subnets"]]
    variable = {"name": "SWARM_REQUEST", "value": request}
    answer = cloud.client("ecs").run_task(
        cluster="small",
        taskDefinition="small",
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": {"subnets": subnets, "securityGroups": []}},
        overrides={"containerOverrides": [{"name": "agent", "environment": [variable]}]},
    )
    return str(answer["tasks"][0]["taskArn"])


@still_needs("StateTaskServiceEcs._normalise_response")
def test_a_task_that_ended_well_fails_its_state_by_the_form_of_its_times(cloud: LocalCloud) -> None:
    with without("StateTaskServiceEcs._normalise_response"):
        assert run(cloud, path="sync", name="me", request="exit 0")["status"] == "FAILED"


UPLOADS = "small-uploads"


def put(cloud: LocalCloud) -> None:
    cloud.client("s3").put_object(Bucket=UPLOADS, Key="noticed", Body=b"x")


def delete(cloud: LocalCloud) -> None:
    cloud.client("s3").delete_object(Bucket=UPLOADS, Key="noticed")


def delete_many(cloud: LocalCloud) -> None:
    cloud.client("s3").delete_objects(Bucket=UPLOADS, Delete={"Objects": [{"Key": "noticed"}]})


@still_needs("S3Response.key_response", "S3Response.bucket_response", "S3Backend.put_object", "S3Backend.delete_object")
@pytest.mark.parametrize(
    ("name", "request_"),
    [
        ("S3Response.key_response", put),
        ("S3Backend.put_object", put),
        ("S3Backend.delete_object", delete),
        ("S3Response.bucket_response", delete_many),
    ],
    ids=["a request for an object", "an object that is put", "an object that is deleted", "a request for a bucket"],
)
def test_a_changed_object_is_stored_only_because_moto_is_replaced(
    cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch, name: str, request_: Callable[[LocalCloud], None]
) -> None:
    changed: list[str] = []
    monkeypatch.setattr(moto_bridge.current(), "object_changed", lambda _, __, key: changed.append(key))

    with without(name):
        request_(cloud)
    assert changed == []

    request_(cloud)
    assert changed == ["noticed"]


@still_needs("moto.s3.notifications._send_event_bridge_message")
def test_the_event_of_an_object_has_moto_s_own_form(cloud: LocalCloud) -> None:
    events, sqs = cloud.client("events"), cloud.client("sqs")
    queue = sqs.create_queue(QueueName="object-events")["QueueUrl"]
    pattern = {"source": ["aws.s3"], "detail": {"object": {"key": [{"prefix": "form/"}]}}}
    events.put_rule(Name="object-events", EventPattern=json.dumps(pattern))
    arn = f"arn:aws:sqs:{cloud.region}:{cloud.account}:object-events"
    events.put_targets(Rule="object-events", Targets=[{"Id": "q", "Arn": arn}])

    def event_of(key: str) -> Any:
        cloud.client("s3").put_object(Bucket=UPLOADS, Key=key, Body=b"x")
        (message,) = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=20)["Messages"]
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return json.loads(message["Body"])["detail"]["object"]

    ours = event_of("form/ours")
    with without("moto.s3.notifications._send_event_bridge_message"):
        by_moto = event_of("form/moto")

    assert ours["etag"]
    assert "etag" not in by_moto


@pytest.fixture
def queue(cloud: LocalCloud) -> str:
    return str(cloud.client("sqs").create_queue(QueueName="tokens")["QueueUrl"])


def waiting_machine(cloud: LocalCloud, queue: str, name: str, *, seconds: int, attempts: int = 0) -> str:
    """Start a state machine that sends its task token to the queue and waits for the answer."""
    state: dict[str, Any] = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"QueueUrl": queue, "MessageBody.$": "$$.Task.Token"},
        "TimeoutSeconds": seconds,
        "End": True,
    }
    if attempts:
        state["Retry"] = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": attempts}]
    states = cloud.client("stepfunctions")
    machine = states.create_state_machine(
        name=name,
        definition=json.dumps({"StartAt": "Wait", "States": {"Wait": state}}),
        roleArn=f"arn:aws:iam::{cloud.account}:role/small",
    )["stateMachineArn"]
    return str(states.start_execution(stateMachineArn=machine, input="{}")["executionArn"])


def next_token(cloud: LocalCloud, queue: str) -> str:
    sqs = cloud.client("sqs")
    (message,) = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=20)["Messages"]
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    return str(message["Body"])


@still_needs("StateTaskServiceCallback._evaluate_with_timeout")
def test_a_second_attempt_has_the_token_of_the_first(cloud: LocalCloud, queue: str) -> None:
    def tokens(name: str) -> set[str]:
        execution = waiting_machine(cloud, queue, name, seconds=1, attempts=1)
        sent = {next_token(cloud, queue), next_token(cloud, queue)}
        ended(cloud, execution)
        return sent

    assert len(tokens("own-tokens")) == 2
    with without("StateTaskServiceCallback._evaluate_with_timeout"):
        assert len(tokens("one-token")) == 1


@pytest.fixture()
def waits(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set once a state waits for its token, which arrives earlier: a state that is stopped in between ends at once."""
    waits, wait = threading.Event(), CallbackEndpoint.wait

    def noted(self: Any, timeout: float | None = None) -> Any:
        waits.set()
        return wait(self, timeout)

    monkeypatch.setattr(CallbackEndpoint, "wait", noted)
    return waits


@still_needs("Execution.stop")
def test_a_stopped_execution_goes_on_waiting_for_its_token(
    cloud: LocalCloud, queue: str, waits: threading.Event
) -> None:
    execution = waiting_machine(cloud, queue, "stopped-by-moto", seconds=4)
    next_token(cloud, queue)
    assert waits.wait(timeout=20)
    states = cloud.client("stepfunctions")

    with without("Execution.stop"):
        states.stop_execution(executionArn=execution)
        time.sleep(1)
        status = states.describe_execution(executionArn=execution)["status"]

    assert status == "RUNNING"
    ended(cloud, execution)


def _error_of_stopped(cloud: LocalCloud, queue: str, waits: threading.Event, name: str) -> str:
    execution = waiting_machine(cloud, queue, name, seconds=30)
    next_token(cloud, queue)
    assert waits.wait(timeout=20)
    cloud.client("stepfunctions").stop_execution(executionArn=execution, error="Superseded", cause="why")
    described = ended(cloud, execution)
    return " ".join((described["status"], described.get("error", ""), described.get("cause", "")))


def test_a_stopped_execution_has_the_error_and_the_cause(cloud: LocalCloud, queue: str, waits: threading.Event) -> None:
    assert _error_of_stopped(cloud, queue, waits, "stopped-with-error") == "ABORTED Superseded why"


@still_needs("StepFunctionResponse.stop_execution")
def test_a_stopped_execution_has_no_error(cloud: LocalCloud, queue: str, waits: threading.Event) -> None:
    with without("StepFunctionResponse.stop_execution"):
        assert "Superseded" not in _error_of_stopped(cloud, queue, waits, "stopped-without-error")


@still_needs("Environment.set_error")
def test_a_stopped_execution_is_called_failed(cloud: LocalCloud, queue: str, waits: threading.Event) -> None:
    execution = waiting_machine(cloud, queue, "failed-by-moto", seconds=30)
    next_token(cloud, queue)
    assert waits.wait(timeout=20)

    with without("Environment.set_error"):
        cloud.client("stepfunctions").stop_execution(executionArn=execution)
        assert ended(cloud, execution)["status"] == "FAILED"


@still_needs("CallbackPoolManager.notify")
def test_the_second_answer_to_a_token_replaces_the_first() -> None:
    pool = CallbackPoolManager({})
    endpoint = pool.add("token")
    notify = original("CallbackPoolManager.notify")

    assert notify(pool, "token", "first") and notify(pool, "token", "second")

    assert endpoint.get_outcome() == "second"


def test_a_second_answer_to_a_token_is_refused(cloud: LocalCloud) -> None:
    del cloud  # puts the repairs in place
    pool = CallbackPoolManager({})
    endpoint = pool.add("token")
    pool.notify("token", "first")

    with pytest.raises(CallbackNotifyConsumerError):
        pool.notify("token", "second")
    assert endpoint.get_outcome() == "first"


@still_needs("StepFunctionsParserBackend._get_executions")
def test_an_answer_trips_over_an_execution_that_has_not_begun() -> None:
    starting = SimpleNamespace(status="RUNNING", exec_worker=SimpleNamespace(env=None))
    backend = Mock(state_machines=[SimpleNamespace(executions=[starting])])
    backend._get_executions = lambda status=None: original("StepFunctionsParserBackend._get_executions")(
        backend, status
    )

    with pytest.raises(AttributeError):
        StepFunctionsParserBackend.send_task_success(backend, "token", "{}")


@still_needs("IterationWorker._eval_pool", "DistributedItemProcessorWorker._eval_pool")
@pytest.mark.parametrize("name", ["IterationWorker._eval_pool", "DistributedItemProcessorWorker._eval_pool"])
def test_a_map_worker_recurses_for_every_item(name: str) -> None:
    first, following = job(), iter([job() for _ in range(2000)])
    worker = Mock(stopped=lambda: False)
    worker._job_pool.next_job = lambda: next(following, None)
    worker._eval_pool = lambda job, worker_frame: original(name)(worker, job, worker_frame)

    with pytest.raises(RecursionError):
        worker._eval_pool(first, Mock())


def job() -> Any:
    return SimpleNamespace(job_output=None)

"""Each repair of moto: what it puts right, and that moto still needs it.

The tests named `…_still_…` fail once moto has mended itself; then the repair can go.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.cloud import LocalCloud
from local.moto.repairs import repairs, replacements, without
from local.moto.repairs.step_functions import _name_of_failure
from tests.local.clouds import SMALL, ended, run, start
from tests.local.still import still_needs

pytestmark = [pytest.mark.local, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(program=SMALL) as running:
        yield running


def output(described: dict[str, Any]) -> Any:
    assert described["status"] == "SUCCEEDED", described
    return json.loads(described["output"])


def test_every_repair_says_why() -> None:
    for repair in replacements():
        assert repair.replaced_by.__doc__, repair.name
        assert repair.original is not repair.replaced_by, repair.name


def test_a_repair_that_does_not_exist_cannot_be_taken_out() -> None:
    with pytest.raises(KeyError), without("Nothing.at_all"):
        pass


def test_a_function_answers_with_its_own_result(cloud: LocalCloud) -> None:
    assert output(run(cloud, path="lambda", item={"n": 7}))["answer"]["item"] == {"n": 7}


@still_needs("LambdaSimpleBackend.invoke")
def test_moto_still_answers_with_the_request_itself(cloud: LocalCloud) -> None:
    with without("LambdaSimpleBackend.invoke"):
        assert output(run(cloud, path="lambda", item={"n": 7}))["answer"] == {"n": 7}


def test_an_exception_is_caught_by_the_name_of_its_class(cloud: LocalCloud) -> None:
    failure = output(run(cloud, path="lambda", item={"poison": "bad"}))["failure"]

    assert failure["Error"] == "PoisonedItem"
    assert json.loads(failure["Cause"])["errorMessage"] == "bad"


@pytest.mark.parametrize("qualifier", ["", ":live", ":1"])
def test_a_function_is_called_by_name_alias_and_version(cloud: LocalCloud, qualifier: str) -> None:
    client = cloud.client("lambda")
    answer = client.invoke(FunctionName=f"small-work{qualifier}", Payload=b'{"n": 1}')

    assert json.loads(answer["Payload"].read())["item"] == {"n": 1}
    assert "FunctionError" not in answer


def test_a_call_without_waiting_is_accepted_at_once(cloud: LocalCloud) -> None:
    answer = cloud.client("lambda").invoke(FunctionName="small-work", Payload=b"{}", InvocationType="Event")

    assert answer["StatusCode"] == 202


def _failed_call(cloud: LocalCloud, queue: str) -> dict[str, Any]:
    """What lies in the function's on-failure queue after a call that fails and that nobody waits for; {} if nothing."""
    functions, sqs = cloud.client("lambda"), cloud.client("sqs")
    url = sqs.create_queue(QueueName=queue)["QueueUrl"]
    functions.put_function_event_invoke_config(
        FunctionName="small-work",
        MaximumRetryAttempts=1,
        DestinationConfig={"OnFailure": {"Destination": f"arn:aws:sqs:{cloud.region}:{cloud.account}:{queue}"}},
    )
    call = functions.invoke(FunctionName="small-work", Payload=b'{"poison": "bad"}', InvocationType="Event")
    assert call["StatusCode"] == 202
    received = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10).get("Messages", [])
    return dict(json.loads(received[0]["Body"])) if received else {}


def test_a_call_without_waiting_is_tried_again_and_its_failure_is_reported(cloud: LocalCloud) -> None:
    reported = _failed_call(cloud, "failed-calls")

    about = reported["requestContext"]
    assert (about["condition"], about["approximateInvokeCount"]) == ("RetriesExhausted", 2)
    assert reported["requestPayload"] == {"poison": "bad"}
    assert reported["responsePayload"]["errorType"] == "PoisonedItem"


@still_needs("LambdaSimpleBackend.invoke")
def test_moto_neither_repeats_nor_reports_a_call_without_waiting(
    cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[object] = []
    monkeypatch.setattr("local.moto.repairs.lambda_.send_to_queue", lambda *words: sent.append(words))
    with without("LambdaSimpleBackend.invoke"):
        answered = cloud.client("lambda").invoke(
            FunctionName="small-work", Payload=b'{"poison": "bad"}', InvocationType="Event"
        )
        queued = cloud.client("sqs").list_queues(QueueNamePrefix="failed-calls").get("QueueUrls", [])
        waiting = [cloud.client("sqs").receive_message(QueueUrl=url).get("Messages") for url in queued]

    assert "FunctionError" not in answered
    assert not any(waiting) and not sent


def test_a_task_runs_and_its_end_is_reported_in_the_states_words(cloud: LocalCloud) -> None:
    task = output(run(cloud, path="sync", name="me", request="exit 0"))

    assert task["Containers"][0]["ExitCode"] == 0
    assert task["LastStatus"] == "STOPPED"
    assert task["StopCode"] == "EssentialContainerExited"
    assert isinstance(task["StoppedAt"], int)


def test_a_task_that_exits_with_3_fails_the_state(cloud: LocalCloud) -> None:
    described = run(cloud, path="sync", name="me", request="exit 3")

    assert (described["status"], described["error"]) == ("FAILED", "States.TaskFailed")
    assert json.loads(described["cause"])["Containers"][0]["ExitCode"] == 3


def test_the_end_of_a_task_is_announced_as_ecs_does(cloud: LocalCloud) -> None:
    events, sqs = cloud.client("events"), cloud.client("sqs")
    queue = sqs.create_queue(QueueName="task-ends")["QueueUrl"]
    pattern = {"source": ["aws.ecs"], "detail": {"lastStatus": ["STOPPED"]}}
    events.put_rule(Name="task-ends", EventPattern=json.dumps(pattern))
    transformer = {"InputPathsMap": {"task": "$.detail.taskArn"}, "InputTemplate": '{"task_arn": <task>}'}
    arn = f"arn:aws:sqs:{cloud.region}:{cloud.account}:task-ends"
    events.put_targets(Rule="task-ends", Targets=[{"Id": "q", "Arn": arn, "InputTransformer": transformer}])
    task = output(run(cloud, path="sync", name="me", request="exit 0"))

    received: list[Any] = []
    until = time.monotonic() + 60
    while {"task_arn": task["TaskArn"]} not in received:  # another test's task may end meanwhile
        assert time.monotonic() < until, received
        messages = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=1).get("Messages", [])
        received += [json.loads(message["Body"]) for message in messages]
    events.remove_targets(Rule="task-ends", Ids=["q"])
    events.delete_rule(Name="task-ends")


@still_needs("StateTaskServiceEcs._build_sync_resolver")
def test_moto_still_calls_exit_code_3_a_success(cloud: LocalCloud) -> None:
    with without("StateTaskServiceEcs._build_sync_resolver"):
        assert run(cloud, path="sync", name="me", request="exit 3")["status"] == "SUCCEEDED"


@still_needs("StateTaskServiceEcs._normalise_parameters")
def test_moto_still_trips_over_camel_case(cloud: LocalCloud) -> None:
    with without("StateTaskServiceEcs._normalise_parameters"):
        assert run(cloud, path="sync", name="me", request="exit 0")["status"] == "FAILED"


def _scheduled(cloud: LocalCloud, **request: Any) -> dict[str, Any]:
    """The parameters that a token task was started with."""
    execution = start(cloud, path="token", request="succeed", heartbeat=50, **request)
    ended(cloud, execution)
    events = cloud.client("stepfunctions").get_execution_history(executionArn=execution)["events"]
    scheduled = next(event["taskScheduledEventDetails"] for event in events if event["type"] == "TaskScheduled")
    parameters: dict[str, Any] = json.loads(scheduled["parameters"])
    return parameters


@still_needs("StateTaskServiceEcs._get_supported_parameters")
def test_moto_still_passes_no_tags(cloud: LocalCloud) -> None:
    with without("StateTaskServiceEcs._get_supported_parameters"):
        assert "Tags" not in _scheduled(cloud, name="unseen")

    assert _scheduled(cloud, name="seen")["Tags"] == [{"Key": "by", "Value": "seen"}]


def test_a_task_that_is_waited_for_is_started_by_step_functions(cloud: LocalCloud) -> None:
    task = output(run(cloud, path="sync", name="me", request="exit 0"))

    assert task["StartedBy"] == "AWS Step Functions"


def test_a_task_answers_its_token(cloud: LocalCloud) -> None:
    assert output(run(cloud, path="token", name="me", request="succeed", heartbeat=50)) == {"said": "hello"}


def test_a_tasks_failure_keeps_its_cause(cloud: LocalCloud) -> None:
    answer = output(run(cloud, path="token", name="me", request="fail", heartbeat=50))

    assert answer["failure"] == {"Error": "PoisonedItem", "Cause": "because"}


def test_a_fail_state_passes_on_the_name_of_an_earlier_failure() -> None:
    names = {"ProcessKeeperGone", "States.Runtime", "States.Timeout"}
    assert {_name_of_failure(name).error_name for name in names} == names


@still_needs("CustomErrorName")
def test_moto_still_refuses_to_pass_on_a_name_of_the_states() -> None:
    (repair,) = (one for one in repairs() if one.replaced_by is _name_of_failure)
    with pytest.raises(ValueError, match="MUST NOT begin"):
        repair.original("States.Runtime")


@still_needs("StepFunctionResponse.send_task_failure")
def test_moto_still_drops_the_cause(cloud: LocalCloud) -> None:
    with without("StepFunctionResponse.send_task_failure"):
        answer = output(run(cloud, path="token", name="me", request="fail", heartbeat=50))

    assert answer["failure"].get("Cause") != "because"


def test_a_missed_heartbeat_is_a_timeout_without_a_cause(cloud: LocalCloud) -> None:
    failure = output(run(cloud, path="token", name="me", request="silent", heartbeat=1))["failure"]

    assert failure == {"Error": "States.Timeout", "Cause": ""}


def test_a_failed_child_ends_a_map_that_tolerates_none(cloud: LocalCloud) -> None:
    items = [{"n": 1}, {"poison": "bad"}, {"n": 2}]
    cloud.client("s3").put_object(Bucket="small-uploads", Key="poisoned.json", Body=json.dumps(items))

    described = run(cloud, path="map", key="poisoned.json")

    assert (described["status"], described["error"]) == ("FAILED", "States.ExceedToleratedFailureThreshold")
    assert described["cause"] == "The specified tolerated failure threshold was exceeded"


@still_needs("DistributedItemProcessorWorker._eval_job")
def test_moto_still_tolerates_every_failed_child(cloud: LocalCloud) -> None:
    items = [{"n": 1}, {"poison": "bad"}]
    cloud.client("s3").put_object(Bucket="small-uploads", Key="poisoned.json", Body=json.dumps(items))

    with without("DistributedItemProcessorWorker._eval_job"):
        assert run(cloud, path="map", key="poisoned.json")["status"] == "SUCCEEDED"


def test_a_stopped_task_gets_the_reason_and_ends(cloud: LocalCloud) -> None:
    # A request of its own: another test's sleeping task may still be running.
    execution, task = start(cloud, path="sync", name="me", request="sleep until-stopped"), ""
    ecs = cloud.client("ecs")
    while not task:
        running = ecs.list_tasks(cluster="small", desiredStatus="RUNNING")["taskArns"]
        described = ecs.describe_tasks(cluster="small", tasks=running)["tasks"] if running else []
        task = next((each["taskArn"] for each in described if "until-stopped" in json.dumps(each["overrides"])), "")
        time.sleep(0.05)

    ecs.stop_task(cluster="small", task=task, reason="enough")

    cause = json.loads(ended(cloud, execution)["cause"])
    assert (cause["StopCode"], cause["StoppedReason"]) == ("UserInitiated", "enough")


def test_stopping_an_execution_ends_its_wait_for_a_token(cloud: LocalCloud) -> None:
    execution = start(cloud, path="token", name="me", request="sleep", heartbeat=50)
    states = cloud.client("stepfunctions")
    while not any(
        event["type"] == "TaskSubmitted" for event in states.get_execution_history(executionArn=execution)["events"]
    ):
        time.sleep(0.05)

    states.stop_execution(executionArn=execution)

    assert ended(cloud, execution, seconds=10)["status"] == "ABORTED"


def test_a_map_worker_handles_more_items_than_python_recurses(cloud: LocalCloud) -> None:
    assert len(output(run(cloud, path="inline", items=list(range(1200))))["done"]) == 1200


@still_needs("boto_client_for")
def test_moto_still_builds_a_client_for_every_task() -> None:
    repair = next(repair for repair in repairs() if repair.attribute == "boto_client_for")

    assert repair.original("eu-west-1", "sqs") is not repair.original("eu-west-1", "sqs")
    assert repair.replaced_by("eu-west-1", "sqs") is repair.replaced_by("eu-west-1", "sqs")


def test_a_distributed_map_reads_its_items_from_s3_in_order(cloud: LocalCloud) -> None:
    items = [{"n": number} for number in range(50)]
    cloud.client("s3").put_object(Bucket="small-uploads", Key="plan.json", Body=json.dumps(items))

    assert output(run(cloud, path="map", key="plan.json"))["done"] == items


def test_no_concurrent_update_is_lost(cloud: LocalCloud) -> None:
    key = {"pk": {"S": "counter"}, "sk": {"S": "x"}}
    dynamodb = cloud.client("dynamodb")

    def add() -> None:
        for _ in range(50):
            dynamodb.update_item(
                TableName="small-context",
                Key=key,
                UpdateExpression="ADD n :one",
                ExpressionAttributeValues={":one": {"N": "1"}},
            )

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert dynamodb.get_item(TableName="small-context", Key=key)["Item"]["n"] == {"N": "400"}


def update(number: str, condition: str = "attribute_not_exists(locked)") -> dict[str, Any]:
    return {
        "Update": {
            "TableName": "small-context",
            "Key": {"pk": {"S": f"account-{number}"}, "sk": {"S": "x"}},
            "UpdateExpression": "ADD n :one",
            "ConditionExpression": condition,
            "ExpressionAttributeValues": {":one": {"N": "1"}},
        }
    }


def test_a_transaction_that_is_refused_leaves_every_item_as_it_was(cloud: LocalCloud) -> None:
    dynamodb = cloud.client("dynamodb")
    dynamodb.transact_write_items(TransactItems=[update("1"), update("2")])
    refused = [update("1"), update("new"), update("2", "attribute_exists(locked)")]

    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        dynamodb.transact_write_items(TransactItems=refused)

    found = [
        dynamodb.get_item(TableName="small-context", Key=update(number)["Update"]["Key"]).get("Item", {}).get("n")
        for number in ("1", "2", "new")
    ]
    assert found == [{"N": "1"}, {"N": "1"}, None]


@still_needs("StepFunctionsParserBackend.start_execution")
def test_moto_still_calls_a_nameless_execution_none(cloud: LocalCloud) -> None:
    with without("StepFunctionsParserBackend.start_execution"):
        assert start(cloud, path="event").endswith(":None")


@still_needs("StepFunctionBackend.describe_state_machine")
def test_moto_still_describes_no_alias(cloud: LocalCloud) -> None:
    with without("StepFunctionBackend.describe_state_machine"), pytest.raises(ClientError):
        cloud.client("stepfunctions").describe_state_machine(stateMachineArn=cloud.outputs["alias"])


@still_needs("StepFunctionsParserBackend.start_execution")
def test_moto_still_starts_no_alias(cloud: LocalCloud) -> None:
    repairs_taken_out = "StepFunctionsParserBackend.start_execution", "StepFunctionBackend.describe_state_machine"
    with without(repairs_taken_out[0]), without(repairs_taken_out[1]), pytest.raises(ClientError):
        start(cloud, path="event", name="by-alias")


@still_needs("Rule.send_to_targets")
def test_moto_still_delivers_nothing_to_a_state_machine() -> None:
    from moto.events.models import Rule

    original = next(repair.original for repair in repairs() if repair.name == "Rule.send_to_targets")
    target = {"Id": "x", "Arn": "arn:aws:states:eu-west-1:123456789012:stateMachine:small"}
    rule = Rule(
        "r", "123456789012", "eu-west-1", None, '{"source": ["me"]}', None, None, "default", None, None, [target]
    )

    with pytest.raises(NotImplementedError):
        original(rule, {"source": "me", "detail": {}}, transform_input=False)


def test_one_multipart_upload_is_one_event(cloud: LocalCloud) -> None:
    s3, states = cloud.client("s3"), cloud.client("stepfunctions")
    upload = s3.create_multipart_upload(Bucket="small-uploads", Key="uploads/big.zip")["UploadId"]
    about = {"Bucket": "small-uploads", "Key": "uploads/big.zip", "UploadId": upload}
    part = s3.upload_part(**about, PartNumber=1, Body=b"part")

    s3.complete_multipart_upload(**about, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})

    found: list[Any] = []
    deadline = time.monotonic() + 20
    while not found and time.monotonic() < deadline:
        listed = states.list_executions(stateMachineArn=cloud.outputs["machine"])["executions"]
        inputs = [states.describe_execution(executionArn=each["executionArn"])["input"] for each in listed]
        found = [json.loads(text) for text in inputs if "uploads/big.zip" in text]
        time.sleep(0.2)
    assert [event["detail"]["reason"] for event in found] == ["CompleteMultipartUpload"]


def test_a_bucket_that_tells_event_bridge_says_so(cloud: LocalCloud) -> None:
    notified = cloud.client("s3").get_bucket_notification_configuration(Bucket="small-uploads")
    assert notified["EventBridgeConfiguration"] == {}


@still_needs("S3Response.get_bucket_notification")
def test_moto_still_leaves_event_bridge_out(cloud: LocalCloud) -> None:
    with without("S3Response.get_bucket_notification"):
        notified = cloud.client("s3").get_bucket_notification_configuration(Bucket="small-uploads")
    assert "EventBridgeConfiguration" not in notified

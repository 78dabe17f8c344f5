"""A map run's children are listed, described, counted and paged as executions of their own.

The figures follow the answers that AWS gave, `sd-distributed-map-describe-while-running` and
`ls-api-list-map-runs-and-describe-map-run` in tests/corpus/aws_recorded/README.md.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.stepfunctions.parser.backend.execution import Execution

from local.cloud import LocalCloud
from local.moto.repairs import without
from tests.local.clouds import SMALL, ended, plain_client
from tests.local.still import still_needs
from tests.local.test_redrive import STANDARD_CHILDREN, asked, fail, redrive, start, succeed, task

pytestmark = [pytest.mark.local, pytest.mark.timeout(240)]

CHOOSE = {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 1, "Next": "Bad"}], "Default": "Good"}
BAD = {"Type": "Fail", "Error": "Own", "Cause": "why"}
PROCESSOR = {
    "ProcessorConfig": STANDARD_CHILDREN,
    "StartAt": "Choose",
    "States": {"Choose": CHOOSE, "Good": {"Type": "Pass", "End": True}, "Bad": BAD},
}
MAP = {
    "Type": "Map",
    "Label": "Files",
    "ItemSelector": {"n.$": "$$.Map.Item.Value"},
    "ToleratedFailureCount": 1,
    "MaxConcurrency": 2,
    "ItemProcessor": PROCESSOR,
    "End": True,
}


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(program=SMALL) as running:
        yield running


@pytest.fixture(scope="module")
def states(cloud: LocalCloud) -> Iterator[Any]:
    """A client like anybody's, which sends what the service has to refuse."""
    with plain_client(cloud, "stepfunctions") as client:
        yield client


@pytest.fixture(scope="module")
def execution(cloud: LocalCloud) -> str:
    """Three items, of which the second fails."""
    arn = start(cloud, {"All": MAP}, [0, 1, 2])
    assert ended(cloud, arn)["status"] == "SUCCEEDED"
    return arn


@pytest.fixture(scope="module")
def map_run(states: Any, execution: str) -> str:
    (found,) = states.list_map_runs(executionArn=execution)["mapRuns"]
    return str(found["mapRunArn"])


@pytest.fixture
def queue(cloud: LocalCloud) -> str:
    return str(cloud.client("sqs").create_queue(QueueName=f"children-{uuid.uuid4().hex[:8]}")["QueueUrl"])


def code_of(call: Any, **parameters: Any) -> str:
    with pytest.raises(ClientError) as refusal:
        call(**parameters)
    return str(refusal.value.response["Error"]["Code"])


@still_needs("StepFunctionResponse.list_executions", "DistributedItemProcessorWorker._eval_input")
def test_each_child_is_listed_by_its_map_run_with_a_name_and_a_status_of_its_own(states: Any, map_run: str) -> None:
    listed = states.list_executions(mapRunArn=map_run)["executions"]

    assert Counter(each["status"] for each in listed) == {"SUCCEEDED": 2, "FAILED": 1}
    assert len({each["executionArn"] for each in listed}) == 3
    for each in listed:
        machine, name = each["executionArn"].replace(":execution:", ":stateMachine:").rsplit(":", 1)
        assert (each["stateMachineArn"], each["name"], each["mapRunArn"]) == (machine, name, map_run)
        assert machine.endswith("/Files")
        assert (each["itemCount"], each["redriveCount"]) == (1, 0)
        assert each["startDate"] <= each["stopDate"]
    with without("StepFunctionResponse.list_executions"), pytest.raises(ClientError):
        states.list_executions(mapRunArn=map_run)


def test_a_child_is_described_by_its_own_name(states: Any, map_run: str) -> None:
    by_status = {each["status"]: each for each in states.list_executions(mapRunArn=map_run)["executions"]}

    good = states.describe_execution(executionArn=by_status["SUCCEEDED"]["executionArn"])
    bad = states.describe_execution(executionArn=by_status["FAILED"]["executionArn"])

    assert (good["mapRunArn"], good["input"], good["output"]) == (map_run, good["output"], good["input"])
    assert good["redriveStatus"] == "NOT_REDRIVABLE"
    assert [bad[name] for name in ("status", "error", "cause", "input", "redriveStatus")] == [
        "FAILED", "Own", "why", '{"n": 1}', "REDRIVABLE_BY_MAP_RUN",
    ]  # fmt: skip
    assert code_of(states.describe_execution, executionArn=f"{good['executionArn']}x") == "ExecutionDoesNotExist"


@pytest.mark.parametrize(
    ("chosen", "number"),
    [
        ({"statusFilter": "FAILED"}, 1),
        ({"statusFilter": "SUCCEEDED"}, 2),
        ({"statusFilter": "RUNNING"}, 0),
        ({"statusFilter": "PENDING_REDRIVE"}, 0),
        ({"redriveFilter": "REDRIVEN"}, 0),
        ({"redriveFilter": "NOT_REDRIVEN"}, 3),
        ({"redriveFilter": "NOT_REDRIVEN", "statusFilter": "FAILED"}, 1),
    ],
)
def test_children_are_chosen_by_status_and_by_redrives(
    states: Any, map_run: str, chosen: dict[str, str], number: int
) -> None:
    assert len(states.list_executions(mapRunArn=map_run, **chosen)["executions"]) == number


def test_pages_of_children_have_each_of_them_once(states: Any, map_run: str) -> None:
    whole = [each["name"] for each in states.list_executions(mapRunArn=map_run, maxResults=0)["executions"]]
    pages = states.get_paginator("list_executions").paginate(mapRunArn=map_run, PaginationConfig={"PageSize": 1})

    assert [each["name"] for page in pages for each in page["executions"]] == whole


def test_what_a_listing_cannot_mean_is_refused_by_name(states: Any, execution: str, map_run: str) -> None:
    listing, machine = states.list_executions, states.describe_execution(executionArn=execution)["stateMachineArn"]
    wrong = {
        "ValidationException": [
            {}, {"stateMachineArn": machine, "mapRunArn": map_run}, {"mapRunArn": map_run, "statusFilter": "GONE"},
            {"mapRunArn": map_run, "redriveFilter": "SOME"}, {"mapRunArn": map_run, "maxResults": 1001},
            {"stateMachineArn": machine, "statusFilter": "PENDING_REDRIVE"},
        ],
        "InvalidArn": [{"mapRunArn": "no arn"}, {"mapRunArn": execution}],
        "ResourceNotFound": [{"mapRunArn": f"{map_run}0"}],
        "InvalidToken": [{"mapRunArn": map_run, "nextToken": "none"}, {"mapRunArn": map_run, "nextToken": "bm9uZQ=="}],
    }  # fmt: skip
    for code, asked_for in wrong.items():
        assert [code_of(listing, **each) for each in asked_for] == [code] * len(asked_for)


def test_the_executions_of_a_state_machine_are_chosen_by_redrives_too(states: Any, execution: str) -> None:
    machine = states.describe_execution(executionArn=execution)["stateMachineArn"]

    listed = states.list_executions(stateMachineArn=machine, redriveFilter="NOT_REDRIVEN")["executions"]

    assert listed == states.list_executions(stateMachineArn=machine)["executions"]
    assert [each["redriveCount"] for each in listed if each["executionArn"] == execution] == [0]
    assert states.list_executions(stateMachineArn=machine, redriveFilter="REDRIVEN")["executions"] == []


@still_needs("StepFunctionResponse.describe_map_run", "StepFunctionResponse.update_map_run")
def test_a_running_map_run_counts_what_waits_and_lists_what_runs(cloud: LocalCloud, states: Any, queue: str) -> None:
    """sd-distributed-map-describe-while-running, then an update, a child that fails, and its redrive."""
    processor = {"ProcessorConfig": STANDARD_CHILDREN, "StartAt": "Item", "States": {"Item": task(queue)}}
    map_state = {"Type": "Map", "Label": "Live", "MaxConcurrency": 1, "ItemProcessor": processor, "End": True}
    execution = start(cloud, {"All": map_state}, ["a", "b", "c", "d"])
    found = asked(cloud, queue)
    (run,) = states.list_map_runs(executionArn=execution)["mapRuns"]
    arn = run["mapRunArn"]

    described = states.describe_map_run(mapRunArn=arn)
    assert (described["status"], described["maxConcurrency"]) == ("RUNNING", 1)
    counts = {name: number for name, number in described["itemCounts"].items() if number}
    assert counts == {"pending": 3, "running": 1, "total": 4}
    (child,) = states.list_executions(mapRunArn=arn)["executions"]
    assert (child["status"], "stopDate" in child) == ("RUNNING", False)
    with without("StepFunctionResponse.describe_map_run"):
        assert states.describe_map_run(mapRunArn=arn)["itemCounts"]["total"] == 1

    states.update_map_run(mapRunArn=arn, toleratedFailurePercentage=50.0, toleratedFailureCount=1)
    assert states.describe_map_run(mapRunArn=arn)["toleratedFailureCount"] == 1
    for wrong in ({}, {"toleratedFailurePercentage": 101.0}):
        assert code_of(states.update_map_run, mapRunArn=arn, **wrong) == "ValidationException"
    assert code_of(states.update_map_run, mapRunArn=f"{arn}0", maxConcurrency=1) == "ResourceNotFound"

    fail(cloud, found)
    fail(cloud, asked(cloud, queue))
    assert ended(cloud, execution)["error"] == "States.ExceedToleratedFailureThreshold"
    over = states.describe_map_run(mapRunArn=arn)
    assert {name: number for name, number in over["itemCounts"].items() if number} == {
        "aborted": 2, "failed": 2, "total": 4,
    }  # fmt: skip
    assert code_of(states.update_map_run, mapRunArn=arn, maxConcurrency=2) == "ValidationException"

    redrive(cloud, execution)
    for _ in range(4):
        succeed(cloud, asked(cloud, queue), "done")
    assert ended(cloud, execution)["status"] == "SUCCEEDED"
    redriven = states.list_executions(mapRunArn=arn, redriveFilter="REDRIVEN")["executions"]
    assert [(each["status"], each["redriveCount"]) for each in redriven] == [("SUCCEEDED", 1)] * 2
    assert child["name"] in {each["name"] for each in redriven}
    again = states.describe_map_run(mapRunArn=arn)
    assert (again["redriveCount"], again["itemCounts"]["succeeded"], again["itemCounts"]["aborted"]) == (1, 4, 0)


@still_needs("MapRunRecord.set_stop", "StepFunctionResponse.list_map_runs")
def test_a_stopped_execution_leaves_an_aborted_map_run_and_child(cloud: LocalCloud, states: Any, queue: str) -> None:
    processor = {"ProcessorConfig": STANDARD_CHILDREN, "StartAt": "Item", "States": {"Item": task(queue)}}
    map_state = {"Type": "Map", "Label": "Over", "MaxConcurrency": 1, "ItemProcessor": processor, "End": True}
    execution = start(cloud, {"All": map_state}, ["a"])
    asked(cloud, queue)

    states.stop_execution(executionArn=execution)
    ended(cloud, execution)

    (run,) = states.list_map_runs(executionArn=execution, maxResults=1)["mapRuns"]
    assert states.describe_map_run(mapRunArn=run["mapRunArn"])["status"] == "ABORTED"
    (child,) = states.list_executions(mapRunArn=run["mapRunArn"])["executions"]
    assert child["status"] == "ABORTED"
    assert code_of(states.list_map_runs, executionArn=execution, nextToken="none") == "InvalidToken"
    with without("StepFunctionResponse.list_map_runs"):
        assert states.list_map_runs(executionArn=execution, nextToken="none")["mapRuns"]


@still_needs("Execution.status", "Execution.to_history_output")
def test_an_execution_is_listed_as_running_before_it_has_begun(
    states: Any, execution: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits for an upload's execution lists them all the time: now and then that was an error 500."""
    machine = states.describe_execution(executionArn=execution)["stateMachineArn"]
    seen: list[str] = []
    begin = Execution.start

    def listed_first(self: Execution) -> None:
        listed = states.list_executions(stateMachineArn=machine)["executions"]
        seen.extend(each["status"] for each in listed if each["executionArn"] == self.exec_arn)
        assert states.get_execution_history(executionArn=self.exec_arn)["events"] == []
        assert states.list_map_runs(executionArn=self.exec_arn)["mapRuns"] == []
        with without("Execution.status"), pytest.raises(ClientError, match="500"):
            states.list_executions(stateMachineArn=machine)
        with without("Execution.to_history_output"), pytest.raises(ClientError, match="500"):
            states.get_execution_history(executionArn=self.exec_arn)
        begin(self)

    monkeypatch.setattr(Execution, "start", listed_first)
    states.start_execution(stateMachineArn=machine, input="[]")

    assert seen == ["RUNNING"]

"""TestState on the laptop: the same interpreter, AWS's fields, levels and refusals, over HTTP.

The refusals are recorded by localstack/localstack, tests/aws/services/stepfunctions/v2/test_state, and as
`sd-teststate-refuses-sync` in tests/corpus/aws_recorded/README.md. `make parity STACK=local` asks it every case of
tests/corpus/executions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.cloud import LocalCloud
from local.moto.repairs import without
from tests.corpus import parity
from tests.corpus.cases import TEST_STATE, Case, cases
from tests.local.clouds import SMALL, plain_client
from tests.local.still import still_needs
from tests.workflow.rendered import rendered_machine

pytestmark = [pytest.mark.local, pytest.mark.timeout(240)]

LAMBDA = "arn:aws:states:::lambda:invoke"
RETRY = {"ErrorEquals": ["Busy"], "IntervalSeconds": 2, "BackoffRate": 3.0, "MaxAttempts": 2, "MaxDelaySeconds": 10}
TASK = {
    "Type": "Task",
    "Resource": LAMBDA,
    "InputPath": "$.in",
    "Parameters": {"FunctionName": "small-work", "Payload.$": "$"},
    "ResultSelector": {"got.$": "$.Payload"},
    "ResultPath": "$.out",
    "Retry": [RETRY],
    "Catch": [
        {"ErrorEquals": ["Other"], "Next": "O"},
        {"ErrorEquals": ["States.ALL"], "ResultPath": "$.e", "Next": "C"},
    ],
    "Next": "B",
}
MAP = {
    "Type": "Map",
    "ItemsPath": "$.items",
    "MaxConcurrency": 3,
    "ToleratedFailureCount": 1,
    "ItemProcessor": {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "One",
        "States": {"One": {"Type": "Pass", "End": True}},
    },
    "End": True,
}
BRANCHES = [{"StartAt": name, "States": {name: {"Type": "Pass", "End": True}}} for name in "XY"]
PARALLEL = {"Type": "Parallel", "Branches": BRANCHES, "End": True}
PASS = {"Type": "Pass", "End": True}
RESULT = {"result": '{"Payload": 1}'}


@pytest.fixture(scope="module")
def states() -> Iterator[Any]:
    with LocalCloud(program=SMALL) as cloud, plain_client(cloud, "stepfunctions") as client:
        machine = client.describe_state_machine(stateMachineArn=cloud.outputs["machine"])
        client.role = machine["roleArn"]
        yield client


def asked(states: Any, body: dict[str, Any], given: Any = None, **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = states.test_state(definition=json.dumps(body), input=json.dumps(given or {}), **more)
    del answer["ResponseMetadata"]
    return answer


def refusal_of(states: Any, body: Any, **more: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as refusal:
        states.test_state(**{"definition": body if isinstance(body, str) else json.dumps(body), **more})
    error = refusal.value.response["Error"]
    return str(error["Code"]), str(error["Message"])


def error_output(error: str) -> dict[str, Any]:
    return {"errorOutput": {"error": error, "cause": "why"}}


def test_a_mocked_task_says_where_it_goes_and_what_becomes_of_its_data(states: Any) -> None:
    given = {"in": {"n": 1}}
    answer = asked(states, TASK, given, mock=RESULT, inspectionLevel="DEBUG")

    assert answer.pop("inspectionData") == {
        "input": json.dumps(given),
        "afterInputPath": '{"n": 1}',
        "afterParameters": json.dumps({"FunctionName": "small-work", "Payload": {"n": 1}}),
        "result": '{"Payload": 1}',
        "afterResultSelector": '{"got": 1}',
        "afterResultPath": '{"in": {"n": 1}, "out": {"got": 1}}',
    }
    assert answer == {"status": "SUCCEEDED", "nextState": "B", "output": '{"in": {"n": 1}, "out": {"got": 1}}'}
    assert asked(states, TASK, given, mock=RESULT) == answer


@pytest.mark.parametrize(("retries", "seconds"), [(0, 2), (1, 6)])
def test_an_error_is_retried_as_often_as_its_retrier_says(states: Any, retries: int, seconds: int) -> None:
    answer = asked(
        states, TASK, {"in": {}}, mock=error_output("Busy"), inspectionLevel="DEBUG",
        stateConfiguration={"retrierRetryCount": retries},
    )  # fmt: skip
    assert (answer["status"], answer["error"], answer["cause"]) == ("RETRIABLE", "Busy", "why")
    assert answer["inspectionData"]["errorDetails"] == {"retryIndex": 0, "retryBackoffIntervalSeconds": seconds}


def test_what_is_retried_no_more_is_caught(states: Any) -> None:
    more = {"mock": error_output("Busy"), "stateConfiguration": {"retrierRetryCount": 2}, "inspectionLevel": "TRACE"}
    answer = asked(states, TASK, {"in": {}}, **more)
    assert (answer["status"], answer["nextState"], answer["error"]) == ("CAUGHT_ERROR", "C", "Busy")
    assert json.loads(answer["output"])["e"] == {"Error": "Busy", "Cause": "why"}
    assert answer["inspectionData"]["errorDetails"]["catchIndex"] == 1


def test_what_nobody_takes_fails(states: Any) -> None:
    uncaught = {name: value for name, value in TASK.items() if name not in {"Retry", "Catch"}}
    answer = asked(states, uncaught, {"in": {}}, mock=error_output("States.Timeout"))
    assert answer == {"status": "FAILED", "error": "States.Timeout", "cause": "why"}


def test_a_state_of_a_state_machine_is_named_however_deep_it_is(states: Any) -> None:
    machine = rendered_machine()
    answer = asked(states, machine, {"batch": {}}, stateName="BatchDone", inspectionLevel="INFO")
    assert answer["status"] == "SUCCEEDED"
    assert refusal_of(states, machine, stateName="Nowhere") == ("ValidationException", "State not found in definition")
    assert refusal_of(states, machine)[0] == "ValidationException"


def test_a_map_looks_at_its_fields_and_counts_its_failed_iterations(states: Any) -> None:
    given, more = {"items": [1, 2, 3]}, {"mock": {"result": "[1, 2, 3]"}, "inspectionLevel": "DEBUG"}
    tolerated = asked(states, MAP, given, stateConfiguration={"mapIterationFailureCount": 1}, **more)
    failed = asked(states, MAP, given, stateConfiguration={"mapIterationFailureCount": 2}, **more)

    assert (tolerated["status"], tolerated["output"]) == ("SUCCEEDED", "[1, 2, 3]")
    seen = tolerated["inspectionData"]
    assert (seen["afterItemsPath"], seen["maxConcurrency"], seen["toleratedFailureCount"]) == ("[1, 2, 3]", 3, 1)
    assert (failed["status"], failed["error"]) == ("FAILED", "States.ExceedToleratedFailureThreshold")
    assert asked(states, MAP, given, mock=error_output("Own"), stateConfiguration={"errorCausedByState": "One"}) == {
        "status": "FAILED", "error": "Own", "cause": "why",
    }  # fmt: skip


def test_a_task_without_a_mock_calls_its_service_under_the_role(states: Any) -> None:
    body = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sfn:listStateMachines", "End": True}
    answer = asked(states, body, roleArn=states.role)
    assert (answer["status"], ":stateMachine:" in answer["output"]) == ("SUCCEEDED", True)


def test_context_and_input_are_what_the_state_reads(states: Any) -> None:
    body = {"Type": "Pass", "Parameters": {"name.$": "$$.Execution.Name", "n.$": "$.n"}, "End": True}
    answer = asked(states, body, {"n": 1}, context=json.dumps({"Execution": {"Name": "mine"}}))
    assert json.loads(answer["output"]) == {"name": "mine", "n": 1}


def test_a_wait_is_answered_at_once(states: Any) -> None:
    assert asked(states, {"Type": "Wait", "Seconds": 3600, "Next": "B"})["nextState"] == "B"


@pytest.mark.parametrize(
    ("body", "more", "code", "words"),
    [
        (PASS, {"mock": {"result": "{}"}}, "ValidationException", "State type 'Pass' is not supported when a mock"),
        (MAP, {}, "InvalidDefinition", "does not support Map or Parallel states"),
        (PARALLEL, {}, "InvalidDefinition", "does not support Map or Parallel states"),
        ({**TASK, "Resource": "arn:aws:states:::ecs:runTask.sync"}, {}, "InvalidDefinition", "'.sync'"),
        (TASK, {}, "ValidationException", "RoleArn must be specified"),
        (TASK, {"mock": {**RESULT, **error_output("A")}}, "ValidationException", "only one of the following fields"),
        (TASK, {"mock": RESULT, "revealSecrets": True}, "ValidationException", "RevealSecrets"),
        (TASK, {"mock": {"result": "{"}}, "ValidationException", "must be valid JSON"),
        (TASK, {"mock": {**RESULT, "fieldValidationMode": "SOME"}}, "ValidationException", "enum value set"),
        (MAP, {"mock": {"result": "{}"}}, "ValidationException", "must be an array"),
        (PARALLEL, {"mock": {"result": "[1]"}}, "ValidationException", "same number of items"),
        (PASS, {"inspectionLevel": "ALL"}, "ValidationException", "enum value set"),
        (PASS, {"input": "{"}, "InvalidExecutionInput", "Invalid State Machine Execution Input"),
        (PASS, {"variables": "[]"}, "ValidationException", "must be a JSON object"),
        (PASS, {"roleArn": "me"}, "InvalidArn", "Invalid Role Arn"),
        ("{", {}, "InvalidDefinition", "INVALID_JSON_DESCRIPTION"),
        ({"Type": "None", "End": True}, {}, "InvalidDefinition", "SCHEMA_VALIDATION_FAILED"),
        (
            MAP,
            {"mock": {"result": "[]"}, "stateConfiguration": {"errorCausedByState": "Z"}},
            "ValidationException",
            "Z",
        ),
    ],
)
def test_what_aws_refuses_is_refused_by_its_name(
    states: Any, body: Any, more: dict[str, Any], code: str, words: str
) -> None:
    refused = refusal_of(states, body, **more)
    assert (refused[0], words in refused[1]) == (code, True), refused


@pytest.mark.parametrize(
    ("result", "mode", "accepted"),
    [
        ({"Attributes": {"a": {"S": "x"}}}, "STRICT", True),
        ({"Attributes": {"a": {"S": 1}}}, "STRICT", False),
        ({"Attributes": {"a": {"S": 1}}}, "PRESENT", False),
        ({"Attributes": {"a": {"S": 1}}}, "NONE", True),
        ({"Attributes": []}, None, False),
        ({"OfALaterModel": 1}, "STRICT", True),
        ([], "STRICT", False),
    ],
)
def test_a_mocked_result_is_held_against_the_model_of_its_call(
    states: Any, result: Any, mode: str | None, accepted: bool
) -> None:
    body = {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:updateItem", "Parameters": {}, "End": True}
    mock = {"result": json.dumps(result)} | ({"fieldValidationMode": mode} if mode else {})
    if accepted:
        assert asked(states, body, mock=mock)["status"] == "SUCCEEDED"
    else:
        code, message = refusal_of(states, body, mock=mock)
        assert (code, message.startswith("Mock result schema validation error")) == ("ValidationException", True)


def of_each_kind() -> list[Case]:
    """A case for each type of state, outcome, retrier or catcher, and place of it."""
    found = {
        (case.body["Type"], case.expected.status, case.expected.retrier, case.expected.catcher, bool(case.own)): case
        for case in parity.of_laptop(cases())
        if case.aws == TEST_STATE
    }
    return list(found.values())


def test_parity_asks_the_laptop_as_it_asks_aws(states: Any) -> None:
    chosen = of_each_kind()
    assert len(chosen) > 25
    verdicts = list(parity.verdicts(states, chosen, rendered_machine(), states.role))
    assert [(each.case.name, each.problems) for each in verdicts if each.problems] == []


@still_needs("StepFunctionResponse.test_state")
def test_moto_still_tests_no_state(states: Any) -> None:
    with without("StepFunctionResponse.test_state"), pytest.raises(ClientError, match="500"):
        asked(states, PASS)

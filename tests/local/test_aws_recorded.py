"""The local engine answers as AWS answered: tests/corpus/aws_recorded has each case with its source."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.cloud import LocalCloud
from local.moto.repairs import without
from tests.local.clouds import SMALL, ended
from tests.local.still import still_needs

pytestmark = [pytest.mark.local, pytest.mark.timeout(240)]

CORPUS = Path(__file__).resolve().parents[1] / "corpus" / "aws_recorded" / "step_functions.json"
CASES: dict[str, list[dict[str, Any]]] = json.loads(CORPUS.read_text(encoding="utf-8"))
WAITS = next(case["definition"] for case in CASES["tokens"] if case["answer"] == "failure without a name")


def _cases(kind: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", CASES[kind], ids=lambda case: case["name"])


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(program=SMALL) as running:
        yield running


def _create(cloud: LocalCloud, definition: dict[str, Any]) -> str:
    states = cloud.client("stepfunctions")
    role = states.describe_state_machine(stateMachineArn=cloud.outputs["machine"])["roleArn"]
    name = f"recorded-{uuid.uuid4().hex[:12]}"
    return str(
        states.create_state_machine(name=name, definition=json.dumps(definition), roleArn=role)["stateMachineArn"]
    )


def _start(cloud: LocalCloud, definition: dict[str, Any], given: Any) -> str:
    started = cloud.client("stepfunctions").start_execution(
        stateMachineArn=_create(cloud, definition), input=json.dumps(given)
    )
    return str(started["executionArn"])


def _token(cloud: LocalCloud, execution: str) -> str:
    """The token that the execution's task waits with."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        events = cloud.client("stepfunctions").get_execution_history(executionArn=execution)["events"]
        found = {event["type"]: event for event in events}
        if "TaskSubmitted" in found:
            parameters = json.loads(found["TaskScheduled"]["taskScheduledEventDetails"]["parameters"])
            return str(parameters["Payload"]["token"])
        time.sleep(0.05)
    raise AssertionError("no task waits for its token")


def _agrees(described: dict[str, Any], expected: dict[str, Any]) -> None:
    assert described["status"] == expected["status"], described
    assert described.get("error") == expected.get("error")
    assert expected.get("cause", "") in described.get("cause", "")
    if "output" in expected:
        assert json.loads(described["output"]) == expected["output"]


@_cases("definitions")
def test_a_definition_is_accepted_or_refused_as_aws_did(cloud: LocalCloud, case: dict[str, Any]) -> None:
    if not case["refused"]:
        assert _create(cloud, case["definition"])
        return
    with pytest.raises(ClientError) as refused:
        _create(cloud, case["definition"])
    assert refused.value.response["Error"]["Code"] == "InvalidDefinition"
    assert case["refused"] in refused.value.response["Error"]["Message"]


@_cases("executions")
def test_an_execution_ends_as_it_did_on_aws(cloud: LocalCloud, case: dict[str, Any]) -> None:
    _agrees(ended(cloud, _start(cloud, case["definition"], case["input"])), case["expected"])


@_cases("tokens")
def test_what_a_task_token_brings_is_caught_as_on_aws(cloud: LocalCloud, case: dict[str, Any]) -> None:
    execution = _start(cloud, case["definition"], {})
    if case["answer"] == "failure without a name":
        cloud.client("stepfunctions").send_task_failure(taskToken=_token(cloud, execution))
    _agrees(ended(cloud, execution), case["expected"])


@_cases("answers")
def test_an_answer_that_comes_too_late_is_refused_by_the_name_that_aws_uses(
    cloud: LocalCloud, case: dict[str, Any]
) -> None:
    states, token = cloud.client("stepfunctions"), "never"
    if case["token"] != "invented":
        execution = _start(cloud, WAITS, {})
        token = _token(cloud, execution)
        if case["token"] == "answered":
            states.send_task_success(taskToken=token, output="{}")
        else:
            states.stop_execution(executionArn=execution)
        ended(cloud, execution)
    for call, more in (
        (states.send_task_success, {"output": "{}"}),
        (states.send_task_failure, {}),
        (states.send_task_heartbeat, {}),
    ):
        with pytest.raises(ClientError) as refused:
            call(taskToken=token, **more)
        assert refused.value.response["Error"]["Code"] == case["code"]


@still_needs("StepFunctionsParserBackend.create_state_machine")
@_cases("definitions")
def test_moto_still_accepts_every_definition(cloud: LocalCloud, case: dict[str, Any]) -> None:
    with without("StepFunctionsParserBackend.create_state_machine", "Preprocessor.visitString_intrinsic_function"):
        assert _create(cloud, case["definition"])


@still_needs("AmazonStateLanguageParser.parse")
def test_moto_still_takes_no_whole_percentage(cloud: LocalCloud) -> None:
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "One",
        "States": {"One": {"Type": "Pass", "End": True}},
    }
    states = {"All": {"Type": "Map", "ToleratedFailurePercentage": 5, "ItemProcessor": processor, "End": True}}
    assert _create(cloud, {"StartAt": "All", "States": states})
    with without("AmazonStateLanguageParser.parse"), pytest.raises(ClientError, match="ToleratedFailurePercentage"):
        _create(cloud, {"StartAt": "All", "States": states})


@still_needs("ComparisonVariable._eval_body")
def test_moto_still_takes_the_default_where_the_variable_is_missing(cloud: LocalCloud) -> None:
    case = CASES["executions"][0]
    with without("ComparisonVariable._eval_body"):
        assert ended(cloud, _start(cloud, case["definition"], {}))["status"] == "SUCCEEDED"

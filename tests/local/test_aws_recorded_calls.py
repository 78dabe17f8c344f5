"""Calls of Step Functions' API that AWS answered to others: tests/corpus/aws_recorded/README.md names each case.

Where the laptop refuses what AWS accepts, the README says so; here stands what must agree.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.cloud import LocalCloud
from local.moto.repairs import without
from tests.local.clouds import SMALL, ended
from tests.local.still import still_needs

pytestmark = [pytest.mark.local, pytest.mark.timeout(240)]

PASS = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"n": 1}, "End": True}}}
WAIT = {"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 60, "End": True}}}
FAIL = {"StartAt": "A", "States": {"A": {"Type": "Fail", "Error": "Own", "Cause": "why"}}}


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(program=SMALL) as running:
        yield running


def _new(cloud: LocalCloud, machine: dict[str, Any], **more: Any) -> dict[str, Any]:
    named = {"name": f"called-{uuid.uuid4().hex[:12]}", "definition": json.dumps(machine), **more}
    answer: dict[str, Any] = cloud.client("stepfunctions").create_state_machine(roleArn=_role(cloud), **named)
    return answer


def _role(cloud: LocalCloud) -> str:
    return f"arn:aws:iam::{cloud.account}:role/small"


def _code(call: Callable[..., Any], **parameters: Any) -> str:
    """The code of the refusal; nothing where there is none."""
    try:
        call(**parameters)
    except ClientError as refusal:
        return str(refusal.response["Error"]["Code"])
    return ""


def _ran(cloud: LocalCloud, machine: dict[str, Any], given: Any = None) -> dict[str, Any]:
    started = cloud.client("stepfunctions").start_execution(
        stateMachineArn=_new(cloud, machine)["stateMachineArn"], input=json.dumps(given or {})
    )
    return ended(cloud, started["executionArn"])


def _versions(cloud: LocalCloud) -> tuple[str, str, str]:
    """A state machine and two of its versions."""
    first = _new(cloud, PASS, publish=True)
    arn = first["stateMachineArn"]
    second = cloud.client("stepfunctions").update_state_machine(
        stateMachineArn=arn, definition=json.dumps({**PASS, "Comment": "second"}), publish=True
    )
    return arn, first["stateMachineVersionArn"], second["stateMachineVersionArn"]


def _routes(*pairs: tuple[str, int]) -> list[dict[str, Any]]:
    return [{"stateMachineVersionArn": arn, "weight": weight} for arn, weight in pairs]


def test_a_state_machine_is_made_again_only_as_it_is(cloud: LocalCloud) -> None:
    """sd-create-same-machine-twice, ls-api-create-exact-duplicate-sm, ls-api-create-duplicate-definition-format-sm."""
    states, name = cloud.client("stepfunctions"), f"twice-{uuid.uuid4().hex[:8]}"
    first = _new(cloud, PASS, name=name)

    assert _new(cloud, PASS, name=name)["creationDate"] == first["creationDate"]
    for other in (json.dumps(PASS, indent=1), json.dumps(WAIT)):
        assert _code(states.create_state_machine, name=name, definition=other, roleArn=_role(cloud)) == (
            "StateMachineAlreadyExists"
        )


@still_needs("StepFunctionsParserBackend.create_state_machine")
def test_moto_still_answers_with_another_state_machine_of_the_name(cloud: LocalCloud) -> None:
    name = f"twice-{uuid.uuid4().hex[:8]}"
    with without("StepFunctionsParserBackend.create_state_machine"):
        assert _new(cloud, PASS, name=name)["creationDate"] == _new(cloud, WAIT, name=name)["creationDate"]


@pytest.mark.parametrize("text", ["not a definition", "{}", '{"StartAt": "A"}', json.dumps({"States": PASS["States"]})])
def test_what_is_no_state_machine_is_refused_by_name(cloud: LocalCloud, text: str) -> None:
    """ls-api-create-delete-invalid-sm, and the definitions of ls-api-validate-state-machine-definition-*."""
    create = cloud.client("stepfunctions").create_state_machine
    assert _code(create, name="invalid", definition=text, roleArn=_role(cloud)) == "InvalidDefinition"


def test_an_alias_leads_to_versions_that_are_there(cloud: LocalCloud) -> None:
    """ls-api-error-create-alias-*, ls-api-idempotent-create-alias, ls-api-update-no-such-alias-arn."""
    states = cloud.client("stepfunctions")
    arn, one, two = _versions(cloud)
    create = states.create_state_machine_alias
    wrong = {
        "ValidationException": [
            _routes((arn, 100)), _routes((one, 50), (one, 50)), _routes((one, 70), (two, 29)),
            _routes((one, 70), (two, 31)), _routes((arn, 50), (two, 50)),
        ],
    }  # fmt: skip
    for code, routes in wrong.items():
        assert {_code(create, name="wrong", routingConfiguration=each) for each in routes} == {code}

    made = create(name="live", routingConfiguration=_routes((one, 100)))
    assert create(name="live", routingConfiguration=_routes((one, 100)))["creationDate"] == made["creationDate"]
    assert _code(create, name="live", routingConfiguration=_routes((two, 100))) == "ConflictException"
    assert _code(create, name="live", description="else", routingConfiguration=_routes((one, 100))) == (
        "ConflictException"
    )
    update = states.update_state_machine_alias
    assert _code(update, stateMachineAliasArn=f"{arn}:none", description="x") == "ResourceNotFound"
    assert _code(update, stateMachineAliasArn=f"{arn}:live", routingConfiguration=_routes((arn, 100))) == (
        "ValidationException"
    )


@still_needs(
    "StepFunctionsParserBackend.create_state_machine_alias", "StepFunctionResponse._validate_routing_configuration"
)
def test_moto_still_accepts_aliases_that_aws_refuses(cloud: LocalCloud) -> None:
    create = cloud.client("stepfunctions").create_state_machine_alias
    _, one, two = _versions(cloud)
    with without("StepFunctionResponse._validate_routing_configuration"):
        assert _code(create, name="double", routingConfiguration=_routes((one, 50), (one, 50))) == ""
    with without("StepFunctionsParserBackend.create_state_machine_alias"):
        assert _code(create, name="live", routingConfiguration=_routes((one, 100))) == ""
        assert _code(create, name="live", routingConfiguration=_routes((two, 100))) == ""


def test_only_a_version_or_an_alias_that_is_there_is_started(cloud: LocalCloud) -> None:
    """ls-api-start-version-execution, ls-api-invalid-start-execution-arn, ls-api-base-lifecycle-*."""
    states = cloud.client("stepfunctions")
    arn, one, _ = _versions(cloud)
    states.create_state_machine_alias(name="live", routingConfiguration=_routes((one, 100)))

    for there in (one, f"{arn}:live"):
        described = ended(cloud, states.start_execution(stateMachineArn=there)["executionArn"])
        assert (described["status"], described["stateMachineArn"]) == ("SUCCEEDED", arn)
    for absent in (f"{arn}:7", f"{arn}:dead", f"{arn}gone"):
        assert _code(states.start_execution, stateMachineArn=absent) == "StateMachineDoesNotExist"


@pytest.mark.parametrize("text", ["not some json", "{'not': 'json'}", "", " "])
def test_an_input_that_is_no_json_is_refused_by_name(cloud: LocalCloud, text: str) -> None:
    """ls-api-invalid-start-execution-input: a number, a text and null are JSON."""
    states, arn = cloud.client("stepfunctions"), _new(cloud, PASS)["stateMachineArn"]
    assert _code(states.start_execution, stateMachineArn=arn, input=text) == "InvalidExecutionInput"
    assert {_code(states.start_execution, stateMachineArn=arn, input=good) for good in ("1", '"x"', "null")} == {""}


@still_needs("StepFunctionResponse.start_execution")
def test_moto_still_refuses_an_input_without_a_code(cloud: LocalCloud) -> None:
    states, arn = cloud.client("stepfunctions"), _new(cloud, PASS)["stateMachineArn"]
    with without("StepFunctionResponse.start_execution"):
        assert _code(states.start_execution, stateMachineArn=arn, input="not") != "InvalidExecutionInput"


def test_a_start_is_repeated_while_it_runs_and_a_stop_changes_nothing_afterwards(cloud: LocalCloud) -> None:
    """ls-api-start-execution-idempotent, ls-api-stop-execution, sd-stop-execution-*, sd-redrive-status-of-each-end."""
    states = cloud.client("stepfunctions")
    begin = {"stateMachineArn": _new(cloud, WAIT)["stateMachineArn"], "name": "once", "input": "{}"}
    execution = states.start_execution(**begin)["executionArn"]

    assert states.start_execution(**begin)["executionArn"] == execution
    assert _code(states.start_execution, **{**begin, "input": '{"a": 1}'}) == "ExecutionAlreadyExists"
    running = states.describe_execution(executionArn=execution)
    assert (running["status"], running["redriveStatus"]) == ("RUNNING", "NOT_REDRIVABLE")
    states.stop_execution(executionArn=execution, error="Probe.Stopped", cause="own")
    stopped = ended(cloud, execution)
    assert [stopped[name] for name in ("status", "error", "cause", "redriveStatus")] == [
        "ABORTED", "Probe.Stopped", "own", "REDRIVABLE",
    ]  # fmt: skip
    events = states.get_execution_history(executionArn=execution)["events"]
    assert [(event["type"], event["previousEventId"]) for event in events] == [
        ("ExecutionStarted", 0), ("WaitStateEntered", 0), ("ExecutionAborted", 0),
    ]  # fmt: skip
    failed = _ran(cloud, FAIL)
    assert states.stop_execution(executionArn=failed["executionArn"])["stopDate"] == failed["stopDate"]
    after = states.describe_execution(executionArn=failed["executionArn"])
    assert [after[name] for name in ("status", "error", "cause", "redriveStatus")] == [
        "FAILED", "Own", "why", "REDRIVABLE",
    ]  # fmt: skip


def test_what_is_not_there_is_named(cloud: LocalCloud) -> None:
    """ls-api-*-no-such-*, ls-api-describe-execution-invalid-arn, sd-executions-gone-with-the-machine."""
    states = cloud.client("stepfunctions")
    gone = _ran(cloud, PASS)
    states.delete_state_machine(stateMachineArn=gone["stateMachineArn"])
    deadline = time.monotonic() + 10
    while _code(states.describe_execution, executionArn=gone["executionArn"]) == "" and time.monotonic() < deadline:
        time.sleep(0.05)

    for call in (states.describe_execution, states.get_execution_history):
        assert _code(call, executionArn=gone["executionArn"]) == "ExecutionDoesNotExist"
    assert _code(states.list_executions, stateMachineArn=gone["stateMachineArn"]) == "StateMachineDoesNotExist"
    assert _code(states.describe_execution, executionArn="no arn") == "InvalidArn"
    assert _code(states.delete_state_machine, stateMachineArn=gone["stateMachineArn"]) == ""


def test_a_deadline_of_the_whole_state_machine_is_its_own_status(cloud: LocalCloud) -> None:
    """ls-global-timeout."""
    assert _ran(cloud, {**WAIT, "TimeoutSeconds": 1})["status"] == "TIMED_OUT"


def test_what_ecs_refuses_is_named_after_it_and_can_be_caught(cloud: LocalCloud) -> None:
    """sd-ecs-task-definition-missing: the name that our own retriers wait for."""
    described = _ran(cloud, _of_missing_task())
    assert (described["status"], described["error"]) == ("FAILED", "ECS.ClientException")
    assert "Service: AmazonECS" in described["cause"]


def _of_missing_task() -> dict[str, Any]:
    parameters = {"Cluster": "small", "TaskDefinition": "missing:1", "LaunchType": "FARGATE"}
    task = {"Type": "Task", "Resource": "arn:aws:states:::ecs:runTask", "Parameters": parameters, "End": True}
    return {"StartAt": "T", "States": {"T": task}}


@still_needs("StateTaskServiceEcs._from_error")
def test_moto_still_calls_what_ecs_refuses_a_fault_of_the_state_machine(cloud: LocalCloud) -> None:
    with without("StateTaskServiceEcs._from_error"):
        assert _ran(cloud, _of_missing_task())["error"] == "States.Runtime"


def test_results_that_cannot_be_written_fail_the_state(cloud: LocalCloud) -> None:
    """sd-distributed-map-writer-not-usable; AWS notices it before the children, the laptop after them."""
    writer = {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "no-such-bucket", "Prefix": "x"}}
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "One",
        "States": {"One": {"Type": "Pass", "End": True}},
    }
    written = {"Type": "Map", "ItemsPath": "$.l", "ItemProcessor": processor, "ResultWriter": writer, "End": True}
    described = _ran(cloud, {"StartAt": "All", "States": {"All": written}}, {"l": [1]})
    assert (described["status"], described["error"]) == ("FAILED", "States.Runtime")

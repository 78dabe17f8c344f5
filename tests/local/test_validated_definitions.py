"""ValidateStateMachineDefinition says what CreateStateMachine would refuse, as AWS does.

The answers of the first test are recorded: `ls-api-validate-state-machine-definition-*` and
`sd-validate-severity-info-refused` in tests/corpus/aws_recorded/README.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.cloud import LocalCloud
from local.moto.repairs import without
from tests.local.clouds import SMALL, plain_client
from tests.local.still import still_needs
from tests.workflow.rendered import rendered_machine

pytestmark = [pytest.mark.local, pytest.mark.timeout(240)]

PASS = {"Type": "Pass", "End": True}
END = {"Type": "Succeed"}
TOKEN = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "End": True}


def machine(*, start: str = "A", **states: Any) -> str:
    return json.dumps({"StartAt": start, "States": states})


@pytest.fixture(scope="module")
def states() -> Iterator[Any]:
    with LocalCloud(program=SMALL) as cloud, plain_client(cloud, "stepfunctions") as client:
        client.role = f"arn:aws:iam::{cloud.account}:role/small"
        yield client


def validated(states: Any, definition: str, **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = states.validate_state_machine_definition(definition=definition, **more)
    del answer["ResponseMetadata"]
    return answer


def test_what_aws_answered_is_answered(states: Any) -> None:
    not_one = {
        "severity": "ERROR",
        "code": "SCHEMA_VALIDATION_FAILED",
        "message": "Definition must be a valid JSON object",
    }
    empty, startless = (
        {**not_one, "message": f"These fields are required: [{names}]", "location": "/"}
        for names in ("States, StartAt", "StartAt")
    )

    assert validated(states, "") == {"result": "FAIL", "diagnostics": [not_one], "truncated": False}
    assert validated(states, "{}")["diagnostics"] == [empty]
    assert validated(states, json.dumps({"States": {"A": PASS}}))["diagnostics"] == [startless]
    assert validated(states, machine(A=PASS), type="STANDARD") == {
        "result": "OK",
        "diagnostics": [],
        "truncated": False,
    }
    (broken,) = validated(states, "not a definition")["diagnostics"]
    assert (broken["code"], "line: 1, column: " in broken["location"]) == ("INVALID_JSON_DESCRIPTION", True)


@pytest.mark.parametrize(
    ("text", "code", "location"),
    [
        (machine(A={"Type": "Pass", "Next": "B"}), "MISSING_TRANSITION_TARGET", "/States/A/Next"),
        (machine(start="B", A=PASS), "MISSING_TRANSITION_TARGET", "/States/"),
        (machine(A=PASS, B=END), "MISSING_TRANSITION_TARGET", "/States/B"),
        (machine(A={"Type": "Pass", "Next": "A"}), "MISSING_END_STATE", "/States/"),
        (machine(A={**END, "Retry": []}), "SCHEMA_VALIDATION_FAILED", "/States/A"),
        (machine(A={"Type": "None", "End": True}), "SCHEMA_VALIDATION_FAILED", "/"),
        ("[" * 20_000, "INVALID_JSON_DESCRIPTION", None),
        ("null", "SCHEMA_VALIDATION_FAILED", None),
    ],
)
def test_what_is_found_wrong_is_what_create_refuses(states: Any, text: str, code: str, location: str | None) -> None:
    answer = validated(states, text)

    assert answer["result"] == "FAIL"
    assert (code, location) in [(each["code"], each.get("location")) for each in answer["diagnostics"]]
    with pytest.raises(ClientError) as refusal:
        states.create_state_machine(name="refused", definition=text, roleArn=states.role)
    assert refusal.value.response["Error"]["Code"] == "InvalidDefinition"
    assert code in refusal.value.response["Error"]["Message"]


def test_our_own_state_machine_is_valid_and_without_a_warning(states: Any) -> None:
    answer = validated(states, json.dumps(rendered_machine()), severity="WARNING")
    assert answer == {"result": "OK", "diagnostics": [], "truncated": False}


def test_an_express_state_machine_waits_for_nobody(states: Any) -> None:
    assert validated(states, machine(A=TOKEN))["result"] == "OK"
    (found,) = validated(states, machine(A=TOKEN), type="EXPRESS")["diagnostics"]
    assert (found["location"], ".waitForTaskToken" in found["message"]) == ("/States/A/Resource", True)


def test_warnings_are_shown_to_who_asks_and_refuse_nothing(states: Any) -> None:
    rule = {"Variable": "$.a", "StringEquals": "$.b"}
    text = machine(
        A={"Type": "Pass", "Parameters": {"a": "$.a"}, "Result": {"b": "$.b"}, "Next": "C"},
        C={"Type": "Choice", "Choices": [{"And": [rule, rule], "Next": "B"}], "Default": "B"},
        B=END,
    )

    assert validated(states, text)["diagnostics"] == []
    answer = validated(states, text, severity="WARNING")
    assert answer["result"] == "OK"
    assert [each["code"] for each in answer["diagnostics"]] == [
        "NO_DOLLAR", "PASS_RESULT_IS_STATIC", "NO_PATH", "NO_PATH",
    ]  # fmt: skip
    assert {each["severity"] for each in answer["diagnostics"]} == {"WARNING"}
    cut = validated(states, text, severity="WARNING", maxResults=1)
    assert (len(cut["diagnostics"]), cut["truncated"]) == (1, True)


@pytest.mark.parametrize("wrong", [{"severity": "INFO"}, {"type": "FAST"}, {"maxResults": 101}, {"definition": None}])
def test_what_the_call_cannot_mean_is_refused_by_name(states: Any, wrong: dict[str, Any]) -> None:
    asked = {name: value for name, value in {"definition": machine(A=PASS), **wrong}.items() if value is not None}
    with pytest.raises(ClientError) as refusal:
        states.validate_state_machine_definition(**asked)
    assert refusal.value.response["Error"]["Code"] == "ValidationException"


@still_needs("StepFunctionResponse.validate_state_machine_definition")
def test_moto_still_validates_no_definition(states: Any) -> None:
    with without("StepFunctionResponse.validate_state_machine_definition"), pytest.raises(ClientError, match="500"):
        validated(states, machine(A=PASS))

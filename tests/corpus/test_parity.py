"""`make parity` asks AWS what a case says, in parameters that botocore's model takes, and reports what it answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

from tests.corpus import parity
from tests.corpus.cases import STATES, TEST_STATE, Case, cases
from tests.workflow.rendered import rendered_machine

CASES = list(cases())
ROLE = "arn:aws:iam::111122223333:role/swarm-dev-workflow"
MACHINE = rendered_machine()


def case_named(name: str) -> Case:
    return next(case for case in CASES if case.name == name)


RETRIED = case_named("Retry, interval and rate")
CHOSEN = case_named("ChooseScanner, rule 0, to ScanOversized")
CAUGHT = case_named("Edit, catcher 1, BudgetExceeded")
WHOLE = case_named("Whole run, a small repository")


class Aws:
    """A Step Functions client of botocore's, whose answers a test writes; botocore checks both ways."""

    def __init__(self) -> None:
        self.client = boto3.client(
            "stepfunctions", region_name="eu-west-1", aws_access_key_id="none", aws_secret_access_key="none"
        )
        self.stub = Stubber(self.client)
        self.stub.activate()

    def answers(self, answer: dict[str, Any], asked: dict[str, Any] | None = None) -> None:
        self.stub.add_response("test_state", answer, asked)

    def verdict(self, case: Case) -> tuple[str, ...]:
        (verdict,) = parity.verdicts(self.client, [case], MACHINE, ROLE)
        self.stub.assert_no_pending_responses()
        return verdict.problems


@pytest.fixture
def aws() -> Iterator[Aws]:
    cloud = Aws()
    yield cloud
    cloud.client.close()


RETRIABLE = {
    "status": "RETRIABLE",
    "error": "Own",
    "cause": "why",
    "inspectionData": {"errorDetails": {"retryIndex": 0, "retryBackoffIntervalSeconds": 6}},
}


def test_every_request_is_one_that_the_model_of_teststate_takes(aws: Aws) -> None:
    for case in parity.on_aws(CASES):
        aws.answers({"status": "FAILED"})
        aws.client.test_state(**parity.request(case, case.body, ROLE))
    aws.stub.assert_no_pending_responses()


def test_no_request_can_call_a_service() -> None:
    for case in parity.on_aws(CASES):
        asked = parity.request(case, case.body, ROLE)
        calls = case.body["Type"] in {"Task", "Map", "Parallel"}
        assert ("mock" in asked) == calls, case.name
        assert ("roleArn" in asked) == (not calls), case.name
        assert len(asked["input"]) <= 262_144, case.name


def test_a_retry_is_asked_for_with_the_retries_before_it(aws: Aws) -> None:
    aws.answers(
        RETRIABLE,
        {
            "definition": ANY,
            "input": "{}",
            "inspectionLevel": "DEBUG",
            "mock": {"errorOutput": {"error": "Own", "cause": "why"}},
            "context": ANY,
            "stateConfiguration": {"retrierRetryCount": 2},
        },
    )
    assert aws.verdict(RETRIED) == ()


def test_a_wait_of_another_length_is_a_difference(aws: Aws) -> None:
    details = {"errorDetails": {"retryIndex": 0, "retryBackoffIntervalSeconds": 9}}
    aws.answers({**RETRIABLE, "inspectionData": details})
    assert aws.verdict(RETRIED) == ("delay is 9.0, expected 6.75",)


def test_a_shorter_wait_is_none_where_there_is_jitter(aws: Aws) -> None:
    jittered = case_named("Retry, full jitter")
    for seconds, problems in ((3, ()), (9, ("delay_at_most is 9.0, expected 8.0",))):
        details = {"errorDetails": {"retryIndex": 0, "retryBackoffIntervalSeconds": seconds}}
        aws.answers({**RETRIABLE, "inspectionData": details})
        assert aws.verdict(jittered) == problems


def test_another_retrier_or_catcher_is_a_difference(aws: Aws) -> None:
    aws.answers({**RETRIABLE, "inspectionData": {"errorDetails": {"retryIndex": 1, "retryBackoffIntervalSeconds": 6}}})
    assert aws.verdict(RETRIED) == ("retrier is 1, expected 0",)
    output = json.dumps({"failure": {"Error": "BudgetExceeded", "Cause": "as it was"}})
    caught = {"status": "CAUGHT_ERROR", "error": "BudgetExceeded", "nextState": "FailSession", "output": output}
    aws.answers({**caught, "inspectionData": {"errorDetails": {"catchIndex": 1}}})
    assert aws.verdict(CAUGHT) == ()
    aws.answers({**caught, "nextState": "Failed", "inspectionData": {"errorDetails": {"catchIndex": 0}}})
    assert aws.verdict(CAUGHT) == ("catcher is 0, expected 1", "next is 'Failed', expected 'FailSession'")


def test_a_state_without_a_mock_is_asked_for_under_the_deployed_role(aws: Aws) -> None:
    asked = {
        "definition": json.dumps(STATES["ChooseScanner"]),
        "input": json.dumps(CHOSEN.given),
        "inspectionLevel": "DEBUG",
        "roleArn": ROLE,
    }
    aws.answers({"status": "SUCCEEDED", "nextState": "ScanOversized", "output": "{}"}, asked)
    assert aws.verdict(CHOSEN) == ()


def test_the_state_that_is_deployed_is_the_one_that_is_asked_about(aws: Aws) -> None:
    machine = rendered_machine()
    del machine["States"]["ChooseScanner"]
    (verdict,) = parity.verdicts(aws.client, [CHOSEN], machine, ROLE)
    assert verdict.problems == ("the deployed state machine has no state ChooseScanner: deploy this version",)


def test_variables_are_passed_on_and_compared(aws: Aws) -> None:
    case = case_named("Pass, an assigned variable read at once")
    answer = {"status": "SUCCEEDED", "output": '{"v": 3}', "inspectionData": {"variables": '{"total": 9}'}}
    aws.answers(answer)
    assert parity.request(case, case.body, ROLE)["variables"] == '{"total": 3}'
    assert aws.verdict(case) == ()


def test_a_silence_is_mocked_as_the_timeout_that_aws_records() -> None:
    case = case_named("AwaitApproval, catcher 0, States.Timeout")
    mock = parity.request(case, case.body, ROLE)["mock"]
    assert mock == {"errorOutput": {"error": "States.Timeout", "cause": ""}}


def test_a_refusal_is_a_difference_with_aws_own_words(aws: Aws) -> None:
    aws.stub.add_client_error("test_state", "InvalidDefinition", "no such field")
    assert aws.verdict(CHOSEN) == ("AWS refuses it: InvalidDefinition: no such field",)


def test_the_report_says_what_was_not_run_and_why(aws: Aws, capsys: pytest.CaptureFixture[str]) -> None:
    aws.answers({"status": "SUCCEEDED", "nextState": "Scan", "output": "{}"})
    assert parity.report(aws.client, [CHOSEN, WHOLE], MACHINE, ROLE) == 1
    printed = capsys.readouterr().out.splitlines()
    assert printed == [
        "1 of 2 cases go to TestState. No execution is started and no service is called.",
        f"differs  {CHOSEN.name}: {CHOSEN.promise}",
        "         next is 'Scan', expected 'ScanOversized'",
        f"not run  1 cases: {WHOLE.aws}.",
        "0 agree, 1 differ.",
    ]


def test_a_report_without_differences_is_exit_code_0(aws: Aws) -> None:
    aws.answers({"status": "SUCCEEDED", "nextState": "ScanOversized", "output": "{}"})
    assert parity.report(aws.client, [CHOSEN, WHOLE], MACHINE, ROLE) == 0


def test_outputs_that_cannot_be_read_are_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert parity.main(["--stack", "dev", "--outputs", str(tmp_path / "none.json")]) == 2
    assert "none.json" in capsys.readouterr().err


def test_a_task_without_a_mock_is_no_case() -> None:
    """TestState would call the service."""
    for fields in (
        {"mock": None},
        {"definition": {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}, "mock": None},
    ):
        raw = {**RETRIED.model_dump(by_alias=True, exclude_unset=True), **fields, "aws": TEST_STATE}
        with pytest.raises(ValueError, match="TestState"):
            Case.model_validate(raw)

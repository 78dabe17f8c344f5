"""Executions and task tokens."""

from __future__ import annotations

from unittest import mock

import pytest
from botocore.exceptions import ClientError

from agents.aws.executions import StepFunctionsExecutions
from agents.aws.task_callback import CAUSE_LIMIT, ERROR_LIMIT, StepFunctionsTaskCallback
from agents.aws.wiring import aws_ports, task_callback
from agents.contracts.states import AnalyseBatchOutput
from agents.errors import StoreThrottled, TaskTokenRejected
from agents.ports import Ports
from tests.agents.fakes import EXECUTION, settings

OUTPUT = AnalyseBatchOutput(batch_id="b00001", analysed=2, gaps=0)


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "Operation")


@pytest.mark.parametrize(("status", "running"), [("RUNNING", True), ("FAILED", False), ("SUCCEEDED", False)])
def test_only_a_running_execution_runs(status: str, running: bool) -> None:
    client = mock.Mock()
    client.describe_execution.return_value = {"status": status}
    assert StepFunctionsExecutions(client).is_running(EXECUTION) is running


@pytest.mark.parametrize("code", ["ExecutionDoesNotExist", "InvalidArn"])
def test_an_execution_that_aws_does_not_know_is_over(code: str) -> None:
    client = mock.Mock()
    client.describe_execution.side_effect = refusal(code)
    assert StepFunctionsExecutions(client).is_running(EXECUTION) is False


def test_an_execution_that_cannot_be_asked_about_is_not_taken_for_dead() -> None:
    client = mock.Mock()
    client.describe_execution.side_effect = [refusal("ThrottlingException"), refusal("AccessDeniedException")]
    with pytest.raises(StoreThrottled):
        StepFunctionsExecutions(client).is_running(EXECUTION)
    with pytest.raises(ClientError):
        StepFunctionsExecutions(client).is_running(EXECUTION)


def test_a_token_is_answered_with_the_contract() -> None:
    client = mock.Mock()
    StepFunctionsTaskCallback(client, "token").succeed(OUTPUT)
    client.send_task_success.assert_called_once_with(taskToken="token", output=OUTPUT.model_dump_json())


def test_error_and_cause_are_cut_to_what_the_api_takes() -> None:
    client = mock.Mock()
    StepFunctionsTaskCallback(client, "token").fail("E" * 1_000, "c" * 100_000)
    sent = client.send_task_failure.call_args.kwargs
    assert (len(sent["error"]), len(sent["cause"])) == (ERROR_LIMIT, CAUSE_LIMIT)


@pytest.mark.parametrize("code", ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"])
def test_a_token_that_nobody_waits_for_is_rejected(code: str) -> None:
    client = mock.Mock()
    client.send_task_success.side_effect = client.send_task_failure.side_effect = refusal(code)
    client.send_task_heartbeat.side_effect = refusal(code)
    callback = StepFunctionsTaskCallback(client, "token")
    with pytest.raises(TaskTokenRejected):
        callback.succeed(OUTPUT)
    with pytest.raises(TaskTokenRejected):
        callback.fail("E", "c")
    with pytest.raises(TaskTokenRejected):
        callback.beat()


def test_another_refusal_is_no_rejection() -> None:
    client = mock.Mock()
    client.send_task_heartbeat.side_effect = refusal("AccessDeniedException")
    with pytest.raises(ClientError):
        StepFunctionsTaskCallback(client, "token").beat()


def test_ports_are_wired_without_loading_a_model_or_a_grammar() -> None:
    ports = aws_ports(settings(model="bedrock:no-such-model"))
    assert isinstance(ports, Ports)
    assert ports.model.name == "bedrock:no-such-model"
    assert ports.clock.now() > 0
    assert task_callback("token")


def test_the_structure_reader_is_loaded_at_its_first_file() -> None:
    structure = aws_ports(settings()).structure.read("a.py", "python", "def f():\n    return 1\n")
    assert [symbol.name for symbol in structure.symbols] == ["f"]

"""What the reaper and the router ask of AWS: paces, the list of running sessions, how executions ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from botocore.exceptions import ClientError

from agents.aws.executions import StepFunctionsExecutions
from agents.aws.session_items import DynamoDbSessionItems
from agents.contracts.reaping import Ending
from agents.contracts.session import Pace, SessionStatus
from tests.agents.fakes import EXECUTION, SESSION_ID, FakeClock, running_session

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


def test_paces_of_many_analysts_add_up(dynamodb: DynamoDBClient) -> None:
    kept = DynamoDbSessionItems(dynamodb, "context", FakeClock())
    for _ in range(3):
        kept.add_paces("extractive", {"python": Pace(files=2, bytes=100, seconds=0.5), "go": Pace(files=1)})
    assert kept.paces("extractive") == {"python": Pace(files=6, bytes=300, seconds=1.5), "go": Pace(files=3)}
    assert kept.paces("another") == {}


def test_the_reapers_list_holds_running_sessions_and_forgets_those_that_ended(dynamodb: DynamoDBClient) -> None:
    clock = FakeClock()
    kept = DynamoDbSessionItems(dynamodb, "context", clock)
    other = "s" + "1" * 20
    kept.claim(running_session())
    kept.claim(running_session(other))
    kept.close(kept.session(other), SessionStatus.PUBLISHED)
    assert [session.session_id for session in kept.running_sessions()] == [SESSION_ID]
    clock.seconds += 3_600
    assert [session.session_id for session in kept.running_sessions()] == [SESSION_ID]
    entries = dynamodb.query(
        TableName="context", KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": {"S": "running"}}
    )["Items"]
    assert [entry["sk"]["S"] for entry in entries] == [f"session#{SESSION_ID}"]


def test_an_entry_of_a_session_that_is_just_being_claimed_stays(dynamodb: DynamoDBClient) -> None:
    kept = DynamoDbSessionItems(dynamodb, "context", FakeClock())
    kept.claim(running_session())
    kept.close(kept.session(SESSION_ID), SessionStatus.FAILED)
    assert kept.running_sessions() == []
    kept.claim(running_session(execution="arn:next"))
    assert [session.execution for session in kept.running_sessions()] == ["arn:next"]


def test_a_failure_is_kept_for_the_execution_that_reads_it(dynamodb: DynamoDBClient) -> None:
    DynamoDbSessionItems(dynamodb, "context", FakeClock()).save_failure(SESSION_ID, "arn:one", "RepositoryEmpty", "no")
    key = {"pk": {"S": f"session#{SESSION_ID}"}, "sk": {"S": "failure#arn:one"}}
    item = dynamodb.get_item(TableName="context", Key=key)["Item"]
    assert (item["error"], item["cause"]) == ({"S": "RepositoryEmpty"}, {"S": "no"})


@pytest.mark.parametrize(
    ("described", "ending"),
    [
        ({"status": "FAILED", "error": "E", "cause": "why"}, Ending(error="E", cause="why")),
        ({"status": "TIMED_OUT"}, Ending(error="States.Timeout", cause="the execution is TIMED_OUT")),
        ({"status": "ABORTED"}, Ending(error="", cause="the execution is ABORTED")),
    ],
)
def test_an_execution_says_how_it_ended(described: dict[str, Any], ending: Ending) -> None:
    client = mock.Mock()
    client.describe_execution.return_value = described
    assert StepFunctionsExecutions(client).ending(EXECUTION) == ending


def _refusing(code: str) -> StepFunctionsExecutions:
    client, error = mock.Mock(), ClientError({"Error": {"Code": code}}, "DescribeExecution")
    client.describe_execution.side_effect = client.stop_execution.side_effect = error
    return StepFunctionsExecutions(client)


def test_an_execution_that_aws_forgot_ended_without_a_word_and_stopping_it_is_nothing() -> None:
    assert _refusing("ExecutionDoesNotExist").ending(EXECUTION) == Ending()
    _refusing("ExecutionDoesNotExist").stop(EXECUTION, "Cancelled", "why")


def test_a_refusal_to_stop_is_not_swallowed() -> None:
    with pytest.raises(ClientError):
        _refusing("AccessDeniedException").stop(EXECUTION, "Cancelled", "why")

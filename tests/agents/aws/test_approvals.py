"""Requests and decisions in the table: one decision counts, and the token is answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from agents.aws.approvals import DynamoDbApprovals
from agents.aws.session_items import DynamoDbSessionItems
from agents.contracts.approval import Approval, ApprovalDecision, DraftDecision
from agents.contracts.session import SessionStatus
from tests.agents.fakes import EXECUTION, SESSION_ID, FakeClock, running_session

APPROVAL = Approval(session_id=SESSION_ID, revision=1, execution=EXECUTION, asked_at=0, expires_at=9, sent_back=False)


def decision(what: ApprovalDecision, by: str) -> DraftDecision:
    return DraftDecision(decision=what, decided_by=by, decided_at=1)


class States:
    """A Step Functions that remembers answers, and refuses them once it is `closed`."""

    def __init__(self) -> None:
        self.answers: list[tuple[str, str]] = []
        self.closed = False

    def send_task_success(self, taskToken: str, output: str) -> None:  # noqa: N803 (boto3's names)
        if self.closed:
            raise ClientError({"Error": {"Code": "TaskTimedOut", "Message": "late"}}, "SendTaskSuccess")
        self.answers.append((taskToken, output))


@pytest.fixture
def states() -> States:
    return States()


@pytest.fixture
def table() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("dynamodb", region_name="eu-west-1")
        client.create_table(
            TableName="context",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        )
        yield client


@pytest.fixture
def sessions(table: Any) -> DynamoDbSessionItems:
    items = DynamoDbSessionItems(table, "context", FakeClock())
    items.claim(running_session())
    return items


@pytest.fixture
def approvals(table: Any, states: States, sessions: DynamoDbSessionItems) -> DynamoDbApprovals:
    approvals = DynamoDbApprovals(table, cast("Any", states), "context", FakeClock())
    assert sessions.session(SESSION_ID).status is SessionStatus.RUNNING
    approvals.ask(APPROVAL, "token", "hash")
    return approvals


def test_a_session_waits_until_the_first_decision_and_the_second_changes_nothing(
    approvals: DynamoDbApprovals, sessions: DynamoDbSessionItems, states: States
) -> None:
    assert sessions.session(SESSION_ID).status is SessionStatus.AWAITING_APPROVAL
    first, second = decision(ApprovalDecision.PUBLISH, "Ada"), decision(ApprovalDecision.REJECT, "Bob")
    assert approvals.decide(APPROVAL, first) == first
    assert sessions.session(SESSION_ID).status is SessionStatus.RUNNING
    assert approvals.decide(APPROVAL, second) == first
    assert set(states.answers) == {("token", '{"decision":"publish","ask_again":true}')}
    (stored,) = approvals.of(sessions.session(SESSION_ID))
    assert stored.decision == first


def test_a_decision_whose_answer_comes_too_late_is_stored(approvals: DynamoDbApprovals, states: States) -> None:
    states.closed = True
    made = decision(ApprovalDecision.PUBLISH, "Ada")
    assert approvals.decide(APPROVAL, made) == made


def test_only_a_hash_that_was_stored_leads_to_the_request(approvals: DynamoDbApprovals) -> None:
    assert approvals.linked(SESSION_ID, 1, "hash") == APPROVAL
    assert approvals.linked(SESSION_ID, 1, "other") is None
    assert approvals.linked(SESSION_ID, 2, "hash") is None
    approvals.add_link(APPROVAL, "other")
    assert approvals.linked(SESSION_ID, 1, "other") == approvals.linked(SESSION_ID, 1, "hash") == APPROVAL


def test_a_request_of_another_execution_is_not_the_sessions(
    approvals: DynamoDbApprovals, sessions: DynamoDbSessionItems
) -> None:
    other = sessions.session(SESSION_ID).with_changes(execution="arn:another")
    assert approvals.of(other) == []


def test_a_session_that_waits_stays_in_the_reapers_list_and_can_be_taken_over(
    approvals: DynamoDbApprovals, sessions: DynamoDbSessionItems
) -> None:
    assert approvals.linked(SESSION_ID, 1, "hash") is not None
    assert [session.session_id for session in sessions.running_sessions()] == [SESSION_ID]
    assert sessions.take_over(running_session().with_changes(execution="arn:next"), EXECUTION)


def test_a_closed_session_is_not_opened_by_a_late_decision(
    approvals: DynamoDbApprovals, sessions: DynamoDbSessionItems
) -> None:
    sessions.close(sessions.session(SESSION_ID), SessionStatus.FAILED)
    approvals.decide(APPROVAL, decision(ApprovalDecision.PUBLISH, "Ada"))
    assert sessions.session(SESSION_ID).status is SessionStatus.FAILED

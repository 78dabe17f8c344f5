"""What can be redriven, and what AWS would refuse."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from agents.contracts.session import Session, SessionStatus
from cli.aws_errors import explanation
from cli.errors import ExitCode
from cli.session.redriving import redrive_dead_letters, redrive_session, refusal_of
from cli.stack.clients import Cloud, Stack

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ALIAS = "arn:aws:states:eu-west-1:1:stateMachine:swarm:live"


def session(status: SessionStatus = SessionStatus.FAILED, execution: str = "arn:execution:one") -> Session:
    return Session(
        session_id="s" + "0" * 20,
        status=status,
        repository="shop",
        archive_key="uploads/shop/1.zip",
        archive_bytes=1,
        execution=execution,
        model="extractive",
        release="r",
        opened_at=1,
    )


def described(status: str = "FAILED", age: timedelta = timedelta(days=1)) -> Mapping[str, Any]:
    return {"status": status, "stopDate": NOW - age, "input": "{}"}


@pytest.mark.parametrize(
    ("found", "execution", "said"),
    [
        (session(), described("RUNNING"), "is running"),
        (session(SessionStatus.PUBLISHED), described("SUCCEEDED"), "has not failed, it is PUBLISHED"),
        (session(SessionStatus.SUPERSEDED), described("ABORTED"), "superseded by a newer commit"),
        (
            session(SessionStatus.RUNNING),
            {**described("ABORTED"), "error": "Superseded"},
            "superseded by a newer commit",
        ),
        (session(), described(age=timedelta(days=15)), "more than 14 days ago"),
        (session(execution="arn:aws:states:eu-west-1:1:express:m:e"), described(), "Express"),
        (session(), None, "no longer exists"),
    ],
)
def test_refuses_what_aws_would_refuse(found: Session, execution: Mapping[str, Any] | None, said: str) -> None:
    assert said in refusal_of(found, execution, NOW)


def test_a_session_that_failed_yesterday_may_go_on() -> None:
    assert refusal_of(session(), described("FAILED"), NOW) == ""
    assert refusal_of(session(SessionStatus.RUNNING), described("ABORTED"), NOW) == ""


class States:
    """Step Functions with one execution that opens its session at once."""

    def __init__(self, refusal: str = "") -> None:
        self.refusal = refusal
        self.redriven: list[str] = []
        self.started: list[dict[str, str]] = []
        self.tokens: list[str] = []
        self.faults = 0

    def redrive_execution(self, executionArn: str, clientToken: str) -> None:  # noqa: N803  AWS's own spelling
        self.tokens.append(clientToken)
        if self.faults:
            self.faults -= 1
            fault: Any = {"Error": {"Code": "InternalFailure"}, "ResponseMetadata": {"HTTPStatusCode": 500}}
            raise ClientError(fault, "RedriveExecution")
        if self.refusal:
            raise ClientError({"Error": {"Code": self.refusal}}, "RedriveExecution")
        self.redriven.append(executionArn)

    def start_execution(self, **request: str) -> dict[str, str]:
        self.started.append(request)
        return {"executionArn": "arn:execution:two"}

    def get_paginator(self, _: str) -> Any:
        output = json.dumps({"session": {"session_id": "s" + "0" * 20, "opening": "opened"}})
        event = {"type": "TaskStateExited", "stateExitedEventDetails": {"name": "OpenSession", "output": output}}
        return SimpleNamespace(paginate=lambda **_: [{"events": [event]}])


def stack(states: States, queues: Any = None) -> Stack:
    return cast(Stack, SimpleNamespace(states=states, queues=queues, dead_letter_queue_url="https://queue"))


def recently(status: str) -> Mapping[str, Any]:
    return {"status": status, "stopDate": datetime.now(UTC), "input": '{"a":1}'}


def test_an_execution_that_died_before_it_closed_its_session_is_redriven_where_it_ended() -> None:
    states = States()
    went_on = redrive_session(stack(states), ALIAS, session(SessionStatus.RUNNING), recently("ABORTED"))
    assert states.redriven == ["arn:execution:one"]
    assert not went_on.again
    assert states.started == []


def test_a_passing_fault_of_the_service_is_tried_again_with_the_same_token() -> None:
    states = States()
    states.faults = 2
    went_on = redrive_session(
        stack(states), ALIAS, session(SessionStatus.RUNNING), recently("ABORTED"), sleep=lambda _: None
    )
    assert not went_on.again
    assert len(states.tokens) == 3
    assert len(set(states.tokens)) == 1


def test_a_fault_that_stays_is_no_reason_for_a_new_execution() -> None:
    states = States()
    states.faults = 99
    with pytest.raises(ClientError) as fault:
        redrive_session(stack(states), ALIAS, session(SessionStatus.RUNNING), recently("ABORTED"), sleep=lambda _: None)
    assert states.started == []
    said = explanation(fault.value)
    assert said is not None
    assert said[1] is ExitCode.AWS_REFUSED


def test_where_that_cannot_be_a_new_execution_takes_over() -> None:
    states = States("ExecutionNotRedrivable")
    assert redrive_session(stack(states), ALIAS, session(SessionStatus.RUNNING), recently("ABORTED")).again
    assert states.started[0]["input"] == '{"a":1}'


def test_a_session_that_was_closed_is_opened_again_by_a_new_execution() -> None:
    states = States()
    went_on = redrive_session(stack(states), ALIAS, session(), recently("FAILED"))
    assert (went_on.again, went_on.execution, states.redriven) == (True, "arn:execution:two", [])
    assert states.started[0]["stateMachineArn"] == ALIAS


class Queue:
    """Gives its messages once; remembers what is deleted and what is shown again."""

    def __init__(self, *bodies: str) -> None:
        self.messages = [
            {"MessageId": f"m{number}", "ReceiptHandle": f"h{number}", "Body": body}
            for number, body in enumerate(bodies)
        ]
        self.deleted: list[str] = []
        self.given_back: list[str] = []

    def receive_message(self, **_: Any) -> dict[str, Any]:
        messages, self.messages = self.messages, []
        return {"Messages": messages}

    def delete_message(self, ReceiptHandle: str, **_: Any) -> None:  # noqa: N803  AWS's own spelling
        self.deleted.append(ReceiptHandle)

    def change_message_visibility(self, ReceiptHandle: str, **_: Any) -> None:  # noqa: N803  AWS's own spelling
        self.given_back.append(ReceiptHandle)


def test_dead_letters_are_delivered_again_and_what_cannot_be_stays() -> None:
    called: list[dict[str, Any]] = []
    cloud = SimpleNamespace(client=lambda _: SimpleNamespace(invoke=lambda **request: called.append(request)))
    event = {"detail-type": "Object Created", "detail": {"object": {"key": "uploads/shop/1.zip"}}}
    failed_call = {"requestContext": {"functionArn": "arn:x:function:reap:live"}, "requestPayload": {"a": 1}}
    queue, states = Queue(json.dumps(event), json.dumps(failed_call), "no json", "{}"), States()
    letters = list(redrive_dead_letters(cast(Cloud, cloud), stack(states, queue), ALIAS))
    assert [letter.redriven for letter in letters] == [True, True, False, False]
    assert [one["name"] for one in states.started] == ["dead-letter-m0"]
    assert [one["FunctionName"] for one in called] == ["arn:x:function:reap:live"]
    assert queue.deleted == ["h0", "h1"]
    assert queue.given_back == ["h2", "h3"]

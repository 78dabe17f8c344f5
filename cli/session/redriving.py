"""Starts failed work again: a session's execution, or what lies in the dead-letter queue."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from agents.aws.failures import code_of
from agents.contracts.session import Session, SessionStatus
from agents.errors import Superseded
from cli.errors import BadInput
from cli.session.opening import opened_session
from cli.stack.clients import Cloud, Stack

#: Step Functions redrives no older execution (RedriveExecution, "Eligibility").
REDRIVABLE = timedelta(days=14)
#: Between attempts while the service has a fault, in seconds.
_PAUSES, _SERVER_FAULT = (1.0, 2.0, 4.0), 500
_PAGE, _VISIBILITY_SECONDS, _MOST_MESSAGES = 10, 60, 1_000


@dataclass(frozen=True)
class Redriven:
    """What a session goes on with; `again` is true for a new execution, which opens the closed session again."""

    session_id: str
    execution: str
    again: bool


def redrive_session(
    stack: Stack,
    alias_arn: str,
    session: Session,
    described: Mapping[str, Any] | None,
    sleep: Callable[[float], None] = time.sleep,
) -> Redriven:
    """Continue a failed session.

    A session that was closed as FAILED is opened again by a new execution of the same input: to redrive the old one
    would enter its last state again, which is `Failed`. One whose execution died before it could close the session,
    aborted or timed out, is redriven where it ended.

    Raises:
        BadInput: the session has not failed, or AWS would not redrive its execution.
    """
    refusal = refusal_of(session, described, datetime.now(UTC))
    if refusal:
        raise BadInput(refusal)
    assert described is not None  # noqa: S101  refused otherwise
    if session.status.open and _went_on(stack, session.execution, sleep):
        return Redriven(session.session_id, session.execution, again=False)
    started = stack.states.start_execution(
        stateMachineArn=alias_arn, name=f"redrive-{uuid.uuid4()}", input=described["input"]
    )
    opened = opened_session(stack, started["executionArn"])
    return Redriven(opened.session_id, opened.execution, again=True)


def _went_on(stack: Stack, execution: str, sleep: Callable[[float], None]) -> bool:
    """Whether the execution was redriven; AWS does not redrive each one. A fault of the service is tried again."""
    token = str(uuid.uuid4())  # so that a fault behind a redrive that was made makes no second one
    for pause in (*_PAUSES, None):
        try:
            stack.states.redrive_execution(executionArn=execution, clientToken=token)
        except ClientError as error:
            if code_of(error) == "ExecutionNotRedrivable":
                return False
            if pause is None or error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) < _SERVER_FAULT:
                raise
            sleep(pause)
        else:
            return True
    return False


def refusal_of(session: Session, described: Mapping[str, Any] | None, now: datetime) -> str:
    """Why the session cannot be redriven; empty if it can. Pure."""
    named = f"Session {session.session_id}"
    if described is None:
        return f"{named} has an execution that no longer exists: submit its repository again, finished work is reused"
    if ":express:" in session.execution:
        return f"{named} ran as an Express execution, which AWS does not redrive: submit its repository again"
    if described["status"] == "RUNNING":
        return f"{named} is running: there is nothing to redrive"
    if SessionStatus.SUPERSEDED is session.status or described.get("error") == Superseded.__name__:
        return f"{named} was superseded by a newer commit of its branch: push its commit again to document it"
    if not (session.status.open or session.status is SessionStatus.FAILED) or described["status"] == "SUCCEEDED":
        return f"{named} has not failed, it is {session.status.value}: there is nothing to redrive"
    if now - described["stopDate"] > REDRIVABLE:
        return (
            f"{named} failed more than 14 days ago, and AWS redrives no older execution: submit its repository again,"
            " finished work is reused"
        )
    return ""


@dataclass(frozen=True)
class DeadLetter:
    """One message of the dead-letter queue, what it became, and why, where it stays in the queue."""

    message_id: str
    what: str
    redriven: bool
    detail: str


def redrive_dead_letters(cloud: Cloud, stack: Stack, alias_arn: str) -> Iterator[DeadLetter]:
    """Deliver each message again and take it from the queue; one that cannot be delivered stays in it.

    SQS redrives only what came from another queue (StartMessageMoveTask); these came from EventBridge and Lambda.
    """
    stay: list[str] = []
    try:
        for _ in range(_MOST_MESSAGES // _PAGE):
            messages = stack.queues.receive_message(
                QueueUrl=stack.dead_letter_queue_url,
                MaxNumberOfMessages=_PAGE,
                VisibilityTimeout=_VISIBILITY_SECONDS,
                WaitTimeSeconds=1,
                MessageAttributeNames=["All"],
            ).get("Messages", [])
            if not messages:
                return
            for message in messages:
                letter = _delivered(cloud, stack, alias_arn, message)
                handle = message["ReceiptHandle"]
                if letter.redriven:
                    stack.queues.delete_message(QueueUrl=stack.dead_letter_queue_url, ReceiptHandle=handle)
                else:
                    stay.append(handle)
                yield letter
    finally:
        for handle in stay:
            stack.queues.change_message_visibility(
                QueueUrl=stack.dead_letter_queue_url, ReceiptHandle=handle, VisibilityTimeout=0
            )


def _delivered(cloud: Cloud, stack: Stack, alias_arn: str, message: Mapping[str, Any]) -> DeadLetter:
    name = str(message["MessageId"])
    try:
        body = json.loads(message["Body"])
    except ValueError:
        body = None
    if not isinstance(body, dict):
        return DeadLetter(name, "message", False, "its body is not a JSON object")
    try:
        if "detail-type" in body:
            return _started(stack, alias_arn, name, body)
        if "requestPayload" in body and "requestContext" in body:
            return _called(cloud, name, body)
    except ClientError as error:
        return DeadLetter(name, "message", False, f"AWS refused: {code_of(error)}")
    return DeadLetter(name, "message", False, "it is neither an event nor a failed call of a function")


def _started(stack: Stack, alias_arn: str, name: str, event: Mapping[str, Any]) -> DeadLetter:
    uploaded = event.get("detail", {}).get("object", {}).get("key", "")
    what = f"upload {uploaded}" if uploaded else "event"
    try:
        # Named after the message: should its deletion fail, it starts nothing a second time.
        stack.states.start_execution(stateMachineArn=alias_arn, name=f"dead-letter-{name}", input=json.dumps(event))
    except ClientError as error:
        if code_of(error) != "ExecutionAlreadyExists":
            raise
    return DeadLetter(name, what, True, "an execution was started")


def _called(cloud: Cloud, name: str, failed: Mapping[str, Any]) -> DeadLetter:
    function = str(failed["requestContext"].get("functionArn", ""))
    short = function.partition(":function:")[2] or "unknown"
    payload = json.dumps(failed["requestPayload"]).encode()
    cloud.client("lambda").invoke(FunctionName=function, InvocationType="Event", Payload=payload)
    return DeadLetter(name, f"call of {short}", True, "the function was called again")

"""Uploads the archive, and finds the execution that the trigger starts for it."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from botocore.exceptions import ClientError

from agents import keys
from cli.errors import TriggerSilent
from cli.stack.clients import Stack
from cli.upload.snapshot import Snapshot

TRIGGER_PATIENCE_SECONDS = 60.0
_POLL_SECONDS = 0.1
_EVER = datetime.fromtimestamp(0, UTC)
#: How far the clocks of S3 and of Step Functions may differ.
_CLOCKS_APART = timedelta(minutes=1)


@dataclass(frozen=True)
class Submission:
    """An uploaded archive: its key, its version where the bucket keeps versions, and when S3 answered, by its clock."""

    key: str
    version: str
    at: datetime = _EVER


def submit(stack: Stack, snapshot: Snapshot) -> Submission:
    """Put the archive into the upload bucket; from here on everything is the trigger's doing."""
    key = keys.upload(snapshot.repository, snapshot.sha256, snapshot.suffix)
    checksum = base64.b64encode(bytes.fromhex(snapshot.sha256)).decode("ascii")
    with snapshot.archive.open("rb") as body:
        # One request, whatever the size: a multipart checksum depends on how the parts were cut.
        answer = stack.s3.put_object(
            Bucket=stack.upload_bucket, Key=key, Body=body, ChecksumAlgorithm="SHA256", ChecksumSHA256=checksum
        )
    return Submission(key, answer.get("VersionId") or "", _answered_at(answer))


def _answered_at(answer: Mapping[str, Any]) -> datetime:
    try:
        return parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
    except (KeyError, ValueError, TypeError):
        return _EVER


def execution_of(
    stack: Stack,
    submission: Submission,
    patience: float = TRIGGER_PATIENCE_SECONDS,
    sleep: Callable[[float], None] = time.sleep,
) -> str:
    """The ARN of the execution that documents this upload; only executions that began after it are looked at.

    Raises:
        TriggerSilent: none was started within `patience` seconds.
    """
    others: set[str] = set()
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        listed = stack.states.list_executions(stateMachineArn=stack.state_machine_arn, maxResults=100)
        for execution in listed["executions"]:
            arn = execution["executionArn"]
            if arn in others or execution["startDate"] < submission.at - _CLOCKS_APART:
                continue
            if _is_for(submission, stack.states.describe_execution(executionArn=arn).get("input", "")):
                return arn
            others.add(arn)
        sleep(_POLL_SECONDS)
    raise TriggerSilent(
        f"The archive is uploaded as {submission.key}, but no execution was started within {patience:.0f} s. "
        + dead_letters(stack)
    )


def _is_for(submission: Submission, execution_input: str) -> bool:
    try:
        uploaded = json.loads(execution_input)["detail"]["object"]
    except (ValueError, KeyError, TypeError):
        return False
    version = uploaded.get("version-id") or ""
    return uploaded.get("key") == submission.key and (not submission.version or version in {"", submission.version})


def dead_letters(stack: Stack) -> str:
    """A sentence on what lies in the trigger's dead-letter queue."""
    try:
        reasons = _peek(stack)
    except ClientError as error:
        return f"The dead-letter queue could not be read: {error}"
    if not reasons:
        return "The trigger's dead-letter queue is empty: the rule did not match, or the event was never sent."
    return "In the trigger's dead-letter queue: " + "; ".join(reasons)


def _peek(stack: Stack) -> list[str]:
    received = stack.queues.receive_message(
        QueueUrl=stack.dead_letter_queue_url,
        MaxNumberOfMessages=5,
        VisibilityTimeout=0,
        WaitTimeSeconds=0,
        MessageAttributeNames=["All"],
    )
    reasons = []
    for message in received.get("Messages", []):
        attributes = message.get("MessageAttributes", {})
        codes = [attributes[name].get("StringValue") for name in ("ERROR_CODE", "ERROR_MESSAGE") if name in attributes]
        reasons.append(" ".join(part for part in codes if part) or message.get("Body", "")[:200])
    return reasons

"""Finding the execution that an upload has started."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from cli.errors import TriggerSilent
from cli.stack.clients import Stack
from cli.upload.submission import Submission, execution_of

UPLOADED = datetime(2026, 6, 1, 12, tzinfo=UTC)
SUBMISSION = Submission("uploads/shop/1.zip", "v1", UPLOADED)


class States:
    """A hundred executions of the day before, and those given; remembers which were described."""

    def __init__(self, *inputs: dict[str, Any]) -> None:
        self.inputs = {f"arn:{number}": given for number, given in enumerate(inputs)}
        self.described: list[str] = []

    def list_executions(self, **_: Any) -> dict[str, Any]:
        new = [{"executionArn": arn, "startDate": UPLOADED + timedelta(seconds=1)} for arn in self.inputs]
        old = [{"executionArn": f"old:{number}", "startDate": UPLOADED - timedelta(days=1)} for number in range(100)]
        return {"executions": [*new, *old]}

    def describe_execution(self, executionArn: str) -> dict[str, str]:  # noqa: N803  AWS's own spelling
        self.described.append(executionArn)
        return {"input": json.dumps(self.inputs[executionArn])}


class Queue:
    """An empty dead-letter queue."""

    def receive_message(self, **_: Any) -> dict[str, Any]:
        return {}


def stack(states: States) -> Stack:
    found = SimpleNamespace(states=states, state_machine_arn="arn", queues=Queue(), dead_letter_queue_url="q")
    return cast(Stack, found)


def event(key: str, version: str) -> dict[str, Any]:
    return {"detail": {"object": {"key": key, "version-id": version}}}


def test_should_describe_no_execution_that_began_before_the_upload() -> None:
    states = States(event("uploads/other/2.zip", "v1"), event("uploads/shop/1.zip", "v1"))
    assert execution_of(stack(states), SUBMISSION) == "arn:1"
    assert states.described == ["arn:0", "arn:1"]


def test_should_look_at_another_upload_s_execution_once_and_name_the_queue_in_the_end() -> None:
    states = States(event("uploads/shop/1.zip", "v0"))
    with pytest.raises(TriggerSilent, match="dead-letter queue is empty"):
        execution_of(stack(states), SUBMISSION, patience=0.2, sleep=lambda _: None)
    assert states.described == ["arn:0"]

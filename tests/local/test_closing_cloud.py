"""Promises of a cloud that closes: what it leaves behind does not reach into the next one."""

from __future__ import annotations

import threading
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from botocore.exceptions import ConnectionClosedError

from local.lambda_.errors import PoolClosed
from local.moto.repairs import lambda_, step_functions
from local.privileges import CloudKeys


class _Closed:
    """A bridge whose pool has just closed."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def invoke(self, function: _Function, payload: bytes) -> tuple[bytes, bool]:
        del payload
        self.asked.append(function.function_name)
        raise PoolClosed("the laptop cloud is closed")


class _Function:
    """What moto knows of a function that retries as Lambda does by default."""

    function_name = "report"
    event_invoke_config: tuple[()] = ()


def test_a_call_that_nobody_waits_for_ends_quietly_with_the_cloud() -> None:
    bridge = _Closed()
    thread = threading.Thread(target=lambda_._invoke_unawaited, args=(bridge, _Function(), "", b"{}"))
    thread.start()
    thread.join(60)
    assert bridge.asked == ["report"]
    assert not thread.is_alive()


class _EndedFunction:
    """A function without retries, whose failures go to a queue."""

    config: ClassVar[dict[str, Any]] = {
        "MaximumRetryAttempts": 0,
        "DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sqs:eu-west-1:1:dead-letters"}},
    }
    function_name, region = "report", "eu-west-1"
    function_arn = "arn:aws:lambda:eu-west-1:1:function:report"
    event_invoke_config = (SimpleNamespace(config=config),)


@pytest.mark.parametrize("closed", [True, False])
def test_a_queue_that_ended_with_the_cloud_is_no_trouble_and_one_that_ended_before_it_is(
    monkeypatch: pytest.MonkeyPatch, closed: bool
) -> None:
    def refuse(*_: object) -> None:
        raise ConnectionClosedError(endpoint_url="http://127.0.0.1:1")

    monkeypatch.setattr(lambda_, "send_to_queue", refuse)
    bridge = SimpleNamespace(closed=closed, invoke=lambda *_: (b"null", True))
    with nullcontext() if closed else pytest.raises(ConnectionClosedError):
        lambda_._invoke_unawaited(bridge, _EndedFunction, "", b"{}")  # type: ignore[arg-type]  # what is asked of both


KEY = CloudKeys("secret").operator


def test_a_client_of_a_closed_cloud_is_not_asked_again_on_the_same_port() -> None:
    first = step_functions._cached_client("eu-west-1", "dynamodb", "65000", KEY)
    assert step_functions._cached_client("eu-west-1", "dynamodb", "65000", KEY) is first
    step_functions.forget_clients()
    assert step_functions._cached_client("eu-west-1", "dynamodb", "65000", KEY) is not first
    step_functions.forget_clients()

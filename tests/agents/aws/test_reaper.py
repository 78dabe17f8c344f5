"""Reap is called without waiting for it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from botocore.stub import Stubber

from agents.aws import clients
from agents.aws.reaper import LambdaReapRequests
from agents.errors import StoreThrottled
from tests.agents.fakes import SESSION_ID


@pytest.fixture
def stubbed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    clients.functions.cache_clear()
    with Stubber(clients.functions()) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()
    clients.functions.cache_clear()


def test_a_session_is_ended_by_an_asynchronous_call_of_the_alias(stubbed: Stubber) -> None:
    call = {
        "FunctionName": "swarm-dev-reap:live",
        "InvocationType": "Event",
        "Payload": json.dumps({"session_id": SESSION_ID, "cancel": False}, separators=(",", ":")).encode(),
    }
    stubbed.add_response("invoke", {"StatusCode": 202}, call)
    LambdaReapRequests("swarm-dev-reap").request(SESSION_ID)


def test_a_refused_call_is_tried_again_by_the_state(stubbed: Stubber) -> None:
    stubbed.add_client_error("invoke", "TooManyRequestsException", http_status_code=429)
    with pytest.raises(StoreThrottled):
        LambdaReapRequests("swarm-dev-reap").request(SESSION_ID)

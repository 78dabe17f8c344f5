"""Bedrock's Converse API over HTTP, through real boto3: each way to fail is one of our errors, and each is settled."""

from __future__ import annotations

import json
import threading
import time

import pytest

from agents.aws.clients import bedrock_runtime
from agents.errors import (
    ModelAccessDenied,
    ModelContextExceeded,
    ModelReplyInvalid,
    ModelThrottled,
    ModelUnavailable,
)
from agents.models.access import ModelAccess
from tests.agents.models.over_http.asked import PATH, Asker, question, reply
from tests.agents.models.over_http.converse import Converse, Json, Respond, answered, refused, tool

_MODEL = "bedrock:eu.anthropic.claude-haiku-4-5-20251001-v1:0"


@pytest.fixture
def asker() -> Asker:
    return Asker(_MODEL, ModelAccess(bedrock=bedrock_runtime, timeout_seconds=60.0))


def test_a_good_answer_is_typed_and_paid_at_the_tables_price(converse: Converse, asker: Asker) -> None:
    converse.answers = [tool(reply())]
    answer = asker.model().answer(question())
    assert answer.reply.files[0].path == PATH
    assert (answer.usage.requests, answer.usage.input_tokens, answer.usage.output_tokens) == (1, 900, 100)
    assert answer.usage.usd == pytest.approx((900 * 1.1 + 100 * 5.5) / 1e6)
    ((held, cost),) = asker.ledger.settled
    assert cost == pytest.approx(answer.usage.usd)
    assert held.usd >= cost


def test_every_request_says_its_most_tokens_and_fences_the_material(converse: Converse, asker: Asker) -> None:
    converse.answers = [tool(reply())]
    asker.model().answer(question(max_output_tokens=777))
    ((path, request),) = converse.asked
    assert "claude-haiku-4-5" in path
    assert request["inferenceConfig"]["maxTokens"] == 777
    assert "=== material 1 ===" in request["system"][0]["text"]
    assert request["messages"][0]["content"][0]["text"].startswith("=== material 1 ===\nFile: pkg/mod.py")


@pytest.mark.parametrize(
    ("status", "kind", "message", "error"),
    [
        (429, "ThrottlingException", "Too many tokens, please wait", ModelThrottled),
        (503, "ServiceUnavailableException", "Bedrock is unable to process your request", ModelUnavailable),
        (500, "InternalServerException", "The system encountered an error", ModelUnavailable),
        (400, "ValidationException", "Input is too long for requested model.", ModelContextExceeded),
        (403, "AccessDeniedException", "You don't have access to the model", ModelAccessDenied),
        (404, "ResourceNotFoundException", "Could not resolve the foundation model", ModelAccessDenied),
    ],
)
def test_each_refusal_is_one_of_our_errors_and_costs_nothing(
    converse: Converse, asker: Asker, status: int, kind: str, message: str, error: type[Exception]
) -> None:
    converse.answers = [refused(status, kind, message)]
    with pytest.raises(error):
        asker.model().answer(question())
    assert len(converse.asked) == 1, "retried in one place: the state machine"
    assert [cost for _, cost in asker.ledger.settled] == [0.0]


def test_a_malformed_reply_goes_back_once_and_both_requests_are_paid(converse: Converse, asker: Asker) -> None:
    converse.answers = [tool({"files": "none"}), tool(reply())]
    answer = asker.model().answer(question())
    assert answer.usage.requests == 2
    assert answer.usage.input_tokens == 1800
    assert len(asker.ledger.settled) == 2


@pytest.mark.parametrize(
    "bad",
    [
        tool({"files": "none"}),
        answered([{"text": '{"files": [{"pa'}], stop="max_tokens"),
        answered([{"text": "   "}], stop="end_turn"),
        answered([], stop="end_turn"),
    ],
    ids=["malformed", "truncated", "blank", "empty"],
)
def test_a_reply_that_stays_bad_is_invalid_and_what_it_cost_is_reported(
    converse: Converse, asker: Asker, bad: Respond
) -> None:
    converse.answers = [bad]
    with pytest.raises(ModelReplyInvalid):
        asker.model().answer(question())
    ((role, spent),) = asker.unanswered
    assert role == "analyst"
    assert 1 <= spent.requests <= 2
    assert spent.usd > 0
    assert len(asker.ledger.settled) == len(asker.ledger.held) == spent.requests


def test_a_body_that_is_no_json_is_an_unavailable_or_invalid_model(converse: Converse, asker: Asker) -> None:
    converse.answers = [lambda _: (200, "", "<html>")]
    with pytest.raises((ModelUnavailable, ModelReplyInvalid)):
        asker.model().answer(question())
    assert len(asker.ledger.settled) == len(asker.ledger.held)


def test_a_slow_answer_is_given_up_and_settled_as_if_it_had_been_paid(converse: Converse) -> None:
    asker = Asker(_MODEL, ModelAccess(bedrock=bedrock_runtime, timeout_seconds=1.0))
    given_up = threading.Event()

    def slow(request: Json) -> tuple[int, str, Json | str]:
        given_up.wait(60)
        return tool(reply())(request)

    converse.answers = [slow]
    with pytest.raises(ModelUnavailable):
        asker.model().answer(question())
    given_up.set()
    until = time.monotonic() + 60
    while not asker.ledger.settled and time.monotonic() < until:
        time.sleep(0.02)  # the caller has its answer at once; the ledger's follows on the calls' own thread
    ((held, cost),) = asker.ledger.settled
    assert cost == held.usd


def test_objections_go_back_once_and_the_second_reply_is_taken(converse: Converse, asker: Asker) -> None:
    converse.answers = [tool(reply(end=99)), tool(reply(end=98))]
    answer = asker.model().answer(question(objections=lambda _: ["the file has no line 99"]))
    assert answer.usage.requests == 2
    last = answer.reply.files[0].summary[0].lines
    assert last is not None
    assert last.end == 98
    assert "no line 99" in json.dumps(converse.asked[1][1]["messages"])

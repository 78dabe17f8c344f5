"""An OpenAI-compatible server over HTTP, the one that benchmarks use: every role's question, and the ways to fail."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from agents.errors import (
    ModelAccessDenied,
    ModelContextExceeded,
    ModelReplyInvalid,
    ModelThrottled,
    ModelUnavailable,
    SwarmError,
)
from agents.models.access import ModelAccess
from bench.stub_model import Behaviour, StubModel
from tests.agents.models.over_http.asked import PATH, Asker, question

Json = dict[str, Any]


def asker(stub: StubModel, **access: Any) -> Asker:
    return Asker(stub.model, ModelAccess(**{"prices": "openai:stub=1/2", "timeout_seconds": 30.0, **access}))


def test_an_answer_cites_lines_that_are_there_and_is_paid_at_the_given_price() -> None:
    with StubModel() as stub:
        answer = asker(stub).model().answer(question())
    assert answer.reply.files[0].path == PATH
    usage = answer.usage
    assert usage.usd == pytest.approx((usage.input_tokens + 2 * usage.output_tokens) / 1e6)


def test_a_compatible_server_is_asked_for_a_schema_and_the_older_name_of_max_tokens() -> None:
    with StubModel() as stub:
        asker(stub).model().answer(question(max_output_tokens=321))
        (asked,) = stub.questions
    assert asked["response_format"]["type"] == "json_schema"
    assert asked["max_tokens"] == 321
    assert "tools" not in asked


def test_forty_questions_wait_side_by_side() -> None:
    with StubModel(Behaviour(latency_seconds=1)) as stub:
        model = asker(stub).model()
        with ThreadPoolExecutor(20) as pool:
            assert len(list(pool.map(lambda _: model.answer(question()), range(40)))) == 40
        assert stub.most_at_once >= 10


def _refusal(status: int, message: str, code: str = "") -> tuple[int, Json]:
    return status, {"error": {"message": message, "code": code, "type": code}}


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (*_refusal(429, "Rate limit reached", "rate_limit_exceeded"), ModelThrottled),
        (*_refusal(429, "You exceeded your current quota", "insufficient_quota"), ModelAccessDenied),
        (*_refusal(503, "Overloaded"), ModelUnavailable),
        (*_refusal(500, "Internal error"), ModelUnavailable),
        (*_refusal(401, "Incorrect API key provided", "invalid_api_key"), ModelAccessDenied),
        (*_refusal(404, "The model does not exist", "model_not_found"), ModelAccessDenied),
        (*_refusal(400, "maximum context length is 8192 tokens", "context_length_exceeded"), ModelContextExceeded),
        (
            *_refusal(400, "request exceeds the available context size", "exceed_context_size_error"),
            ModelContextExceeded,
        ),
        (*_refusal(400, "the prompt is not allowed", "invalid_prompt"), ModelReplyInvalid),
    ],
)
def test_each_refusal_is_one_of_our_errors_asked_once_and_free(
    status: int, body: Json, error: type[SwarmError]
) -> None:
    with StubModel(Behaviour(intercept=lambda _: (status, body))) as stub:
        asked = asker(stub)
        with pytest.raises(error):
            asked.model().answer(question())
        assert stub.refused == 1, "retried in one place: the state machine"
    assert [cost for _, cost in asked.ledger.settled] == [0.0]


def test_a_server_that_is_gone_is_unavailable() -> None:
    with StubModel() as stub:
        asked = asker(stub)
    with pytest.raises(ModelUnavailable):
        asked.model().answer(question())


def test_a_slow_server_is_given_up() -> None:
    with StubModel(Behaviour(latency_seconds=4)) as stub, pytest.raises(ModelUnavailable):
        asker(stub, timeout_seconds=1.0).model().answer(question())


def test_the_key_goes_into_the_header_and_nowhere_else(caplog: pytest.LogCaptureFixture) -> None:
    with StubModel() as stub:
        asked = asker(stub, key=lambda: "sk-very-secret")
        model = asked.model()
        with caplog.at_level("DEBUG"):
            model.answer(question())
        assert "sk-very-secret" not in json.dumps(stub.questions)
    assert "sk-very-secret" not in caplog.text
    assert "sk-very-secret" not in repr(asked.access)

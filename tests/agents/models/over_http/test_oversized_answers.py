"""A server that sends more than a question may cost has it refused: in little memory, at once, and without quotes."""

from __future__ import annotations

import gzip
import json
import time
from typing import Any

import pytest

from agents.aws.batch_inference import BedrockBatchJobs
from agents.contracts.analysis import AnalystReply
from agents.contracts.usage import Usage
from agents.errors import ModelRedirected, ModelReplyInvalid, ModelUnavailable
from agents.models.converse import reply_of, usage_of
from agents.models.prices import TokenPrice
from agents.models.replies import our_errors
from bench.stub_model import Behaviour, StubModel
from tests.agents.models.over_http.asked import PATH, Asker, question, reply
from tests.agents.models.over_http.test_bad_answers import Json, asker, completion, raw_server

_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
_SECRET = "AKIA2E0A8F3B244C9986"
_MEGABYTES = 1024 * 1024


def says(text: str | None, **message: Any) -> Json:
    """A completion with this text."""
    said = {"role": "assistant", "content": text, **message}
    return completion(choices=[{"index": 0, "finish_reason": "stop", "message": said}])


def calls(*names: str) -> Json:
    """A completion that calls these tools."""
    made = [
        {"id": f"c{at}", "type": "function", "function": {"name": name, "arguments": "{}"}}
        for at, name in enumerate(names)
    ]
    return says(None, tool_calls=made)


def refused(body: Json) -> tuple[str, list[int], Asker]:
    """Why the reply is refused, the sizes of the questions that were sent, and who asked."""
    with StubModel(Behaviour(intercept=lambda _: (200, body))) as stub:
        asked = asker(stub.model)
        with pytest.raises(ModelReplyInvalid) as error:
            asked.model().answer(question())
        return str(error.value), [len(json.dumps(sent)) for sent in stub.questions], asked


def test_an_answer_that_unpacks_to_more_than_may_be_is_not_unpacked() -> None:
    bomb = gzip.compress(b" " * (200 * _MEGABYTES), 1)
    with raw_server(_HEAD + b"content-encoding: gzip\r\ncontent-length: %d" % len(bomb), bomb) as model:
        asked = asker(model)
        with pytest.raises(ModelReplyInvalid, match="more than 8,388,608 bytes"):
            asked.model().answer(question())
    assert [usd for _, usd in asked.ledger.settled] == [one.usd for one in asked.ledger.held]


def test_an_answer_of_many_megabytes_is_not_read_to_its_end() -> None:
    head = _HEAD + b"content-length: %d" % (200 * _MEGABYTES)
    with (
        raw_server(head, b" " * (20 * _MEGABYTES)) as model,
        pytest.raises(ModelReplyInvalid, match="more than 8,388,608 bytes"),
    ):
        asker(model).model().answer(question())


@pytest.mark.parametrize("encoding", [b"gzip", b"X-Gzip", b"identity"])
def test_a_gateway_that_compresses_although_it_is_asked_not_to_is_understood(encoding: bytes) -> None:
    plain = json.dumps(completion()).encode()
    body = plain if encoding == b"identity" else gzip.compress(plain)
    with raw_server(_HEAD + b"content-encoding: %s\r\ncontent-length: %d" % (encoding, len(body)), body) as model:
        assert asker(model).model().answer(question()).reply.files[0].path == PATH


@pytest.mark.parametrize(
    "body",
    [
        says("x" * 200_000),
        says('{"files":[' + ",".join("1" * 100_000) + "]}"),
        says(json.dumps(reply()).replace("numbers", "numbers " * 30_000)),
        calls(*(f"tool{at}" for at in range(5_000))),
    ],
    ids=["no JSON", "problems", "a long sentence", "calls"],
)
def test_a_reply_beyond_its_tokens_is_refused_at_once_and_never_sent_back(body: Json) -> None:
    begun = time.monotonic()
    problem, sizes, asked = refused(body)
    assert "the reply" in problem
    assert len(sizes) == 1
    assert len(asked.ledger.settled) == 1
    assert time.monotonic() - begun < 15


@pytest.mark.parametrize("text", ['{"files":[' + ",".join("1" * 20_000) + "]}", "[" * 60_000])
def test_a_repair_holds_the_bad_reply_once_and_its_first_problems(text: str) -> None:
    _, sizes, _ = refused(says(text))
    first, second = sizes
    assert second - first < len(text) + 10_000


@pytest.mark.parametrize(
    "body",
    [
        calls(f"\x1b[31m{_SECRET}"),
        calls(_SECRET, _SECRET),
        says(None, refusal=f"\x1b[31m{_SECRET}"),
        {**completion(choices=_SECRET)},
        {**completion(), "usage": {"prompt_tokens": _SECRET}},
        {"error": {"message": _SECRET}},
        says(json.dumps({**reply(), _SECRET: 1})),
    ],
    ids=["a tool", "two tools", "a refusal", "choices", "usage", "an error", "a field"],
)
def test_no_message_quotes_the_reply(body: Json) -> None:
    problem, _, _ = refused(body)
    assert _SECRET not in problem
    assert problem.isprintable()


def test_a_secret_in_a_refusal_of_the_server_is_hidden() -> None:
    body = {"error": {"message": f"the key {_SECRET} is in the question"}}
    with StubModel(Behaviour(intercept=lambda _: (400, body))) as stub, pytest.raises(ModelReplyInvalid) as error:
        asker(stub.model).model().answer(question())
    assert "is in the question" in str(error.value)
    assert _SECRET not in str(error.value)


def test_a_redirect_to_a_long_name_is_named_in_short() -> None:
    head = b"HTTP/1.1 307 Moved\r\nlocation: http://" + b"e" * 50_000 + b".example/\r\ncontent-length: 0"
    with raw_server(head, b"") as model, pytest.raises(ModelRedirected) as error:
        asker(model).model().answer(question())
    assert len(str(error.value)) < 1_000


@pytest.mark.parametrize("tokens", [10**13, 10**30, 10**400])
def test_tokens_that_no_request_can_have_count_as_the_most_that_it_may_cost(tokens: int) -> None:
    usage = {"prompt_tokens": tokens, "completion_tokens": 30, "total_tokens": tokens}
    with StubModel(Behaviour(intercept=lambda _: (200, completion(usage=usage)))) as stub:
        asked = asker(stub.model)
        asked.model().answer(question())
    ((held, usd),) = asked.ledger.settled
    assert usd == pytest.approx(held.usd)


def test_a_network_error_of_the_librarys_client_is_an_unavailable_model() -> None:
    import httpx2

    with pytest.raises(ModelUnavailable), our_errors("openai:stub"):
        raise httpx2.ReadError("reset")


@pytest.mark.parametrize("text", [json.dumps({**reply(), _SECRET: 1}), json.dumps({"files": [_SECRET]})])
def test_a_problem_of_a_jobs_reply_quotes_nothing(text: str) -> None:
    output = {"output": {"message": {"content": [{"text": text}]}}}
    with pytest.raises(ModelReplyInvalid, match="breaks its contract") as error:
        reply_of(output, AnalystReply)
    assert _SECRET not in str(error.value)


def test_a_jobs_reply_beyond_its_tokens_is_refused_before_it_is_checked() -> None:
    output = {"output": {"message": {"content": [{"text": '{"files":[' + ",".join("1" * 1_000_000) + "]}"}]}}}
    with pytest.raises(ModelReplyInvalid, match="more than its tokens can be"):
        reply_of(output, AnalystReply)


@pytest.mark.parametrize("tokens", [10**400, -1, 1.5, "7", None])
def test_tokens_that_no_record_can_have_count_nothing(tokens: object) -> None:
    usage = usage_of({"usage": {"inputTokens": tokens, "outputTokens": 10}}, TokenPrice(1, 4, 1, 1))
    assert usage == Usage(requests=1, output_tokens=10, usd=0.00004)


def test_a_jobs_line_that_is_nested_too_deep_is_left_out() -> None:
    line = b'{"recordId": "r1", "modelOutput": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    assert BedrockBatchJobs.reply(object.__new__(BedrockBatchJobs), line, AnalystReply) is None

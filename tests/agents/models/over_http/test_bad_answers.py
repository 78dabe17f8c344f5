"""Answers that no service should give: each costs one question, is paid for, and nothing else."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from agents.aws.clients import bedrock_runtime
from agents.errors import CallOverspent, ModelRedirected, ModelReplyInvalid, ModelUnavailable, SwarmError
from agents.models.access import ModelAccess
from bench.stub_model import Behaviour, Fault, StubModel
from tests.agents.models.over_http.asked import PATH, Asker, question, reply

Json = dict[str, Any]
_PRICES = "openai:stub=1/2"


def asker(model: str) -> Asker:
    return Asker(model, ModelAccess(prices=_PRICES, timeout_seconds=30.0))


def completion(**changes: Any) -> Json:
    """A plain completion; None leaves a part out."""
    message = {"role": "assistant", "content": json.dumps(reply())}
    whole = {
        "id": "bad",
        "object": "chat.completion",
        "created": 0,
        "model": "stub",
        "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
        "usage": {"prompt_tokens": 1_000, "completion_tokens": 30, "total_tokens": 1_030},
    }
    return {name: part for name, part in {**whole, **changes}.items() if part is not None}


def usage(asked: int, answered: int) -> Json:
    return {"prompt_tokens": asked, "completion_tokens": answered, "total_tokens": asked + answered}


@contextmanager
def raw_server(head: bytes, body: bytes) -> Iterator[str]:
    """The name of a model whose server writes exactly these bytes, and closes."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.wfile.write(head + b"\r\n\r\n" + body)
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"openai:stub@http://127.0.0.1:{server.server_address[1]}/v1"
        server.shutdown()


@pytest.mark.parametrize(
    "body",
    [
        completion(choices=[]),
        completion(choices=None),
        completion(choices=[{}]),
        completion(choices=[{"index": 0, "finish_reason": "stop", "message": None}]),
        completion(choices="none"),
        completion(usage="much"),
        completion(created="never", model=7),
        {},
        {"choices": {"0": "no list"}},
    ],
    ids=[
        "no choices",
        "choices missing",
        "choice empty",
        "no message",
        "choices a word",
        "usage a word",
        "types",
        "{}",
        "{…}",
    ],
)
def test_a_body_that_the_library_stumbles_over_is_one_invalid_reply_and_is_settled_in_full(body: Json) -> None:
    with StubModel(Behaviour(intercept=lambda _: (200, body))) as stub:
        asked = asker(stub.model)
        try:
            asked.model().answer(question())
        except SwarmError as error:
            assert isinstance(error, ModelReplyInvalid), error
        held = [one.usd for one in asked.ledger.held]
    settled = [usd for _, usd in asked.ledger.settled]
    assert settled
    assert len(settled) == len(held)
    assert all(usd > 0 for usd in settled)


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9", b"\xff\xfe not j"),
        (b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 7", b"[1, 2, "),
        (b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6", b"<html>"),
        (b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 900", b'{"id": "half'),
        (b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: 4", b"nope"),
    ],
    ids=["no text", "no JSON", "HTML", "reset in its middle", "no gzip"],
)
def test_an_answer_that_cannot_be_read_counts_as_billed_and_is_the_questions_own_error(
    head: bytes, body: bytes
) -> None:
    with raw_server(head, body) as model:
        asked = asker(model)
        with pytest.raises((ModelReplyInvalid, ModelUnavailable)):
            asked.model().answer(question())
    assert [usd for _, usd in asked.ledger.settled] == [one.usd for one in asked.ledger.held]
    assert asked.ledger.settled


@pytest.mark.filterwarnings("ignore:Failed to extract usage")
@pytest.mark.parametrize(
    "reported",
    [None, usage(0, 0), usage(-500, 20), usage(900, -20), usage(900, 0)],
    ids=["none", "zeros", "negative in", "negative out", "nothing answered"],
)
def test_a_reply_without_a_believable_usage_settles_what_was_reserved(reported: Json | None) -> None:
    with StubModel(Behaviour(intercept=lambda _: (200, completion(usage=reported)))) as stub:
        asked = asker(stub.model)
        answer = asked.model().answer(question())
    ((held, usd),) = asked.ledger.settled
    assert usd == pytest.approx(held.usd)
    assert answer.usage.usd == pytest.approx(held.usd)
    assert (answer.usage.requests, answer.usage.output_tokens) == (1, 4096)


@pytest.mark.parametrize("reported", [usage(1_000, 50_000), usage(9_000_000_000, 30)], ids=["long", "huge"])
def test_a_provider_that_bills_more_than_was_reserved_is_settled_as_billed_and_ends_the_session(reported: Json) -> None:
    with StubModel(Behaviour(intercept=lambda _: (200, completion(usage=reported)))) as stub:
        asked = asker(stub.model)
        with pytest.raises(CallOverspent, match="tokens in and"):
            asked.model().answer(question())
    ((_, usd),) = asked.ledger.settled
    assert usd == pytest.approx((reported["prompt_tokens"] + 2 * reported["completion_tokens"]) / 1e6)
    assert list(asked.ledger.stopped) == ["s" + "0" * 20]


def test_an_answer_that_was_cut_is_asked_for_once_more_in_fewer_words() -> None:
    with StubModel(Behaviour(faults={PATH: [Fault.TRUNCATED]})) as stub:
        asked = asker(stub.model)
        answer = asked.model().answer(question())
        first, second = stub.questions
    assert answer.reply.files[0].path == PATH
    assert answer.usage.requests == 2
    assert "cut at 4096 tokens" not in json.dumps(first)
    assert "cut at 4096 tokens" in json.dumps(second)


def test_an_answer_that_is_cut_twice_is_an_invalid_reply_that_is_paid_twice() -> None:
    with StubModel(Behaviour(faults={PATH: [Fault.TRUNCATED] * 5})) as stub:
        asked = asker(stub.model)
        with pytest.raises(ModelReplyInvalid):
            asked.model().answer(question())
        assert stub.answered == 2
    assert len(asked.ledger.settled) == 2


@pytest.mark.parametrize(
    ("faults", "said"),
    [
        ([Fault.TRUNCATED, Fault.MALFORMED], "was cut, and the shorter one that was asked for breaks its contract"),
        ([Fault.MALFORMED] * 2, "breaks its contract, also after it was sent back with the reason"),
    ],
)
def test_a_reply_that_stays_bad_is_described_in_our_words(faults: list[Fault], said: str) -> None:
    with StubModel(Behaviour(faults={PATH: faults})) as stub, pytest.raises(ModelReplyInvalid, match=said):
        asker(stub.model).model().answer(question())


def test_a_redirect_to_another_host_is_not_followed_and_both_are_named() -> None:
    with StubModel() as other:
        head = f"HTTP/1.1 307 Temporary Redirect\r\nlocation: {other.url}/v1/chat/completions\r\ncontent-length: 0"
        with raw_server(head.encode(), b"") as model:
            asked = asker(model)
            with pytest.raises(ModelRedirected) as refused:
                asked.model().answer(question())
        assert other.questions == []
        assert other.url.rpartition("/")[0] in str(refused.value)
    assert model.partition("@")[2].removesuffix("/v1") in str(refused.value)
    assert [usd for _, usd in asked.ledger.settled] == [0.0]


def test_bedrocks_client_follows_no_redirect_to_another_host_either(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with StubModel() as other:
        head = f"HTTP/1.1 307 Temporary Redirect\r\nlocation: {other.url}/model/x/converse\r\ncontent-length: 0"
        with raw_server(head.encode(), b"") as model:
            address = model.partition("@")[2].removesuffix("/v1")
            access = ModelAccess(bedrock=bedrock_runtime, timeout_seconds=30.0)
            asked = Asker(f"bedrock:eu.anthropic.claude-haiku-4-5-20251001-v1:0@{address}", access)
            with pytest.raises(ModelRedirected) as refused:
                asked.model().answer(question())
        assert other.questions == []
    assert address in str(refused.value)
    assert other.url.rpartition("/")[0] in str(refused.value)
    assert [usd for _, usd in asked.ledger.settled] == [0.0]


def test_a_server_that_was_never_reached_is_paid_nothing() -> None:
    with StubModel() as stub:
        pass
    asked = asker(stub.model)
    with pytest.raises(ModelUnavailable):
        asked.model().answer(question())
    assert [usd for _, usd in asked.ledger.settled] == [0.0]

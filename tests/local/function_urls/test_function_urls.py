"""A function behind its URL on a laptop sees and answers what it would on AWS."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from agents.contracts.http import HttpResponse
from agents.shells.http_events import http_answer, http_request
from local.function_urls.events import LARGEST_BODY_BYTES, UrlAnswer, answer_of, busy
from local.function_urls.server import FunctionUrlServer


def _echo(event: dict[str, Any]) -> tuple[bytes, bool] | UrlAnswer:
    """A function of ours: our shell's translation in both directions."""
    request = http_request(event)
    if request.path == "/fail":
        return b'{"errorType": "RuntimeError"}', True
    if request.path == "/busy":
        return busy()
    seen = request.model_dump(mode="json", exclude={"body"}) | {"body": request.body.hex()}
    return json.dumps(
        http_answer(HttpResponse(status=201, body=json.dumps(seen), cookies=("a=1", "b=2")))
    ).encode(), False


@pytest.fixture(scope="module")
def server() -> Iterator[FunctionUrlServer]:
    served = FunctionUrlServer(_echo)
    yield served
    served.close()


def _ask(
    server: FunctionUrlServer, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> tuple[int, list[tuple[str, str]], bytes]:
    address = urlsplit(server.url)
    connection = HTTPConnection(address.netloc, timeout=20)
    connection.request(method, address.path.rstrip("/") + path, body=body or None, headers=dict(headers or {}))
    answer = connection.getresponse()
    outcome = answer.status, answer.getheaders(), answer.read()
    connection.close()
    return outcome


def test_a_request_arrives_whole(server: FunctionUrlServer) -> None:
    body = b'{"ref": "refs/heads/m\xc3\xa4in"}'
    headers = {"Content-Type": "application/json", "X-Signature": "s", "Cookie": "one=1; two=2"}

    status, answered, text = _ask(server, "POST", "/hook/a%2Fb?x=1&y=%20z&x=2", body, headers)

    seen = json.loads(text)
    assert status == 201
    assert (seen["method"], seen["path"], seen["query"]) == ("POST", "/hook/a%2Fb", {"x": "1,2", "y": " z"})
    assert bytes.fromhex(seen["body"]) == body
    assert seen["headers"]["x-signature"] == "s"
    assert seen["cookies"] == {"one": "1", "two": "2"}
    assert seen["address"] == "127.0.0.1"
    assert server.url == f"http://{seen['host']}/"
    assert [value for name, value in answered if name == "Set-Cookie"] == ["a=1", "b=2"]
    assert dict(answered)["cache-control"] == "no-store"


@pytest.mark.parametrize("kind", ["application/octet-stream", "application/json"])
def test_bytes_that_are_no_text_arrive_as_they_were_sent(server: FunctionUrlServer, kind: str) -> None:
    _, _, text = _ask(server, "POST", "/", b"\xff\x00\xfe", {"Content-Type": kind})

    assert json.loads(text)["body"] == "ff00fe"


@pytest.mark.parametrize(("path", "status"), [("/fail", 502), ("/busy", 429)])
def test_a_call_that_fails_or_is_throttled_is_answered_as_lambda_does(
    server: FunctionUrlServer, path: str, status: int
) -> None:
    assert _ask(server, "GET", path)[0] == status


def test_a_body_beyond_lambdas_limit_is_refused(server: FunctionUrlServer) -> None:
    assert _ask(server, "POST", "/", b"x" * (LARGEST_BODY_BYTES + 1))[0] == 413


def test_without_the_secret_and_from_other_sites_nothing_is_answered(server: FunctionUrlServer) -> None:
    address = urlsplit(server.url)
    connection = HTTPConnection(address.netloc, timeout=20)
    connection.request("GET", "/")
    assert connection.getresponse().status == 403
    connection.close()
    assert _ask(server, "POST", "/", b"a=1", {"Origin": "https://elsewhere.example"})[0] == 403


@pytest.mark.parametrize(
    ("result", "status"),
    [
        (b'{"statusCode": 202}', 202),
        (b'{"statusCode": "abc"}', 502),
        (b'{"statusCode": 200, "headers": 7}', 502),
        (b'{"plain": "result"}', 200),
        (b"null", 200),
    ],
)
def test_a_result_becomes_an_answer_by_lambdas_rules(result: bytes, status: int) -> None:
    assert answer_of(result, failed=False).status == status

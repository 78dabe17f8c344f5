"""The quick reading of heads comes to what the standard library and werkzeug make of them, or leaves them to these."""

from __future__ import annotations

import http.client
import io
from http.client import HTTPMessage
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto.moto_server.werkzeug_app import MotoRequestHandler

from local.heads import ordinary_head
from local.moto.environ import environ_in, surroundings_in

POST = b"POST /a%20b?c=d HTTP/1.1\r\n"
BODY = b"a: body\r\n\r\n"


def stream_of(fields: bytes) -> io.BufferedReader:
    return io.BufferedReader(io.BytesIO(fields + b"\r\n" + BODY))


@pytest.mark.parametrize(
    "fields",
    [
        b"Host: x\r\n",
        b"Host:x\r\nempty:\r\nSpaces: \t a b \t\r\n",
        b"A: 1\r\na: 2\r\n",
        "Name: café €\r\n".encode(),
        b"From: me\r\nReceived: 1: 2: 3\r\n",
    ],
)
def test_an_ordinary_head_has_the_fields_that_the_standard_library_sees(fields: bytes) -> None:
    stream = stream_of(fields)
    head = ordinary_head(POST, stream)

    assert head is not None
    assert (head.method, head.target) == ("POST", "/a%20b?c=d")
    assert head.fields.items() == http.client.parse_headers(stream_of(fields)).items()
    assert stream.read() == BODY


@pytest.mark.parametrize(
    "request_line",
    [
        b"POST / HTTP/1.0\r\n",
        b"POST / HTTP/1.1\n",
        b"POST // HTTP/1.1\r\n",
        b"POST //host/path HTTP/1.1\r\n",
        b"POST  / HTTP/1.1\r\n",
        b"post / HTTP/1.1\r\n",
        b"POST http://host/ HTTP/1.1\r\n",
        b"POST /\xc3\xa9 HTTP/1.1\r\n",
        b"POST / a HTTP/1.1\r\n",
        b"GET /\r\n",
        b"\r\n",
    ],
)
def test_another_first_line_is_left_to_the_standard_library(request_line: bytes) -> None:
    stream = stream_of(b"Host: x\r\n")

    assert ordinary_head(request_line, stream) is None
    assert stream.read() == b"Host: x\r\n\r\n" + BODY


@pytest.mark.parametrize(
    "fields",
    [
        b"A: 1\r\n folded\r\n",
        b" A: 1\r\n",
        b"A : 1\r\n",
        b"A\r\n",
        b": 1\r\n",
        b"A: 1\nB: 2\r\n",
        b"A: 1\rB: 2\r\n",
        b"A: \x00\r\n",
        b"A: 1\r\n" * 65,
        b"A: " + b"1" * 9_000 + b"\r\n",
    ],
)
def test_another_head_is_left_to_the_standard_library(fields: bytes) -> None:
    stream = stream_of(fields)

    assert ordinary_head(POST, stream) is None
    assert stream.read() == fields + b"\r\n" + BODY


def test_a_head_that_has_not_come_yet_is_left_to_the_standard_library() -> None:
    stream = io.BufferedReader(io.BytesIO(b"A: 1\r\n"))

    assert ordinary_head(POST, stream) is None
    assert stream.read() == b"A: 1\r\n"


def environ_of(target: str, fields: HTTPMessage) -> dict[str, Any]:
    """As moto's handler makes it."""
    handler = MotoRequestHandler.__new__(MotoRequestHandler)
    server = SimpleNamespace(
        ssl_context=None, multithread=True, multiprocess=False, server_address=("127.0.0.1", 1), _server_version="x"
    )
    about = {"path": target, "server": server, "client_address": ("127.0.0.1", 2), "connection": None}
    vars(handler).update(about, rfile=io.BytesIO(), command="POST", headers=fields, request_version="HTTP/1.1")
    environ: dict[str, Any] = handler.make_environ()
    return environ


def fields_of(*pairs: tuple[str, str]) -> HTTPMessage:
    message = HTTPMessage()
    for name, value in pairs:
        message.set_raw(name, value)
    return message


TARGETS = st.builds(lambda path: f"/{path}", st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=8))
NAMES = st.sampled_from(["Host", "X-Amz-Date", "x-amz-date", "Content-Type", "Content-Length", "a", "Accept", "HTTP-A"])
VALUES = st.sampled_from(["", "1", "a,b", "caf\xe9", " a ", "a\r\n b"])


@given(TARGETS, st.lists(st.tuples(NAMES, VALUES), max_size=5))
def test_an_environment_is_the_one_that_werkzeug_and_moto_make(target: str, pairs: list[tuple[str, str]]) -> None:
    fields = fields_of(*pairs)
    theirs = environ_of(target, fields)
    ours = environ_in(surroundings_in(theirs), "POST", target, fields)

    if ours is None:
        assert "#" in target or target.startswith("//")
    else:
        theirs.pop("wsgi.input")
        assert ours == theirs


@pytest.mark.parametrize("name", ["x-amz-meta-a_b", "A_B", "Transfer-Encoding"])
def test_a_name_with_an_underscore_and_chunks_are_left_to_werkzeug_and_moto(name: str) -> None:
    surroundings = surroundings_in(environ_of("/", fields_of()))

    assert environ_in(surroundings, "POST", "/", fields_of((name, "1"))) is None


@pytest.mark.parametrize("target", ["http://host/path", "/caf\xe9", "/a#b", "//a", "*"])
def test_another_target_is_left_to_werkzeug(target: str) -> None:
    assert environ_in(surroundings_in(environ_of("/", fields_of())), "POST", target, fields_of()) is None

"""The server under the local cloud: HTTP as boto3 speaks it to AWS, on connections that stay open."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from moto.moto_server.threaded_moto_server import ThreadedMotoServer
from moto.moto_server.werkzeug_app import create_backend_app

from local.moto.configuration import moto_configured
from local.moto.server import HttpServer, _backend_app

Environ = dict[str, Any]
TOGETHER = 60


def echo(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer with the body of the request; /ignored reads none, /broken fails, /empty answers without a body."""
    path = environ["PATH_INFO"]
    if path == "/broken":
        raise RuntimeError("out of order")
    if path == "/empty":
        start_response("204 No Content", [])
        return []
    body = b"" if path == "/ignored" else environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["REQUEST_METHOD"].encode(), b" ", body]


@contextmanager
def serving(application: Callable[..., Iterable[bytes]]) -> Iterator[http.client.HTTPConnection]:
    server = HttpServer(0, lambda _: application)
    server.start()
    connection = http.client.HTTPConnection("127.0.0.1", server.get_host_and_port()[1], timeout=60)
    try:
        yield connection
    finally:
        connection.close()
        server.stop()


@pytest.fixture
def connection() -> Iterator[http.client.HTTPConnection]:
    with serving(echo) as opened:
        yield opened


def answer_to(connection: http.client.HTTPConnection, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
    chunked = body is not None and not isinstance(body, bytes)
    connection.request(method, path, body, encode_chunked=chunked)
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_moto_still_closes_every_connection() -> None:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    connection = http.client.HTTPConnection(host, port, timeout=60)
    try:
        connection.request("GET", "/moto-api/data.json")
        answer = connection.getresponse()
        answer.read()

        assert answer.getheader("Connection") == "close"
    finally:
        connection.close()
        server.stop()


def test_moto_still_serves_in_debug_mode() -> None:
    assert create_backend_app("sts").debug
    assert not _backend_app("sts").debug


@pytest.mark.parametrize(
    ("service", "call", "inside"),
    [
        ("s3", lambda client: client.create_bucket(Bucket="one"), "moto.s3.models.S3Backend.create_bucket"),
        ("dynamodb", lambda client: client.list_tables(), "moto.dynamodb.models.DynamoDBBackend.list_tables"),
        ("iam", lambda client: client.create_user(UserName="a"), "moto.iam.models.IAMBackend.create_user"),
    ],
)
def test_an_error_500_says_what_it_was_for(
    service: str, call: Any, inside: str, caplog: pytest.LogCaptureFixture
) -> None:
    server = HttpServer(0, lambda application: application)
    server.start()
    host, port = server.get_host_and_port()
    client = boto3.client(
        service,  # type: ignore[call-overload]  # a name known only at run time
        region_name="us-east-1",
        endpoint_url=f"http://{host}:{port}",
        aws_access_key_id="none",
        aws_secret_access_key="none",
        config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
    )
    try:
        failing = mock.patch(inside, side_effect=RuntimeError("changed <size>"))
        with moto_configured(), failing, pytest.raises(ClientError) as error:
            call(client)
    finally:
        client.close()
        server.stop()
    assert error.value.response["Error"]["Code"] == "500"
    assert error.value.response["Error"]["Message"] == "RuntimeError: changed <size>"
    assert "RuntimeError: changed <size>" in caplog.text


def test_one_connection_carries_one_request_after_the_other(connection: http.client.HTTPConnection) -> None:
    connection.connect()
    opened = connection.sock

    for number in range(3):
        assert answer_to(connection, "POST", "/", b"%d" % number) == (200, b"POST %d" % number)

    assert connection.sock is opened


@pytest.mark.parametrize(
    ("method", "path", "body", "answer"),
    [
        ("POST", "/ignored", b"x" * 100_000, (200, b"POST ")),
        ("HEAD", "/", None, (200, b"")),
        ("GET", "/empty", None, (204, b"")),
        ("PUT", "/", iter([b"in ", b"pieces"]), (200, b"PUT in pieces")),
        ("POST", "/broken", b"x" * 100_000, 500),
    ],
    ids=["a body that nobody reads", "a head", "nothing to say", "chunks", "an error"],
)
def test_every_request_leaves_the_connection_clean(
    connection: http.client.HTTPConnection, method: str, path: str, body: Any, answer: Any
) -> None:
    connection.connect()
    opened = connection.sock

    received = answer_to(connection, method, path, body)

    assert received == answer or received[0] == answer
    assert answer_to(connection, "POST", "/", b"next") == (200, b"POST next")
    assert connection.sock is opened


def test_a_client_that_expects_100_continue_gets_it_before_it_sends_the_body(
    connection: http.client.HTTPConnection,
) -> None:
    with socket.create_connection((connection.host, connection.port), timeout=60) as client:
        host = b"127.0.0.1:%d" % connection.port
        client.sendall(b"PUT / HTTP/1.1\r\nHost: %b\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n" % host)
        assert client.recv(1000).startswith(b"HTTP/1.1 100 ")

        client.sendall(b"body")

        assert client.recv(1000).startswith(b"HTTP/1.1 200 ")


def test_calls_that_wait_do_not_delay_other_calls() -> None:
    waiting, go_on = threading.Barrier(TOGETHER + 1), threading.Event()

    def application(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/wait":
            waiting.wait(60)
            go_on.wait(60)
        return echo(environ, start_response)

    with serving(application) as connection:
        answers: list[int] = []

        def wait() -> None:
            other = http.client.HTTPConnection(connection.host, connection.port, timeout=60)
            answers.append(answer_to(other, "GET", "/wait")[0])
            other.close()

        threads = [threading.Thread(target=wait) for _ in range(TOGETHER)]
        for thread in threads:
            thread.start()
        waiting.wait(60)

        assert answer_to(connection, "GET", "/") == (200, b"GET ")

        go_on.set()
        for thread in threads:
            thread.join()
    assert answers == [200] * TOGETHER


def test_a_stopped_server_answers_no_open_connection() -> None:
    server = HttpServer(0, lambda _: echo)
    server.start()
    connection = http.client.HTTPConnection("127.0.0.1", server.get_host_and_port()[1], timeout=60)
    assert answer_to(connection, "GET", "/")[0] == 200

    server.stop()

    with pytest.raises((ConnectionError, http.client.HTTPException)):
        answer_to(connection, "GET", "/")
    connection.close()

"""The Lambda Runtime API for one worker: a port of its own, where the official runtime client asks for work.

One port per worker says which worker is calling. Every path begins with the worker's secret, which nobody else knows:
the client takes what follows the port in AWS_LAMBDA_RUNTIME_API as the beginning of its paths. A worker asks one thing
at a time, so one thread serves its connection. Answers are written in one piece and without Nagle's algorithm: a
call takes about 1 ms instead of 44 ms.
"""

from __future__ import annotations

import contextlib
import queue
import re
import select
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from local.doors import Door, GuardedHandler, new_secret

_PREFIX = "/2018-06-01/runtime"
_OUTCOME_PATH = re.compile(rf"{_PREFIX}/invocation/([0-9a-f-]{{36}})/(response|error)")
#: How long whoever connects may keep the worker from doing so, in seconds, before it shows that it knows the secret.
_PATIENCE_SECONDS = 2.0
#: The largest response of a synchronous call, in bytes.
RESPONSE_LIMIT_BYTES = 6_291_556


@dataclass(frozen=True)
class InvocationRequest:
    """What a worker is given by `next`."""

    request_id: str
    payload: bytes
    function_arn: str
    timeout_seconds: float
    client_context: str | None = None


@dataclass(frozen=True)
class NextRequested:
    """The worker asks for work: its start-up is over."""


@dataclass(frozen=True)
class InvocationAnswered:
    """The worker's answer to one request; a request id of None is a failed start-up."""

    request_id: str | None
    payload: bytes
    failed: bool
    too_large: bool = False


@dataclass
class RuntimeApi:
    """Hands work to one worker and reports what it says to `on_event`, from the serving thread."""

    on_event: Callable[[NextRequested | InvocationAnswered], None]
    _work: queue.SimpleQueue[InvocationRequest | None] = field(default_factory=queue.SimpleQueue)

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._secret = new_secret()
        self.door = Door(self._listener.getsockname()[1], self._secret)
        self._connection: socket.socket | None = None
        self._closed = False
        self._silent = threading.Event()
        self._silent.set()
        self._delivered: str | None = None
        self._thread = threading.Thread(target=self._serve, name="runtime-api", daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """Value of AWS_LAMBDA_RUNTIME_API."""
        host, port = self._listener.getsockname()
        return f"{host}:{port}/{self._secret}"

    def give(self, work: InvocationRequest) -> None:
        """Queue work for the worker's `next`."""
        self._work.put(work)

    def close(self) -> None:
        """Stop serving."""
        if self._closed:
            return
        self._closed = True
        self._work.put(None)
        with contextlib.suppress(OSError):
            if self._connection is not None:
                self._connection.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError):  # closing a listening socket wakes no accept(), a last connection does
            socket.create_connection(self._listener.getsockname(), timeout=1).close()
        self._thread.join(5)
        self._listener.close()

    def has_seen(self, request_id: str) -> bool:
        """Whether a worker that has ended may have begun this request.

        A process that ends with unread bytes makes the kernel reset its connection; one that has read all of its work
        closes it. So a reset, or work that nobody asked for, proves that the handler was never called.
        """
        self._silent.wait(1)
        return self._delivered == request_id

    def next_work(self) -> InvocationRequest | None:
        """Block until there is work; None when this API is closed."""
        return self._work.get()

    def _serve(self) -> None:
        while not self._closed:
            connection, peer = self._listener.accept()
            self._silent.clear()
            self._connection = connection
            # The worker went away, or talks nonsense: whoever waits for its process learns that.
            with connection, contextlib.suppress(OSError, ValueError):
                _Conversation(connection, peer, self)
            self._connection = None
            self._silent.set()

    def delivering(self, request_id: str | None) -> None:
        """Note which request is in flight to the worker, or that it came back (None)."""
        self._delivered = request_id


class _Conversation(GuardedHandler):
    """One connection of the runtime client."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = _PATIENCE_SECONDS

    def __init__(self, connection: socket.socket, peer: Any, api: RuntimeApi) -> None:
        self._api = api
        self._unread = False
        self.door = api.door
        # The base class serves the whole connection here; it wants a server only to hand it on.
        try:
            super().__init__(connection, peer, None)  # type: ignore[arg-type]  # there is no server
        except ConnectionError:
            if self._unread:
                api.delivering(None)
            raise

    def parse_request(self) -> bool:
        """Whoever knows the secret may take as long as it likes from now on."""
        passed = super().parse_request()
        if passed:
            self.connection.settimeout(None)
        return passed

    def do_GET(self) -> None:  # noqa: N802  (the base class's name)
        """`next`: wait for work."""
        if self.path != f"{_PREFIX}/invocation/next":
            self._reply(404, b"{}")
            return
        self._api.on_event(NextRequested())
        work = self._api.next_work()
        if work is not None and self._hung_up():
            self._api.give(work)  # nobody has seen it
            work = None
        if work is None:
            self.close_connection = True
            return
        self._api.delivering(work.request_id)
        self._unread = True
        self._reply(
            200,
            work.payload,
            {
                "Lambda-Runtime-Aws-Request-Id": work.request_id,
                "Lambda-Runtime-Deadline-Ms": str(int((time.time() + work.timeout_seconds) * 1000)),
                "Lambda-Runtime-Invoked-Function-Arn": work.function_arn,
                "Lambda-Runtime-Trace-Id": _trace_id(work.request_id),
                **({"Lambda-Runtime-Client-Context": work.client_context} if work.client_context else {}),
            },
        )

    def do_POST(self) -> None:  # noqa: N802  (the base class's name)
        """`response`, `error` and `init/error`: take the outcome."""
        self._unread = False
        body, too_large = self._body()
        outcome = _OUTCOME_PATH.fullmatch(self.path)
        if outcome is None and self.path != f"{_PREFIX}/init/error":
            self._reply(404, b"{}")
            return
        request_id = outcome.group(1) if outcome else None
        failed = outcome is None or outcome.group(2) == "error"
        # The event comes before the worker's reply: an answer counts even when the worker dies right after sending it.
        self._api.on_event(InvocationAnswered(request_id, body, failed, too_large))
        if too_large:
            self._reply(
                413, b'{"errorType":"RequestEntityTooLarge","errorMessage":"Exceeded maximum allowed payload size"}'
            )
        else:
            self._reply(202, b'{"status":"OK"}')

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
        """Say nothing: the functions' logs are kept elsewhere."""
        del format, args

    def _hung_up(self) -> bool:
        """Whether the worker went away while it waited: only then is there something to read, its end."""
        readable, _, _ = select.select([self.connection], [], [], 0)
        return bool(readable) and not self.connection.recv(1, socket.MSG_PEEK)

    def _body(self) -> tuple[bytes, bool]:
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            return self._chunks()
        length = int(self.headers.get("Content-Length", "0"))
        if length <= RESPONSE_LIMIT_BYTES:
            return self._exactly(length), False
        while length > 0:
            length -= len(self._exactly(min(length, 1 << 20)))
        return b"", True

    def _exactly(self, length: int) -> bytes:
        body = self.rfile.read(length)
        if len(body) < length:
            raise ConnectionAbortedError("the worker ended while it answered")
        return body

    def _chunks(self) -> tuple[bytes, bool]:
        body = bytearray()
        size = 0
        while length := int(self.rfile.readline(64).split(b";")[0], 16):
            chunk = self._exactly(length)
            self.rfile.readline(8)
            size += length
            if size <= RESPONSE_LIMIT_BYTES:
                body += chunk
        self.rfile.readline(8)
        return (b"", True) if size > RESPONSE_LIMIT_BYTES else (bytes(body), False)

    def _reply(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response_only(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _trace_id(request_id: str) -> str:
    return f"Root=1-{int(time.time()):08x}-{request_id.replace('-', '')[:24]};Sampled=0"

"""In front of the local cloud's HTTP server: sees each request of agents, and breaks the ones that a fault names.

What it does happens on the connection: botocore in the functions and tasks sees it, and its own retries answer first.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, TypeAlias

from local.moto.server import Application
from local.privileges.identity import role_of

Environ: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Seen:
    """A request: the role that signed it, empty if none did, and what it asks for, such as `s3.GetObject`."""

    signer: str
    operation: str
    path: str
    body: bytes

    @property
    def by_agent(self) -> bool:
        """Whether a function or a task sent it."""
        return bool(self.signer) and not self.signer.endswith(_OF_SERVICES)

    @property
    def writes(self) -> bool:
        """Whether it changes an item or an object."""
        return self.operation.partition(".")[2] in _WRITES


#: Ends of the names of roles that AWS's services work under: Step Functions and EventBridge.
_OF_SERVICES = ("-documentation", "-upload-trigger")
_WRITES = {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems", "PutObject"}


class Exchange:
    """One request and what can be done to it."""

    def __init__(self, seen: Seen, environ: Environ, start_response: Any, application: Application) -> None:
        self.seen = seen
        self.environ = environ
        self._start_response = start_response
        self._application = application

    def forward(self) -> Iterable[bytes]:
        """The cloud's own answer."""
        return self._application(self.environ, self._start_response)

    def forward_unheard(self) -> None:
        """Let the cloud do what is asked, and drop its answer."""
        b"".join(self._application({**self.environ, "wsgi.input": BytesIO(self.seen.body)}, lambda *_: None))

    def refuse(
        self, status: str, code: str, message: str = "a fault of the chaos suite", extra: Any = None
    ) -> list[bytes]:
        """An error in the service's own form."""
        if self.seen.operation.startswith("s3."):
            body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>".encode()
            kind = "application/xml"
        else:
            body = json.dumps({"__type": code, "message": message, "Message": message, **(extra or {})}).encode()
            kind = "application/x-amz-json-1.0"
        headers = [("Content-Type", kind), ("Content-Length", str(len(body))), ("x-amzn-ErrorType", code)]
        headers.append(("x-amzn-RequestId", "chaos"))
        self._start_response(status, headers)
        return [body]

    def answer(self, body: bytes) -> list[bytes]:
        """An answer of our own."""
        headers = [("Content-Type", "application/x-amz-json-1.0"), ("Content-Length", str(len(body)))]
        self._start_response("200 OK", headers)
        return [body]

    def reset(self) -> list[bytes]:
        """End the connection without an answer."""
        self._shut()
        return self.answer(b"")

    def send_half(self) -> list[bytes]:
        """Send half of the answer, and end the connection."""
        begun: list[Any] = []
        body = b"".join(self._application(self.environ, lambda *answer: begun.append(answer)))
        status, headers = begun[0][:2]
        kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
        lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in kept), f"Content-Length: {len(body)}"]
        self.environ["werkzeug.socket"].sendall("\r\n".join([*lines, "", ""]).encode() + body[: len(body) // 2])
        return self.reset()

    def _shut(self) -> None:
        self.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)


Effect: TypeAlias = Callable[[Exchange], Iterable[bytes]]


@dataclass
class Armed:
    """A fault that waits for its moment: of the requests that match, from the `first` (1 is the first) so many."""

    matches: Callable[[Seen], bool]
    effect: Effect
    first: int = 1
    times: int = 1
    met: int = 0
    fired: list[Seen] = field(default_factory=list)


class Tap:
    """A WSGI application around the cloud's."""

    def __init__(self) -> None:
        self.armed: Armed | None = None
        self._lock = threading.Lock()

    def around(self, application: Application) -> Application:
        """The application with this tap in front."""

        def tapped(environ: Environ, start_response: Any) -> Iterable[bytes]:
            return self._handle(environ, start_response, application)

        return tapped

    def _handle(self, environ: Environ, start_response: Any, application: Application) -> Iterable[bytes]:
        seen = _seen(environ)
        exchange = Exchange(seen, environ, start_response, application)
        armed = self._due(seen)
        return exchange.forward() if armed is None else armed.effect(exchange)

    def _due(self, seen: Seen) -> Armed | None:
        armed = self.armed
        if armed is None or not armed.matches(seen):
            return None
        with self._lock:
            armed.met += 1
            if not armed.first <= armed.met < armed.first + armed.times:
                return None
            armed.fired.append(seen)
        return armed


def _seen(environ: Environ) -> Seen:
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = BytesIO(body)
    signer, service = role_of(environ.get("HTTP_AUTHORIZATION", "")) or ("", "")
    method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
    operation = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
    if service == "s3":
        operation = f"{method.capitalize()}Object"
    elif service == "lambda" and path.endswith("/invocations"):
        operation = "Invoke"
    return Seen(signer, f"{service}.{operation}", path, body)


def refuses(status: str, code: str, message: str = "a fault of the chaos suite", **extra: Any) -> Effect:
    """Answer with an error."""
    return lambda exchange: exchange.refuse(status, code, message, extra)


def resets(exchange: Exchange) -> Iterable[bytes]:
    """End the connection before anything was done."""
    return exchange.reset()


def loses_answer(exchange: Exchange) -> Iterable[bytes]:
    """Do it, and end the connection without an answer: who asked cannot know."""
    exchange.forward_unheard()
    return exchange.reset()


def halves(exchange: Exchange) -> Iterable[bytes]:
    """End the connection in the middle of the answer."""
    return exchange.send_half()


def doubles(exchange: Exchange) -> Iterable[bytes]:
    """Do it twice."""
    exchange.forward_unheard()
    return exchange.forward()


def swallows(exchange: Exchange) -> Iterable[bytes]:
    """Say that it is done, and do nothing."""
    return exchange.answer(b"{}")


def slow(seconds: float) -> Effect:
    """Answer late."""

    def wait(exchange: Exchange) -> Iterable[bytes]:
        time.sleep(seconds)
        return exchange.forward()

    return wait

"""The HTTP server under the local cloud: moto's application, with connections that are kept, as AWS keeps them.

moto's own server closes each connection and waits a while to see whether anything else comes: a third of what a call
costs on both sides. Here a request is read whole before it is answered, so that nothing of it is left in the stream.
"""

from __future__ import annotations

import io
import logging
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterable
from contextlib import suppress
from http import HTTPStatus
from typing import Any, TypeAlias

from flask import request
from moto.moto_server import werkzeug_app
from moto.moto_server.threaded_moto_server import ThreadedMotoServer
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.exceptions import InternalServerError
from werkzeug.serving import make_server

from local.doors import Door, GuardedHandler
from local.moto.environ import environ_in, surroundings_in
from local.port import HOST, listening_on
from local.privileges import answers

Application: TypeAlias = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_log = logging.getLogger(__name__)
# moto answers every page of the web that it may read the answer.
werkzeug_app.DISABLE_GLOBAL_CORS = True
_WITHOUT_BODY = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})


class HttpServer(ThreadedMotoServer):  # type: ignore[misc]  # moto is not followed
    """Serves on 127.0.0.1, a thread a connection, until it is stopped; then every connection is closed."""

    def __init__(self, port: int, around: Callable[[Application], Application]) -> None:
        """`port` 0 is a free one; `around` wraps moto's application."""
        super().__init__(ip_address=HOST, port=port, verbose=False)
        self._application = around(DomainDispatcherApplication(_backend_app))
        self._connections = _Connections()

    def start(self) -> None:
        """Serve from now on.

        The server is made in the caller's thread: moto waits for ever for a thread that could not make it.

        Raises:
            PortUnusable: nothing can listen on the port.
        """
        connections = self._connections

        class Handler(_Handler):
            open_connections = connections

        with listening_on(self._port) as listening:  # the server has a descriptor of its own
            self._server = make_server(
                self._ip_address,
                self._port,
                self._application,
                threaded=True,
                request_handler=Handler,
                fd=listening.fileno(),
            )
        Handler.door = Door(self._server.server_address[1])
        super().start()

    def stop(self) -> None:
        """End serving."""
        super().stop()
        self._connections.close()

    def _server_entry(self) -> None:
        self._server_ready_event.set()
        self._server.serve_forever(poll_interval=0.05)  # moto's looks twice a second whether it is to end


def _backend_app(service: str) -> Any:
    application = create_backend_app(service)
    application.debug = False  # moto's setting has Flask prepare its hints on forms, for every request
    application.register_error_handler(HTTPStatus.INTERNAL_SERVER_ERROR, _explained)
    return application


def _explained(error: InternalServerError) -> Any:
    """An error 500 that says what it was for; the traceback is in the log. Flask's own entry is moto's, which is quiet.

    The code stays that of the status, by which an SDK takes it for a service that is down for a moment.
    """
    problem = error.original_exception or error
    _log.error("%s %s: error 500", request.method, request.path, exc_info=problem)
    around = {
        "CONTENT_TYPE": request.content_type or "",
        "HTTP_X_AMZ_TARGET": request.headers.get("X-Amz-Target", ""),
        "REQUEST_METHOD": request.method,
    }
    headers, body = answers.refusal("500", f"{type(problem).__name__}: {problem}"[:1_000], "", around)
    return body, HTTPStatus.INTERNAL_SERVER_ERROR, headers


class _Connections:
    """Those that clients keep open: a server that has been stopped must not answer them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._closed = False

    def add(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.add(connection)
            if self._closed:
                _shut(connection)

    def remove(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.discard(connection)

    def close(self) -> None:
        with self._lock:
            self._closed = True
            for connection in self._open:
                _shut(connection)


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):  # the client was first
        connection.shutdown(socket.SHUT_RDWR)


class _Handler(GuardedHandler, MotoRequestHandler):  # type: ignore[misc]  # moto is not followed
    """One connection."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet,
    disable_nagle_algorithm = True  # at once
    open_connections: _Connections
    _surroundings: dict[str, Any] | None = None
    _date: tuple[int, str] = (0, "")

    def setup(self) -> None:
        super().setup()
        self.open_connections.add(self.connection)

    def finish(self) -> None:
        self.open_connections.remove(self.connection)
        with suppress(OSError):
            super().finish()

    def refusal_answer(self, reason: str) -> tuple[str, bytes]:
        """In the form that the sender's own request has."""
        around = {"CONTENT_TYPE": self.headers.get("Content-Type", "")}
        around["HTTP_X_AMZ_TARGET"] = self.headers.get("X-Amz-Target", "")
        headers, body = answers.refusal("AccessDeniedException", reason, "", around)
        return headers[0][1], body

    def handle_expect_100(self) -> bool:
        """Say at once that the body may come: boto3 waits a second for it."""
        super().handle_expect_100()
        self.wfile.flush()
        return True

    def run_wsgi(self) -> None:
        """Answer one request."""
        environ = self._environ()
        body = self._body(environ)
        environ |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        environ.pop("wsgi.input_terminated", None)
        server: Any = self.server
        try:
            status, headers, content = _called(server.app, environ)
        except Exception:  # noqa: BLE001  as werkzeug: the caller gets the error, the next request is served
            server.log("error", "Error on request:\n%s", traceback.format_exc())
            status, headers, content = _called(InternalServerError(), environ)
        self._answer(status, headers, content)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: what a call came to is in the execution's history."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The time as HTTP words it; of this second as a rule, in which another answer had it too."""
        now = int(time.time() if timestamp is None else timestamp)
        date = self._date
        if date[0] != now:
            date = _Handler._date = (now, super().date_time_string(now))
        return date[1]

    def _environ(self) -> dict[str, Any]:
        environ = None
        if self._surroundings is not None and self.request_version == self.protocol_version:
            environ = environ_in(self._surroundings, self.command, self.path, self.headers)
        if environ is None:
            environ = self.make_environ()
            self._surroundings = surroundings_in(environ)
        return environ

    def _body(self, environ: dict[str, Any]) -> bytes:
        if environ.get("wsgi.input_terminated"):
            return bytes(environ["wsgi.input"].read())
        return bytes(self.rfile.read(int(environ.get("CONTENT_LENGTH") or 0)))

    def _answer(self, status: str, headers: list[tuple[str, str]], content: bytes) -> None:
        code = int(status.split(None, 1)[0])
        self.send_response(code, status.partition(" ")[2])
        for name, value in headers:
            self.send_header(name, value)
        if code not in _WITHOUT_BODY and not any(name.lower() == "content-length" for name, _ in headers):
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD" and code not in _WITHOUT_BODY:
            self.wfile.write(content)


def _called(application: Any, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
    begun: list[tuple[str, list[tuple[str, str]]]] = []
    parts = application(environ, lambda status, headers, _=None: begun.append((status, headers)))
    try:
        content = b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    status, headers = begun[-1]
    return status, headers, content

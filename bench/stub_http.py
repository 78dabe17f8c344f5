"""HTTP under the stub servers: JSON in, JSON out, for clients that know the server's secret."""

from __future__ import annotations

import json
import threading
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from typing import Any, Self

from local.doors import Door, GuardedHandler, new_secret

Json = dict[str, Any]
#: A status and the body.
HttpAnswer = tuple[int, Json]


class _Server(ThreadingHTTPServer):
    """A client that gives up is part of the test, so its broken connection is no error to print."""

    daemon_threads = True
    #: Dozens of analysts connect at once; the default of five makes the kernel drop some, and they wait for minutes.
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """Print nothing."""


@dataclass
class JsonServer(ABC):
    """Serves on 127.0.0.1 while it is entered, on `port` or, with 0, on a free one; subclasses say what it answers.

    A client sends its `secret` as the beginning of the path, as in `url`, or as a bearer token.
    """

    port: int = field(default=0, kw_only=True)
    secret: str = field(default_factory=new_secret, repr=False, kw_only=True)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", self.port), _handler(self))
        self.port = self._server.server_address[1]
        self.door = Door(self.port, self.secret, bearer=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Where it listens, with its secret."""
        return f"http://127.0.0.1:{self.port}/{self.secret}"

    @property
    @abstractmethod
    def model(self) -> str:
        """A name for `--model`."""

    @abstractmethod
    def answer_to(self, method: str, path: str, body: Json) -> HttpAnswer:
        """One request's status and body; an error of AWS has its name under `__type`."""

    @abstractmethod
    def figures(self) -> Json:
        """What it counted."""

    def serve_until_interrupted(self) -> None:
        """Print the model's name, serve until Ctrl-C, and print the figures."""
        print(self.model, flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print(json.dumps(self.figures()))


def _handler(stub: JsonServer) -> type[GuardedHandler]:
    class Handler(GuardedHandler):
        protocol_version = "HTTP/1.1"
        # An answer's head and body are two writes: with Nagle's algorithm the second waits for an acknowledgement.
        disable_nagle_algorithm = True

        @property
        def door(self) -> Door:  # type: ignore[override]  # a property, because the port is known only later
            return stub.door

        def _answer(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers.get("content-length") or 0)) or b"{}")
            status, answer = stub.answer_to(self.command, self.path, body)
            data = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            if "__type" in answer:
                self.send_header("x-amzn-errortype", str(answer["__type"]))
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = _answer  # noqa: N815  the base class's names

        def log_message(self, *_: object) -> None:  # A benchmark's output is its figures.
            return

    return Handler

"""A recorded-style Bedrock endpoint: its next answers are set by the test."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from agents.aws.clients import bedrock_runtime

Json = dict[str, Any]
Respond = Callable[[Json], tuple[int, str, Json | str]]


class _Server(ThreadingHTTPServer):
    """A client that gives up is part of the test."""

    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing."""


class Converse:
    """A recorded-style Converse endpoint: its next answers are set by the test."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Json]] = []
        self.answers: list[Respond] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["content-length"])))
                outer.asked.append((self.path, request))
                respond = outer.answers.pop(0) if len(outer.answers) > 1 else outer.answers[0]
                status, kind, body = respond(request)
                data = (body if isinstance(body, str) else json.dumps(body)).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                if kind:
                    self.send_header("x-amzn-errortype", kind)
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                return

        self.server = _Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @staticmethod
    def client(base_url: str, timeout_seconds: float) -> Any:
        """A real client of boto3; the fixture's environment points it here."""
        return bedrock_runtime(base_url, timeout_seconds)


def answered(content: list[Json], stop: str = "tool_use") -> Respond:
    usage = {"inputTokens": 900, "outputTokens": 100, "totalTokens": 1000}
    body = {
        "output": {"message": {"role": "assistant", "content": content}},
        "stopReason": stop,
        "usage": usage,
        "metrics": {"latencyMs": 5},
    }
    return lambda _: (200, "", body)


def tool(arguments: Any) -> Respond:
    """The reply as the output tool's arguments, under the name that the request gave it."""

    def respond(request: Json) -> tuple[int, str, Json | str]:
        name = request["toolConfig"]["tools"][0]["toolSpec"]["name"]
        return answered([{"toolUse": {"toolUseId": "t1", "name": name, "input": arguments}}])(request)

    return respond


def refused(status: int, kind: str, message: str) -> Respond:
    return lambda _: (status, kind, {"message": message})

"""An OpenAI-compatible server that answers every role: `python -m bench.stub_model --latency 1 --throttled 0.2`.

It reads the question it is asked and answers with the reply type that the request's schema names: statements that cite
lines which are there. No model is behind it; it is for tests and benchmarks of everything around one.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

Json = dict[str, Any]
_FILE = re.compile(r"^File: (?P<path>.+)$", re.MULTILINE)
_LINES = re.compile(r"^Language: .*; lines: (?P<count>\d+)$", re.MULTILINE)
_SYMBOL = re.compile(r"^- (?P<name>\S+) \(\w+, lines (?P<start>\d+)-(?P<end>\d+), undocumented\)$", re.MULTILINE)
_FENCE = re.compile(r"^(=== material \d+ ===)\n(?P<material>.*)\n\1$", re.MULTILINE | re.DOTALL)
_THROTTLE = {"error": {"message": "Rate limit reached", "type": "requests", "code": "rate_limit_exceeded"}}


class _Server(ThreadingHTTPServer):
    """A client that gives up is part of the test."""

    daemon_threads = True
    #: Dozens of analysts connect at once; the default of five makes the kernel drop some, and they wait for minutes.
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """Say nothing."""


@dataclass
class Behaviour:
    """How the server behaves. `fails_on` answers 400 wherever the question contains it, `intercept` before all else."""

    latency_seconds: float = 0.0
    throttled: float = 0.0
    fails_on: str = ""
    seed: int = 1
    intercept: Callable[[Json], tuple[int, Json] | None] | None = None
    rewrite: Callable[[str, Json], Json] | None = None


@dataclass
class StubModel:
    """The server, on a free port of 127.0.0.1 or on `port`."""

    behaviour: Behaviour = field(default_factory=Behaviour)
    port: int = 0
    answered: int = 0
    refused: int = 0
    most_at_once: int = 0
    questions: list[Json] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._now = 0
        self._random = random.Random(self.behaviour.seed)  # noqa: S311 (which call is throttled, no secret)
        self._server = _Server(("127.0.0.1", self.port), _handler(self))
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def base_url(self) -> str:
        """What follows the @ in a model's name."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def model(self) -> str:
        """The model's name for `--model`."""
        return f"openai:stub@{self.base_url}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def respond(self, request: Json) -> tuple[int, Json]:
        """One request's status and body."""
        with self._lock:
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
            throttled = self._random.random() < self.behaviour.throttled
            self.questions.append(request)
        try:
            time.sleep(0 if throttled else self.behaviour.latency_seconds)
            status, body = self._decide(request, throttled)
        finally:
            with self._lock:
                self._now -= 1
        with self._lock:
            if status == 200:
                self.answered += 1
            else:
                self.refused += 1
        return status, body

    def _decide(self, request: Json, throttled: bool) -> tuple[int, Json]:
        intercepted = self.behaviour.intercept(request) if self.behaviour.intercept else None
        if intercepted is not None:
            return intercepted
        if throttled:
            return 429, _THROTTLE
        if self.behaviour.fails_on and self.behaviour.fails_on in _material(request):
            return 400, {"error": {"message": "the stub refuses this file", "type": "invalid_request_error"}}
        kind, reply = _reply(request)
        if self.behaviour.rewrite is not None:
            reply = self.behaviour.rewrite(kind, reply)
        return 200, _completion(request, reply)


def _handler(stub: StubModel) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["content-length"])))
            status, answer = stub.respond(request)
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:  # A benchmark's output is its figures.
            return

    return Handler


def _material(request: Json) -> str:
    told = "\n".join(str(message["content"]) for message in request["messages"] if message["role"] == "user")
    found = _FENCE.search(told)
    return found["material"] if found else told


def _schema_title(request: Json) -> str:
    """The reply type that is asked for: the name of the response format, or of the output tool."""
    wanted = request.get("response_format", {}).get("json_schema", {})
    return str(wanted.get("schema", {}).get("title") or wanted.get("name", ""))


def _reply(request: Json) -> tuple[str, Json]:
    kind, material = _schema_title(request), _material(request)
    for name, answer in _ANSWERS.items():
        if name in kind:
            return name, answer(material)
    raise ValueError(f"the stub knows no reply {kind!r}")


def _analyst(material: str) -> Json:
    path, lines = _FILE.search(material), _LINES.search(material)
    if path is None or lines is None:
        raise ValueError("an analyst's question has a path and a number of lines")
    # Another question, another answer: what a real model does, and what a page's rerun depends on.
    read = f"{zlib.crc32(material.encode()):08x}"
    summary: list[Json] = [{"text": f"This file is described by a stub that read {read}.", "lines": None}]
    if int(lines["count"]):
        summary.append({"text": "It begins here.", "lines": {"start": 1, "end": 1}})
    notes = [
        {"symbol": found["name"], "text": f"Stands on lines {found['start']} to {found['end']}."}
        for found in list(_SYMBOL.finditer(material))[:20]
    ]
    return {"files": [{"path": path["path"], "summary": summary, "notes": notes}]}


def _synthesizer(material: str) -> Json:
    brief = json.loads(material)
    told = [one for module in brief["modules"] for one in module["statements"][:1]]
    if brief.get("part") == "overview":
        return {"overview": told[:3] or brief.get("readme", [])[:3], "modules": []}
    return {
        "overview": told[:3] or brief.get("readme", [])[:3],
        "modules": [{"module": one["module"]["name"], "statements": one["statements"][:3]} for one in brief["modules"]],
    }


def _editor(material: str) -> Json:
    return {"paragraphs": [json.loads(material)["statements"]]}


def _critic(_: str) -> Json:
    return {"completeness": 90, "truthfulness": 95, "helpfulness": 85, "consistency": 90, "findings": []}


def _reviewer(material: str) -> Json:
    seen = json.loads(material)["evidence"]
    return {
        "findings": [
            {
                "rule": at["evidence"]["rule"],
                "severity": "medium",
                "path": at["path"],
                "lines": at["evidence"]["lines"],
                "symbol": at["evidence"].get("symbol", ""),
                "title": f"A stub looked at {at['evidence']['rule']}",
                "reason": "The evidence is there.",
                "advice": "Read the line.",
                "excerpt": at["evidence"]["excerpt"],
            }
            for at in seen
        ]
    }


_ANSWERS: Mapping[str, Callable[[str], Json]] = {
    "AnalystReply": _analyst,
    "SynthesizerReply": _synthesizer,
    "EditorReply": _editor,
    "CriticReply": _critic,
    "ReviewReply": _reviewer,
}


def answer_to(told: str) -> Json:
    """The reply to a prompt that ends in the name of its reply type, whoever's API it came by."""
    found = _FENCE.search(told)
    kind = told.rpartition("Answer with one ")[2].rstrip(". \n")
    return _ANSWERS[kind](found["material"] if found else told)


def _completion(request: Json, reply: Json) -> Json:
    content = json.dumps(reply)
    asked = sum(len(str(message["content"])) for message in request["messages"]) // 4
    return {
        "id": "stub",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": request["model"],
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}],
        "usage": {
            "prompt_tokens": asked,
            "completion_tokens": len(content) // 4,
            "total_tokens": asked + len(content) // 4,
        },
    }


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--throttled", type=float, default=0.0, help="share of calls answered 429")
    parser.add_argument("--fails-on", default="", help="a question that contains this is refused")
    asked = parser.parse_args()
    with StubModel(Behaviour(asked.latency, asked.throttled, asked.fails_on), asked.port) as stub:
        print(stub.model, flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print(json.dumps({"answered": stub.answered, "refused": stub.refused, "most_at_once": stub.most_at_once}))


if __name__ == "__main__":
    main()

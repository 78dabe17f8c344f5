"""What the stub servers have in common: how they behave, what they count, and plain HTTP underneath.

Which call fails is a matter of the question and of how often it was asked, never of the order in which calls arrive:
two runs with the same seed meet the same faults.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import threading
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import ThreadingHTTPServer
from typing import Any, Self

from bench.stub_replies import kind_of, material_of, reply_to
from local.doors import Door, GuardedHandler, new_secret

Json = dict[str, Any]


class Fault(StrEnum):
    """A way to fail."""

    THROTTLED = "throttled"
    UNAVAILABLE = "unavailable"
    OVERFLOW = "overflow"
    REFUSED = "refused"
    MALFORMED = "malformed"
    TRUNCATED = "truncated"
    EMPTY = "empty"
    SLOW = "slow"


@dataclass
class Behaviour:
    """How a server behaves.

    `faults` are by text: a question whose material contains the text meets the first fault when it is asked first, the
    second when it is asked again, and an answer when its faults are used up. `fails_on` refuses such a question always.
    `intercept` answers before all else, `rewrite` changes an honest reply.
    """

    latency_seconds: float = 0.0
    throttled: float = 0.0
    fails_on: str = ""
    seed: int = 1
    intercept: Callable[[Json], tuple[int, Json] | None] | None = None
    rewrite: Callable[[str, Json], Json] | None = None
    faults: Mapping[str, Sequence[Fault]] = field(default_factory=dict)
    slow_seconds: float = 5.0
    answer: Callable[[str, str], Json] = reply_to


@dataclass(frozen=True)
class Question:
    """A question, whatever the protocol: all that was told, and the title of the wanted schema."""

    system: str
    told: str
    schema_title: str

    @property
    def material(self) -> str:
        """What stands between the fences."""
        return material_of(self.told)

    @property
    def kind(self) -> str:
        """The reply type that is wanted."""
        return kind_of(self.schema_title, self.told)


def token_option(parser: argparse.ArgumentParser) -> None:
    """`--token` of a stub's command line."""
    about = "what its clients know (a random one by default): OPENAI_API_KEY, or the beginning of the path"
    parser.add_argument("--token", default=new_secret(), help=about)


class _Http(ThreadingHTTPServer):
    """A client that gives up is part of the test."""

    daemon_threads = True
    #: Dozens of analysts connect at once; the default of five makes the kernel drop some, and they wait for minutes.
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """Say nothing."""


@dataclass
class StubServer(ABC):
    """A server on a free port of 127.0.0.1, or on `port`; a protocol is what its subclass adds.

    Whoever asks it knows its `secret`: as the beginning of the path, as in `model`, or as a bearer token.
    """

    behaviour: Behaviour = field(default_factory=Behaviour)
    port: int = 0
    secret: str = field(default_factory=new_secret, repr=False)
    answered: int = 0
    refused: int = 0
    most_at_once: int = 0
    questions: list[Json] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    billed: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._now = 0
        self._times: Counter[str] = Counter()
        self._server = _Http(("127.0.0.1", self.port), _handler(self))
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

    def serve_until_interrupted(self) -> None:
        """Say the model's name, serve until Ctrl-C, and say what was asked."""
        print(self.model, flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print(json.dumps({"answered": self.answered, "refused": self.refused, "most_at_once": self.most_at_once}))

    @abstractmethod
    def read(self, request: Json) -> Question:
        """The question in a request."""

    @abstractmethod
    def completion(self, request: Json, content: str, *, truncated: bool = False) -> Json:
        """The body of an answer; `content` is the reply as JSON."""

    @abstractmethod
    def refusal(self, fault: Fault) -> tuple[int, Json]:
        """Status and body of a refusal."""

    def respond(self, request: Json) -> tuple[int, Json]:
        """One request's status and body."""
        with self._lock:
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
            self.questions.append(request)
        try:
            status, body = self._decide(request)
        finally:
            with self._lock:
                self._now -= 1
        with self._lock:
            if status == 200:
                self.answered += 1
                self.billed.update(usage if isinstance(usage := body.get("usage"), dict) else {})
            else:
                self.refused += 1
        return status, body

    def _decide(self, request: Json) -> tuple[int, Json]:
        behaviour = self.behaviour
        intercepted = behaviour.intercept(request) if behaviour.intercept else None
        if intercepted is not None:
            time.sleep(behaviour.latency_seconds)
            return intercepted
        asked = self.read(request)
        fault = self._fault(asked)
        if fault in {Fault.THROTTLED, Fault.UNAVAILABLE, Fault.OVERFLOW, Fault.REFUSED}:
            return self.refusal(fault)
        time.sleep(behaviour.latency_seconds + (behaviour.slow_seconds if fault is Fault.SLOW else 0))
        if fault is Fault.EMPTY:
            return 200, self.completion(request, "")
        with self._lock:
            self.kinds[asked.kind] += 1
        reply = behaviour.answer(asked.kind, asked.material)
        if behaviour.rewrite is not None:
            reply = behaviour.rewrite(asked.kind, reply)
        content = json.dumps(reply)
        if fault is Fault.MALFORMED:
            content = json.dumps({"files": "none", "findings": 7})
        if fault is Fault.TRUNCATED:
            return 200, self.completion(request, content[: len(content) // 2], truncated=True)
        return 200, self.completion(request, content)

    def _fault(self, asked: Question) -> Fault | None:
        behaviour, material = self.behaviour, asked.material
        # Without what a repair adds to the messages: it asks the same question again.
        question = hashlib.sha256(f"{asked.kind}\x00{material}".encode()).hexdigest()
        with self._lock:
            times = self._times[question]
            self._times[question] += 1
        if behaviour.fails_on and behaviour.fails_on in material:
            return Fault.REFUSED
        for sign, faults in behaviour.faults.items():
            if sign in material and times < len(faults):
                return faults[times]
        chance = random.Random(f"{behaviour.seed} {times} {question}").random()  # noqa: S311 (no secret)
        return Fault.THROTTLED if chance < behaviour.throttled else None


def _handler(stub: StubServer) -> type[GuardedHandler]:
    class Handler(GuardedHandler):
        protocol_version = "HTTP/1.1"
        # An answer's head and body are two writes: with Nagle's algorithm the second waits for an acknowledgement.
        disable_nagle_algorithm = True

        @property
        def door(self) -> Door:  # type: ignore[override]  # known once the port is
            return stub.door

        def do_POST(self) -> None:  # noqa: N802  (the base class's name)
            request = json.loads(self.rfile.read(int(self.headers["content-length"])))
            status, answer = stub.respond(request)
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            if "__type" in answer:
                self.send_header("x-amzn-errortype", str(answer["__type"]))
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:  # A benchmark's output is its figures.
            return

    return Handler

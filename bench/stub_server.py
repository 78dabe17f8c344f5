"""What the stub models have in common: how they behave and what they count.

Which call fails is a matter of the question and of how often it was asked, never of the order in which calls arrive:
two runs with the same seed meet the same faults.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import time
from abc import abstractmethod
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bench.stub_http import HttpAnswer, Json, JsonServer
from bench.stub_replies import kind_of, material_of, reply_to
from local.doors import new_secret


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
    """A question in whatever protocol: instructions, what the user says, and the title of the reply's schema."""

    system: str
    user: str
    schema_title: str

    @property
    def material(self) -> str:
        """What stands between the fences."""
        return material_of(self.user)

    @property
    def kind(self) -> str:
        """The reply type that is wanted."""
        return kind_of(self.schema_title, self.user)


def token_option(parser: argparse.ArgumentParser) -> None:
    """`--token` of a stub's command line."""
    about = "what its clients know (a random one by default): OPENAI_API_KEY, or the beginning of the path"
    parser.add_argument("--token", default=new_secret(), help=about)


@dataclass
class StubServer(JsonServer):
    """Answers questions to a model; a protocol is what its subclass adds."""

    behaviour: Behaviour = field(default_factory=Behaviour)
    answered: int = 0
    refused: int = 0
    most_at_once: int = 0
    questions: list[Json] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    billed: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._now = 0
        self._times: Counter[str] = Counter()

    def figures(self) -> Json:
        """What was answered and refused, and how many questions came at once at most."""
        return {"answered": self.answered, "refused": self.refused, "most_at_once": self.most_at_once}

    def answer_to(self, method: str, path: str, body: Json) -> HttpAnswer:
        """One question's status and body, whatever the path."""
        del method, path
        return self.respond(body)

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
        question = self.read(request)
        fault = self._fault(question)
        if fault in {Fault.THROTTLED, Fault.UNAVAILABLE, Fault.OVERFLOW, Fault.REFUSED}:
            return self.refusal(fault)
        time.sleep(behaviour.latency_seconds + (behaviour.slow_seconds if fault is Fault.SLOW else 0))
        if fault is Fault.EMPTY:
            return 200, self.completion(request, "")
        with self._lock:
            self.kinds[question.kind] += 1
        reply = behaviour.answer(question.kind, question.material)
        if behaviour.rewrite is not None:
            reply = behaviour.rewrite(question.kind, reply)
        content = json.dumps(reply)
        if fault is Fault.MALFORMED:
            content = json.dumps({"files": "none", "findings": 7})
        if fault is Fault.TRUNCATED:
            return 200, self.completion(request, content[: len(content) // 2], truncated=True)
        return 200, self.completion(request, content)

    def _fault(self, question: Question) -> Fault | None:
        behaviour, material = self.behaviour, question.material
        # Only the material: a repair adds to the messages and asks the same question again.
        digest = hashlib.sha256(f"{question.kind}\x00{material}".encode()).hexdigest()
        with self._lock:
            times = self._times[digest]
            self._times[digest] += 1
        if behaviour.fails_on and behaviour.fails_on in material:
            return Fault.REFUSED
        for sign, faults in behaviour.faults.items():
            if sign in material and times < len(faults):
                return faults[times]
        chance = random.Random(f"{behaviour.seed} {times} {digest}").random()  # noqa: S311 it protects nothing
        return Fault.THROTTLED if chance < behaviour.throttled else None

"""A stub model whose n-th question meets a fault."""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from dataclasses import dataclass, field

from bench.stub_http import HttpAnswer, Json
from bench.stub_model import Behaviour, StubModel
from bench.stub_server import Fault, Question

#: Longer than the setting modelTimeoutSeconds of the suite's cloud.
MODEL_TIMEOUT_SECONDS = 3
RESET, HUNG, HUGE, NONSENSE = "reset", "hung", "huge", "nonsense"
_HUGE_CHARACTERS = 4_000_000


@dataclass
class ModelFault:
    """Of a model's questions, from the `first` so many meet `what`: a Fault of the stub, or one of ours."""

    what: Fault | str
    first: int = 1
    times: int = 1
    met: int = 0
    fired: int = 0


@dataclass
class ChaosModel(StubModel):
    """The stub; `repeats` counts how often the same request was answered."""

    armed: ModelFault | None = None
    repeats: Counter[str] = field(default_factory=Counter)

    def begin(self, latency_seconds: float) -> None:
        """Forget an earlier run."""
        self.armed, self.behaviour = None, Behaviour(latency_seconds=latency_seconds, slow_seconds=1.5)
        self.repeats.clear()
        self.billed.clear()
        self.answered = self.refused = 0

    def respond(self, request: Json) -> HttpAnswer:
        """One request's answer. Raises ConnectionResetError where there is none."""
        what = self._due() if self.armed and not isinstance(self.armed.what, Fault) else None
        if what == HUNG:
            time.sleep(MODEL_TIMEOUT_SECONDS + 1)
        if what in {HUNG, RESET}:
            raise ConnectionResetError
        if what == NONSENSE:
            return 200, {"choices": "none", "usage": {}}
        if what == HUGE:
            return self._bill(200, self.completion(request, json.dumps({"text": "x" * _HUGE_CHARACTERS})))
        status, body = super().respond(request)
        if status == 200:
            messages = json.dumps(request["messages"], sort_keys=True).encode()
            with self._lock:
                self.repeats[hashlib.sha256(messages).hexdigest()] += 1
        return status, body

    def _bill(self, status: int, body: Json) -> HttpAnswer:
        with self._lock:
            self.answered += 1
            self.billed.update(body["usage"])
        return status, body

    def _fault(self, question: Question) -> Fault | None:
        del question
        what = self._due() if self.armed and isinstance(self.armed.what, Fault) else None
        return what if isinstance(what, Fault) else None

    def _due(self) -> Fault | str | None:
        armed = self.armed
        if armed is None:
            return None
        with self._lock:
            armed.met += 1
            due = armed.first <= armed.met < armed.first + armed.times
            armed.fired += due
        return armed.what if due else None

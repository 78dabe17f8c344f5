"""What the HTTP tests ask, and a ledger that writes down what was held and settled."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from agents.contracts.analysis import AnalystBrief, AnalystReply, FileBrief
from agents.contracts.structure import Structure
from agents.contracts.usage import Usage
from agents.models.access import ModelAccess
from agents.models.metered import Budget
from agents.models.provider import ProviderModel
from agents.ports import Question, Reservation

SESSION = "s" + "0" * 20
PATH = "pkg/mod.py"


@dataclass
class WrittenLedger:
    """Every reservation, and what it was settled with."""

    held: list[Reservation] = field(default_factory=list)
    settled: list[tuple[Reservation, float]] = field(default_factory=list)
    counted: list[Usage] = field(default_factory=list)
    stopped: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    # A fake has the port's signature.
    def reserve(self, session_id: str, usd: float, seconds: int = 0) -> Reservation:  # noqa: ARG002
        with self._lock:
            self.held.append(Reservation(str(len(self.held)), session_id, usd, 0))
            return self.held[-1]

    def settle(self, reservation: Reservation, usd: float, usage: Usage | None = None) -> None:
        with self._lock:
            self.settled.append((reservation, usd))
            self.counted.append(usage or Usage())

    def stop(self, session_id: str, reason: str) -> None:
        self.stopped[session_id] = reason

    def reopen(self, session_id: str) -> None:
        self.stopped.pop(session_id, None)

    def give_back(self, session_id: str) -> float:
        with self._lock:
            settled = [reservation for reservation, _ in self.settled]
            return sum(one.usd for one in self.held if one.session_id == session_id and one not in settled)

    def give_back_expired(self, _: str) -> float:
        return 0.0


@dataclass
class Asker:
    """A model under test with everything around it written down."""

    name: str
    access: ModelAccess
    ledger: WrittenLedger = field(default_factory=WrittenLedger)
    unanswered: list[tuple[str, Usage]] = field(default_factory=list)

    def model(self) -> ProviderModel:
        return ProviderModel(
            self.name,
            self.access,
            Budget(self.ledger, SESSION),
            lambda role, spent: self.unanswered.append((role, spent)),
        )


def question(text: str = "x = 1\ny = 2\n", **more: Any) -> Question[AnalystReply]:
    structure = Structure(language="python", line_count=text.count("\n"))
    brief = AnalystBrief(files=(FileBrief(path=PATH, text=text, structure=structure),))
    return Question("analyst", "Describe the files.", brief, AnalystReply, **more)


def reply(path: str = PATH, end: int = 1) -> dict[str, Any]:
    said = {"text": "It holds numbers.", "lines": {"start": 1, "end": end}}
    return {"files": [{"path": path, "summary": [said], "notes": []}]}

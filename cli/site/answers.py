"""Asks a model about a finished site; every sentence of its answer rests on lines that the model was shown."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pydantic import Field

from agents.codebase.claims.index import SnapshotEvidence, SnapshotIndex
from agents.codebase.claims.statements import distinct_objections, material_of, objections_to, verified_statements
from agents.contracts.base import Contract, Lines, RepositoryPath, RepositoryText, SpokenText
from agents.contracts.structure import Structure, Symbol, SymbolKind
from agents.contracts.synthesis import CitedStatement
from agents.contracts.usage import Usage
from agents.errors import BudgetExhausted, CallOverspent
from agents.ports import LanguageModel, Question, Reservation
from agents.text.sentences import sentences
from cli.site.finished import FinishedSite, NotOnSite
from cli.site.passages import Passage

MAX_OUTPUT_TOKENS = 1_500
_LINES_SHOWN = 40
_INSTRUCTIONS = """You answer a question about a code repository from the excerpts in the brief, and from nothing else.

- `statements`: the answer, one sentence each, six at most, in the order of reading. Each has the `path` and the `lines`
  of the excerpt that proves it.
- Write in the language of the question. Names of code stay as they are.
- If the excerpts do not answer the question, give no statements, and say in `gap`, in one sentence, what is missing.
"""


class Excerpt(Contract):
    """Lines of the repository that the search found; each line of the text follows its number."""

    path: RepositoryPath
    lines: Lines
    text: RepositoryText


class AskBrief(Contract):
    """A person's question and what the search found for it."""

    question: RepositoryText
    excerpts: tuple[Excerpt, ...]


class AskReply(Contract):
    """Sentences with their proof, or what is missing."""

    statements: tuple[CitedStatement, ...] = Field(default=(), max_length=12)
    gap: SpokenText = ""


@dataclass(frozen=True)
class ModelAnswer:
    """The sentences that resolve, why there are none, and the cost."""

    statements: tuple[CitedStatement, ...]
    gap: str
    dropped: int
    usage: Usage


class CommandBudget:
    """A BudgetLedger in memory: the dollars of one command."""

    def __init__(self, cap_usd: float) -> None:
        self._cap = cap_usd
        self._reserved: dict[str, float] = {}
        self._stopped = ""
        self.spent = 0.0

    def reserve(self, session_id: str, usd: float, seconds: int = 600) -> Reservation:
        """Reserve dollars. Raises BudgetExhausted, CallOverspent."""
        if self._stopped:
            raise CallOverspent(self._stopped)
        if self.spent + sum(self._reserved.values()) + usd > self._cap:
            raise BudgetExhausted(f"the question may cost {usd:.4f} USD, and the cap is {self._cap:.4f}")
        lease = str(len(self._reserved))
        self._reserved[lease] = usd
        return Reservation(lease, session_id, usd, int(time.time()) + seconds)

    def settle(self, reservation: Reservation, usd: float, usage: Usage = Usage()) -> None:  # noqa: ARG002, B008 (the port's signature)
        """Write the real cost."""
        if self._reserved.get(reservation.lease):
            self._reserved[reservation.lease] = 0.0
            self.spent += usd

    def stop(self, session_id: str, reason: str) -> None:  # noqa: ARG002 (the port's signature)
        """Allow no further reservation."""
        self._stopped = reason

    def reopen(self, session_id: str) -> None:  # noqa: ARG002 (the port's signature)
        """Allow reservations again."""
        self._stopped = ""

    def give_back(self, session_id: str) -> float:  # noqa: ARG002 (the port's signature)
        """Release what is reserved."""
        given, self._reserved = sum(self._reserved.values()), {}
        return given

    def give_back_expired(self, session_id: str) -> float:  # noqa: ARG002 (the port's signature)
        """Nothing: no worker of one command outlives it."""
        return 0.0


def answer(site: FinishedSite, question: str, passages: Sequence[Passage], model: LanguageModel) -> ModelAnswer:
    """Ask, and keep what the excerpts prove. Raises what LanguageModel.answer raises."""
    brief = AskBrief(question=question, excerpts=excerpts(site, passages))
    if not brief.excerpts:
        return ModelAnswer((), "", 0, Usage())
    evidence = SnapshotEvidence(_index(site), material_of(brief))
    unproved = _unproved(brief)

    def objections(reply: Contract) -> Sequence[str]:
        statements = reply.statements if isinstance(reply, AskReply) else ()
        return distinct_objections(
            [*objections_to(statements, evidence), *(unproved(statement) for statement in statements)]
        )

    material = Question("ask", _INSTRUCTIONS, brief, AskReply, MAX_OUTPUT_TOKENS, objections=objections)
    got = model.answer(material)
    verified = verified_statements(got.reply.statements, evidence)
    proved = tuple(statement for statement in verified.claims if not unproved(statement))
    gap = "" if evidence.objection_to_text(got.reply.gap) else got.reply.gap
    return ModelAnswer(proved, gap, len(got.reply.statements) - len(proved), got.usage)


def excerpts(site: FinishedSite, passages: Sequence[Passage]) -> tuple[Excerpt, ...]:
    """The lines that the passages rest on, each place once, 40 lines of each at most."""
    by_place: dict[str, Excerpt] = {}
    for place in (place for passage in passages for place in passage.cites[:2]):
        lines = Lines(start=place.lines.start, end=min(place.lines.end, place.lines.start + _LINES_SHOWN - 1))
        try:
            text = site.text(place.path, lines.start, lines.end)
        except NotOnSite:
            continue
        numbered = "\n".join(f"{number}| {line}" for number, line in enumerate(text, start=lines.start))
        by_place.setdefault(str(place), Excerpt(path=place.path, lines=lines, text=numbered))
    return tuple(by_place.values())


def _unproved(brief: AskBrief) -> Callable[[CitedStatement], str]:
    """The objection to a sentence that cites no lines, lines that were not shown, or is several sentences."""

    def objection(statement: CitedStatement) -> str:
        lines = statement.lines
        if lines is None:
            return f"a sentence cites {statement.path} without lines"
        if len(sentences(statement.text)) > 1:
            return "a statement is more than one sentence: cite lines for each"
        inside = any(
            excerpt.path == statement.path and excerpt.lines.start <= lines.start and lines.end <= excerpt.lines.end
            for excerpt in brief.excerpts
        )
        return "" if inside else f"{statement.path} lines {lines.start} to {lines.end} are in no excerpt"

    return objection


def _index(site: FinishedSite) -> SnapshotIndex:
    """What the site knows of the snapshot, as the verification of claims takes it."""
    structures: dict[str, Structure] = {}
    for file in site.files.values():
        symbols = tuple(
            Symbol(
                name=symbol.name,
                kind=SymbolKind(symbol.kind),
                signature=symbol.signature,
                lines=symbol.place.lines,
                calls=symbol.calls,
            )
            for symbol in file.symbols
        )
        structures[file.path] = Structure(language="", line_count=file.lines, symbols=symbols)
    return SnapshotIndex(site.line_counts, structures)

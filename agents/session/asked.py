"""Decides whether an earlier session's answer still stands although its question has changed a little.

An answer to the very same question costs nothing (agents/questions/remembered.py). A changed file changes the questions
about its module and about the whole, and most answers do not cite that file. Such a question is asked as it was asked
before, so that its answer is remembered; the answer is verified against the new snapshot all the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TypeVar

from pydantic import ValidationError

from agents import keys
from agents.contracts.asked import AskedQuestion, AskedQuestions
from agents.contracts.draft import EditorBrief
from agents.contracts.synthesis import CitedStatement, Module, SynthesizerBrief
from agents.errors import BlobMissing
from agents.ports import Ports

BriefT = TypeVar("BriefT", SynthesizerBrief, EditorBrief)
#: So much of what a question shows may differ from the one that was answered; beyond it the model is asked anew. The
#: comparison is with the question that was really asked, so that small changes add up.
MOST_CHANGED = 1 / 8


class EarlierQuestions:
    """What the session before has asked, and what this one asks: the record that the next session will compare with."""

    def __init__(self, role: str, model: str, instructions: str, before: AskedQuestions | None = None) -> None:
        self._role = role
        self._model = model
        self._instructions = instructions
        same = before is not None and (before.model, before.instructions) == (model, instructions)
        self._before = {question.about: question for question in before.questions} if before and same else {}
        self._asked: dict[str, AskedQuestion] = {}

    def brief(self, about: str, now: BriefT) -> BriefT:
        """The brief to ask with: the earlier one where its answer stands, else the one of `now`."""
        earlier = self._before.get(about)
        if earlier is not None and isinstance(earlier.brief, type(now)) and _stands(earlier, now):
            return earlier.brief
        return now

    def add(self, about: str, brief: SynthesizerBrief | EditorBrief, cites: Iterator[str]) -> None:
        """Record a question and the files that its verified answer cites."""
        self._asked[about] = AskedQuestion(about=about, brief=brief, cites=tuple(dict.fromkeys(cites)))

    def save(self, ports: Ports, session_id: str) -> None:
        """Write the record."""
        questions = tuple(self._asked[about] for about in sorted(self._asked))
        record = AskedQuestions(model=self._model, instructions=self._instructions, questions=questions)
        ports.blobs.write(
            keys.questions(session_id, self._role), record.model_dump_json(exclude_defaults=True).encode()
        )


def earlier_questions(ports: Ports, previous: str, role: str, model: str, instructions: str) -> EarlierQuestions:
    """The record of the session before, empty if it expired or an earlier release wrote none."""
    try:
        stored = ports.blobs.read(keys.questions(previous, role)) if previous else None
        before = AskedQuestions.model_validate_json(stored) if stored is not None else None
    except (BlobMissing, ValidationError):
        before = None
    return EarlierQuestions(role, model, instructions, before)


def _stands(earlier: AskedQuestion, now: SynthesizerBrief | EditorBrief) -> bool:
    if _frame(earlier.brief) != _frame(now):
        return False
    statements, statements_now = _statements(earlier.brief), _statements(now)
    if any(statements.get(path) != statements_now.get(path) for path in earlier.cites):
        return False
    items, items_now = set(_items(earlier.brief)), set(_items(now))
    return len(items ^ items_now) <= MOST_CHANGED * len(items | items_now)


def _frame(brief: SynthesizerBrief | EditorBrief) -> tuple[object, ...]:
    """What must be the same."""
    if isinstance(brief, EditorBrief):
        return brief.page, brief.title, brief.findings, brief.module.name if brief.module else ""
    return brief.part, brief.repository, brief.readme, tuple(module.module.name for module in brief.modules)


def _shown(brief: SynthesizerBrief | EditorBrief) -> Iterator[tuple[Module | None, tuple[CitedStatement, ...]]]:
    if isinstance(brief, EditorBrief):
        yield brief.module, brief.statements
    else:
        yield from ((module.module, module.statements) for module in brief.modules)


def _statements(brief: SynthesizerBrief | EditorBrief) -> Mapping[str, set[CitedStatement]]:
    by_path: dict[str, set[CitedStatement]] = defaultdict(set)
    for _, statements in _shown(brief):
        for statement in statements:
            by_path[statement.path].add(statement)
    return dict(by_path)


def _items(brief: SynthesizerBrief | EditorBrief) -> Iterator[object]:
    """Everything that a brief shows, but for counts, which change with every file."""
    for module, statements in _shown(brief):
        yield from statements
        if module is not None:
            for kind in ("files", "depends_on", "external", "entry_points"):
                yield from ((module.name, kind, item) for item in getattr(module, kind))

"""Decides whether an earlier session's answer still stands although its question has changed a little.

An answer to the very same question costs nothing (agents/questions/remembered.py). A changed file changes the questions
about its module and about the whole, and most answers do not cite that file. Such a question is asked as it was asked
before, so that its answer is remembered; the answer is verified against the new snapshot all the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from pydantic import ValidationError

from agents import keys
from agents.contracts.asked import MOST_CHANGED, AskedQuestion, AskedQuestions, shown_in
from agents.contracts.draft import EditorBrief
from agents.contracts.synthesis import CitedStatement, SynthesizerBrief
from agents.errors import BlobMissing
from agents.ports import Ports

BriefT = TypeVar("BriefT", SynthesizerBrief, EditorBrief)


class EarlierQuestions:
    """What the session before has asked, and what this one asks: the record that the next session will compare with."""

    def __init__(self, role: str, model: str, instructions: str, before: tuple[AskedQuestion, ...] = ()) -> None:
        self._role = role
        self._model = model
        self._instructions = instructions
        self._before = {question.about: question for question in before}
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
    before = questions_of(previous, role, model, instructions, ports.blobs.read)
    return EarlierQuestions(role, model, instructions, before)


def questions_of(
    session_id: str, role: str, model: str, instructions: str, read: Callable[[str], bytes]
) -> tuple[AskedQuestion, ...]:
    """What a session asked in a role; nothing where it asked another model, or with other instructions.

    `read` gives a blob's bytes by its key and raises BlobMissing.
    """
    if not session_id:
        return ()
    try:
        record = AskedQuestions.model_validate_json(read(keys.questions(session_id, role)))
    except (BlobMissing, ValidationError):
        return ()
    return record.questions if (record.model, record.instructions) == (model, instructions) else ()


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


def _statements(brief: SynthesizerBrief | EditorBrief) -> Mapping[str, set[CitedStatement]]:
    by_path: dict[str, set[CitedStatement]] = defaultdict(set)
    for _, statements in shown_in(brief):
        for statement in statements:
            by_path[statement.path].add(statement)
    return dict(by_path)


def _items(brief: SynthesizerBrief | EditorBrief) -> Iterator[object]:
    """Everything that a brief shows, but for counts, which change with every file."""
    for module, statements in shown_in(brief):
        yield from statements
        if module is not None:
            for kind in ("files", "depends_on", "external", "entry_points"):
                yield from ((module.name, kind, item) for item in getattr(module, kind))

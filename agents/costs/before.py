"""Which questions of the session before are asked again after a change, so that an estimate counts no others. Pure.

The rules are those of agents/session/asked.py: an answer stands while the files that it cites are as they were, and
most of what its question showed.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from agents.contracts.asked import MOST_CHANGED, AskedQuestion
from agents.contracts.draft import EditorBrief
from agents.contracts.synthesis import CitedStatement, Module, SynthesizerBrief
from agents.costs.facts import FileCosts
from agents.costs.questions import (
    STATEMENT_IN_REPLY,
    ExpectedQuestions,
    frame,
    modules,
    of_critic,
    of_modules,
    of_review,
)
from agents.models.prices import CHARACTERS_PER_TOKEN
from agents.questions.limits import MOST_CHANGED_PAGES

#: What a new file adds to a question: its name and two statements. A changed one has two statements, before and after.
_A_NEW_FILE = 3
#: The critic's question about one page that was written anew: its new lines and its frame, in tokens.
_NEW_LINES = 200


@dataclass(frozen=True)
class SessionBefore:
    """The questions that the session before asked in each role whose model and instructions are still the same."""

    questions: Mapping[str, Sequence[AskedQuestion]] = field(default_factory=dict)

    def again(self, role: str, files: Collection[FileCosts]) -> ExpectedQuestions | None:
        """What a role asks now; None for an analyst, and where nothing is stored that could stand."""
        if role in {"security", "performance"} and any(self.questions.values()):
            return of_review(role, [file for file in files if file.fresh])
        if role == "critic" and self.questions.get("editor"):
            return self._critic(files)
        if not self.questions.get(role):
            return None
        again = (_expected(role, question) for question in self._stale(role, files))
        return sum(again, of_modules(role, self._in_new_modules(role, files)))

    def _critic(self, files: Collection[FileCosts]) -> ExpectedQuestions | None:
        """One question: about all pages where many were written anew, else about the new lines."""
        stale = len(self._stale("editor", files)) + len(modules(self._in_new_modules("editor", files)))
        if not stale and not any(file.fresh for file in files) and not self._removed(files):
            return ExpectedQuestions()
        whole = of_critic(files)
        new_lines = _NEW_LINES * (stale + 1)
        is_much = new_lines > MOST_CHANGED_PAGES * (whole.tokens_in - frame("critic"))
        if is_much or stale >= len(self.questions["editor"]):
            return None
        return ExpectedQuestions(1, frame("critic") + new_lines, whole.tokens_out)

    def _stale(self, role: str, files: Collection[FileCosts]) -> list[AskedQuestion]:
        """The questions that are asked again."""
        unchanged = {file.path for file in files if not file.fresh}
        fresh = [file.path for file in files if file.fresh]
        stale = [question for question in self.questions.get(role, ()) if not _stands(question, unchanged, fresh)]
        if role == "synthesizer":
            renewed = {question.about for question in stale}
            if self._in_new_modules(role, files):
                renewed.add("")  # the overview names each module
            return [question for question in self.questions.get(role, ()) if question.about in renewed]
        # A page shows what the synthesizer says of its module; the overview's title is the repository.
        merged = {question.about or _repository(question) for question in self._stale("synthesizer", files)}
        renewed = {question.about for question in stale}
        return [
            question for question in self.questions[role] if question.about in renewed or _subject(question) in merged
        ]

    def _in_new_modules(self, role: str, files: Collection[FileCosts]) -> list[FileCosts]:
        """The files of folders that no question was about."""
        folders = {posixpath.dirname(path) for path in self._paths(role)}
        return [file for file in files if file.fresh and posixpath.dirname(file.path) not in folders]

    def _removed(self, files: Collection[FileCosts]) -> bool:
        return not {file.path for file in files}.issuperset(self._paths("editor"))

    def _paths(self, role: str) -> Iterator[str]:
        for question in self.questions[role]:
            for module in _modules(question):
                yield from module.files
            yield from (statement.path for statement in _statements(question))


#: Nothing is stored: every question is asked.
NO_SESSION_BEFORE = SessionBefore()


def _stands(question: AskedQuestion, unchanged: Collection[str], fresh: Sequence[str]) -> bool:
    if any(path not in unchanged for path in question.cites):
        return False
    paths = [statement.path for statement in _statements(question)]
    described = list(_modules(question))
    stale = 2 * sum(path not in unchanged for path in paths)
    if len(described) == 1:  # a question about one module shows each of its files
        old = set(described[0].files)
        folders = {posixpath.dirname(path) for path in old}
        stale += _A_NEW_FILE * sum(path not in old and posixpath.dirname(path) in folders for path in fresh)
    items = len(paths) + sum(len(module.files) + len(module.depends_on) + len(module.external) for module in described)
    return stale <= MOST_CHANGED * (items + stale / 2)


def _statements(question: AskedQuestion) -> Iterator[CitedStatement]:
    if isinstance(question.brief, EditorBrief):
        yield from question.brief.statements
    else:
        yield from (statement for module in question.brief.modules for statement in module.statements)


def _modules(question: AskedQuestion) -> Iterator[Module]:
    if not isinstance(question.brief, EditorBrief):
        yield from (brief.module for brief in question.brief.modules)
    elif question.brief.module is not None:
        yield question.brief.module


def _repository(question: AskedQuestion) -> str:
    return question.brief.repository if isinstance(question.brief, SynthesizerBrief) else ""


def _subject(question: AskedQuestion) -> str:
    """The module or the repository that a page is about."""
    return question.brief.title if isinstance(question.brief, EditorBrief) else ""


def _expected(role: str, question: AskedQuestion) -> ExpectedQuestions:
    material = len(question.brief.model_dump_json(exclude_defaults=True)) / CHARACTERS_PER_TOKEN
    return ExpectedQuestions(1, frame(role) + material, max(1, len(question.cites)) * STATEMENT_IN_REPLY)

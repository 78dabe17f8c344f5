"""Which questions of the session before are asked again after a change, so that an estimate counts no others. Pure.

The rules are those of agents/session/asked.py: an answer stands while the files that it cites are as they were, and
most of what its question showed.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from agents.contracts.asked import MOST_CHANGED, AskedQuestion, shown_in
from agents.contracts.draft import EditorBrief
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


def asked_again(
    questions: Mapping[str, Sequence[AskedQuestion]], files: Collection[FileCosts]
) -> Mapping[str, ExpectedQuestions]:
    """What each role but the analyst asks now; a role of whose answers none could stand is left out.

    `questions` are those of the session before, by role, as far as the role's model and instructions are the same.
    """
    merged, written = (questions.get(role, ()) for role in ("synthesizer", "editor"))
    if not (merged or written):
        return {}
    change = _ChangedFiles(files)
    again = {role: of_review(role, change.fresh) for role in ("security", "performance")}
    subjects: set[str] = set()
    if merged:
        new = change.in_new_folders(merged)
        # The overview names each module.
        stale = [question for question in merged if (new and not question.about) or not change.leaves(question)]
        subjects = {_subject(question) for question in stale}
        again["synthesizer"] = _expected("synthesizer", stale, new)
    if written:
        new = change.in_new_folders(written)
        # A page shows what the synthesizer says of its module, or of all.
        stale = [question for question in written if _subject(question) in subjects or not change.leaves(question)]
        again["editor"] = _expected("editor", stale, new)
        judged = _judged(len(stale), len(modules(new)), written, change)
        again |= {"critic": judged} if judged is not None else {}
    return again


class _ChangedFiles:
    """What has become of the files since the session before."""

    def __init__(self, files: Collection[FileCosts]) -> None:
        self.files = files
        self.fresh = [file for file in files if file.fresh]
        self._unchanged = {file.path for file in files if not file.fresh}

    def leaves(self, question: AskedQuestion) -> bool:
        """Whether the question's answer stands."""
        if any(path not in self._unchanged for path in question.cites):
            return False
        parts = list(shown_in(question.brief))
        described = [module for module, _ in parts if module is not None]
        paths = [statement.path for _, statements in parts for statement in statements]
        stale = 2 * sum(path not in self._unchanged for path in paths)
        if len(described) == 1:  # a question about one module shows each of its files
            old = set(described[0].files)
            folders = _folders(old)
            stale += _A_NEW_FILE * sum(
                file.path not in old and posixpath.dirname(file.path) in folders for file in self.fresh
            )
        listed = sum(len(module.files) + len(module.depends_on) + len(module.external) for module in described)
        return stale <= MOST_CHANGED * (len(paths) + listed + stale / 2)

    def in_new_folders(self, questions: Iterable[AskedQuestion]) -> list[FileCosts]:
        """The fresh files of folders that no question was about."""
        folders = _folders(_paths(questions))
        return [file for file in self.fresh if posixpath.dirname(file.path) not in folders]

    def is_nothing(self, questions: Iterable[AskedQuestion]) -> bool:
        """Whether no file is fresh and none of those that the questions show is gone."""
        return not self.fresh and self._unchanged.issuperset(_paths(questions))


def _judged(stale: int, new: int, pages: Sequence[AskedQuestion], change: _ChangedFiles) -> ExpectedQuestions | None:
    """The critic's one question about the new lines; None where it judges all pages."""
    if not stale and not new and change.is_nothing(pages):
        return ExpectedQuestions()
    whole = of_critic(change.files)
    new_lines = _NEW_LINES * (stale + new + 1)
    is_much = new_lines > MOST_CHANGED_PAGES * (whole.tokens_in - frame("critic"))
    if is_much or stale + new >= len(pages):
        return None
    return ExpectedQuestions(1, frame("critic") + new_lines, whole.tokens_out)


def _paths(questions: Iterable[AskedQuestion]) -> Iterator[str]:
    """The files that the questions show."""
    for question in questions:
        for module, statements in shown_in(question.brief):
            yield from module.files if module is not None else ()
            yield from (statement.path for statement in statements)


def _folders(paths: Iterable[str]) -> set[str]:
    return {posixpath.dirname(path) for path in paths}


def _subject(question: AskedQuestion) -> str:
    """The module that a question is about, or the repository: the title of a page."""
    if isinstance(question.brief, EditorBrief):
        return question.brief.title
    return question.about or question.brief.repository


def _expected(role: str, stale: Iterable[AskedQuestion], new: Collection[FileCosts]) -> ExpectedQuestions:
    return sum((_question(role, question) for question in stale), of_modules(role, new))


def _question(role: str, question: AskedQuestion) -> ExpectedQuestions:
    material = len(question.brief.model_dump_json(exclude_defaults=True)) / CHARACTERS_PER_TOKEN
    return ExpectedQuestions(1, frame(role) + material, max(1, len(question.cites)) * STATEMENT_IN_REPLY)

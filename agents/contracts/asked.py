"""The questions of a session that later sessions compare theirs with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pydantic import Field

from agents.contracts.base import Contract, RepositoryPath
from agents.contracts.draft import EditorBrief
from agents.contracts.synthesis import CitedStatement, Module, SynthesizerBrief

#: So much of what a question shows may differ from the one that was answered; beyond it the model is asked anew. The
#: comparison is with the question that was really asked, so that small changes add up.
MOST_CHANGED: Final = 1 / 8


class AskedQuestion(Contract):
    """A question that has a verified answer, and the files that the answer cites."""

    about: str = Field(description="the part of the picture, or the page")
    brief: SynthesizerBrief | EditorBrief
    cites: tuple[RepositoryPath, ...] = ()


class AskedQuestions(Contract):
    """The questions of one role in a session."""

    model: str
    instructions: str = Field(description="fingerprint of the role's instructions")
    questions: tuple[AskedQuestion, ...] = ()


def shown_in(brief: SynthesizerBrief | EditorBrief) -> Iterator[tuple[Module | None, tuple[CitedStatement, ...]]]:
    """What a question shows: its modules, each with its statements; a page of no module has statements alone."""
    if isinstance(brief, EditorBrief):
        yield brief.module, brief.statements
    else:
        yield from ((module.module, module.statements) for module in brief.modules)

"""The questions of a session that later sessions compare theirs with."""

from __future__ import annotations

from pydantic import Field

from agents.contracts.base import Contract, RepositoryPath
from agents.contracts.draft import EditorBrief
from agents.contracts.synthesis import SynthesizerBrief


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

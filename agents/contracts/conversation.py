"""The conversation of a session with its models: one turn a question."""

from __future__ import annotations

from pydantic import Field

from agents.contracts.base import Contract
from agents.contracts.usage import Usage


class Turn(Contract):
    """One question to a model and its answer, as the session's conversation keeps it."""

    role: str
    model: str
    instructions: str = Field(description="fingerprint of the role's instructions")
    question: str = Field(description="hash of all that was asked: equal questions are one turn")
    asked_at: int = Field(description="seconds since 1970")
    usage: Usage
    body: str = Field(default="", description="key of the blob that holds the messages and the reply")

"""The conversation of a session with its models: one turn a question."""

from __future__ import annotations

from collections.abc import Callable

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
    body: str = Field(
        default="",
        description="key of the blob that holds the messages and the reply; `#first-end` behind it are the turn's bytes"
        " where a blob holds several turns",
    )

    def text(self, read: Callable[[str], bytes]) -> bytes:
        """The messages and the reply, JSON. Raises what `read` raises, which gives the bytes of a key."""
        key, _, place = self.body.partition("#")
        first, _, end = place.partition("-")
        return read(key)[int(first) : int(end)] if place else read(key)


def body_in(key: str, first: int, end: int) -> str:
    """A turn's `body` where its bytes are those from `first` to `end` of a blob."""
    return f"{key}#{first}-{end}"

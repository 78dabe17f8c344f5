"""The trail of a stack's releases: who promoted what, and when it was gone back. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

#: `promoted`: a stack's release was prepared here. `passed-on`: the stack's own release was promoted to another stack.
#: `rolled-back`: the stack went back to this release.
TrailEvent = Literal["promoted", "passed-on", "rolled-back"]


class TrailEntry(BaseModel):
    """One entry. `before` is the release that the stack ran, `at` milliseconds since 1970, `by` an ARN."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    event: TrailEvent
    release: str
    before: str = ""
    other_stack: str = ""
    at: int
    by: str = ""
    container_image: str = ""
    contract_version: int = Field(default=0, ge=0)


def read_trail(texts: Iterable[str]) -> tuple[TrailEntry, ...]:
    """The entries, in the order of the texts."""
    return tuple(TrailEntry.model_validate_json(text) for text in texts)


def last_promoted(trail: Sequence[TrailEntry]) -> str | None:
    """The release that was last promoted out of this stack."""
    return next((entry.release for entry in reversed(trail) if entry.event == "passed-on"), None)


def former(trail: Sequence[TrailEntry], running: str) -> TrailEntry | None:
    """The entry of the release that the stack ran before the running one; None if the trail knows none.

    A release that was gone back from is passed over: a second rollback goes one further.
    """
    history: list[TrailEntry] = []
    for entry in trail:
        if entry.event == "promoted" and (not history or history[-1].release != entry.release):
            history.append(entry)
        elif entry.event == "rolled-back":
            while history and history[-1].release != entry.release:
                history.pop()
    while history and history[-1].release != running:
        history.pop()
    return history[-2] if len(history) > 1 else None


def newest_contract(trail: Sequence[TrailEntry]) -> int:
    """The newest version of stored contracts that a release on this stack has written."""
    return max((entry.contract_version for entry in trail if entry.event == "promoted"), default=0)

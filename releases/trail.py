"""The trail of a stack's releases: who promoted what, and when it was gone back. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agents.contracts.trail import JUDGED, TrailEntry

__all__ = [
    "JUDGED",
    "TrailEntry",
    "canary_version",
    "former",
    "judged_version",
    "last_promoted",
    "newest_contract",
    "read_trail",
]


def read_trail(texts: Iterable[str]) -> tuple[TrailEntry, ...]:
    """The entries, in the order of the texts."""
    return tuple(TrailEntry.model_validate_json(text) for text in texts)


def last_promoted(trail: Sequence[TrailEntry]) -> str | None:
    """The release that was last promoted out of this stack."""
    return next((entry.release for entry in reversed(trail) if entry.event == "passed-on"), None)


def former(trail: Sequence[TrailEntry], running: str) -> TrailEntry | None:
    """The entry of the release that the stack ran before the running one; None if the trail knows none.

    A release that was gone back from is passed over: a second rollback goes one further. So is one that another
    canary took the place of, before it got every session.
    """
    history: list[TrailEntry] = []
    for entry in trail:
        if entry.event == "promoted" and (not history or history[-1].release != entry.release):
            history.append(entry)
        elif entry.event in {"rolled-back", "went-back"}:
            _go_back(history, entry.release)
        elif entry.event == "canary-began" and entry.before in {each.release for each in history}:
            begun = [each for each in history if each.release == entry.release][-1:]
            _go_back(history, entry.before)
            history += begun if entry.release != entry.before else []
    _go_back(history, running)
    return history[-2] if len(history) > 1 else None


def judged_version(trail: Sequence[TrailEntry]) -> int:
    """The newest version of the state machine about which a canary or a person has decided; 0 if there is none."""
    return max((entry.version for entry in trail if entry.event in JUDGED), default=0)


def canary_version(trail: Sequence[TrailEntry]) -> int:
    """The version that a canary of this stack began with last; 0 if it was decided about since, or never began."""
    begun = next((entry.version for entry in reversed(trail) if entry.event == "canary-began"), 0)
    return begun if begun > judged_version(trail) else 0


def newest_contract(trail: Sequence[TrailEntry]) -> int:
    """The newest version of stored contracts that a release on this stack has written."""
    return max((entry.contract_version for entry in trail if entry.event == "promoted"), default=0)


def _go_back(history: list[TrailEntry], release: str) -> None:
    while history and history[-1].release != release:
        history.pop()

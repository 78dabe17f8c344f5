"""The model calls of the state that this process works on: a process works on one call of a state at a time."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from agents.contracts.usage import Usage


@dataclass(frozen=True)
class ModelCall:
    """One request to a model: no text of it. Times are seconds since 1970; `error` is a class name, or empty."""

    role: str
    model: str
    started: float
    ended: float
    usage: Usage
    error: str = ""


_LOCK = threading.Lock()
_CALLS: list[ModelCall] = []


def record(call: ModelCall) -> None:
    """Remember a call until the state ends; from any thread."""
    with _LOCK:
        _CALLS.append(call)


def take() -> tuple[ModelCall, ...]:
    """The calls since the last time that somebody took them."""
    with _LOCK:
        calls = tuple(_CALLS)
        _CALLS.clear()
    return calls

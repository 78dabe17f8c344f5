"""The model calls of the state that this process works on: a process works on one call of a state at a time."""

from __future__ import annotations

import threading

from agents.signals.spans import ModelCall

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

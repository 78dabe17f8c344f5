"""What tests of the Fargate shell share: a process that stays, and keeps its own way to end."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from agents.shells import heartbeat, interruption


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The codes that would have ended the process."""
    codes: list[int] = []
    monkeypatch.setattr(heartbeat, "end_at_once", codes.append)
    monkeypatch.setattr(interruption, "end_at_once", codes.append)
    return codes

"""One batch performed by the Fargate shell, whose work a test chooses."""

from __future__ import annotations

import pytest

from agents.contracts.states import AnalyseBatchOutput
from agents.shells import fargate_task
from agents.shells.fargate_task import perform
from tests.agents.fakes import SESSION_ID, FakeCallback, fake_ports, settings
from tests.agents.waiting import wait_until

POINTER = f"{SESSION_ID}/b00000"
OUTPUT = AnalyseBatchOutput(batch_id="b00000", analysed=1, gaps=0)


def working(
    monkeypatch: pytest.MonkeyPatch, result: AnalyseBatchOutput | Exception, callback: FakeCallback | None = None
) -> None:
    """The state's work, which takes until the callback has had a beat."""

    def run_state(*_: object) -> AnalyseBatchOutput:
        if callback is not None:
            wait_until(lambda: callback.beats > 0)
        if isinstance(result, Exception):
            raise result
        return result

    monkeypatch.setattr(fargate_task, "run_state", run_state)


def batch(callback: FakeCallback | None) -> int:
    return perform(POINTER, fake_ports(), settings("AnalyseBatch"), callback)

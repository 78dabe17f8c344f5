"""Recorded execution histories, in the shapes of GetExecutionHistory: one with two drafts, one that its scan ended."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

START = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
SESSION_ID = "s" + "0a" * 10
SESSION = {"session_id": SESSION_ID, "opening": "opened", "scan_route": "lambda"}


class Recorder:
    """Writes events one after the other, as Step Functions does."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self._start("ExecutionStarted", 0.0, executionStartedEventDetails={"input": '{"detail": {}}', "roleArn": "r"})

    def _start(self, kind: str, seconds: float, **details: object) -> None:
        number = len(self.events) + 1
        moment = START + timedelta(seconds=seconds)
        event = {"timestamp": moment, "type": kind, "id": number, "previousEventId": number - 1, **details}
        self.events.append(event)

    def enter(self, state: str, seconds: float, state_input: str = "{}") -> None:
        details = {"name": state, "input": state_input, "inputDetails": {"truncated": False}}
        self._start("TaskStateEntered", seconds, stateEnteredEventDetails=details)

    def leave(self, state: str, seconds: float, output: object = None) -> None:
        details = {"name": state, "output": json.dumps(output or {}), "outputDetails": {"truncated": False}}
        self._start("TaskStateExited", seconds, stateExitedEventDetails=details)

    def stay(self, state: str, since: float, until: float, output: object = None) -> None:
        self.enter(state, since)
        self.leave(state, until, output)

    def succeed(self, seconds: float) -> None:
        self._start("ExecutionSucceeded", seconds, executionSucceededEventDetails={"output": "{}"})

    def redrive(self, seconds: float) -> None:
        self._start("ExecutionRedriven", seconds, executionRedrivenEventDetails={"redriveCount": 1})

    def fail(self, seconds: float, error: str, cause: str) -> None:
        self._start("ExecutionFailed", seconds, executionFailedEventDetails={"error": error, "cause": cause})


def published() -> list[dict[str, Any]]:
    """A session that was documented, reviewed, written twice and published, in 20 seconds."""
    known: dict[str, Any] = {"session": SESSION}
    recorder = Recorder()
    recorder.stay("OpenSession", 0.5, 1.0, known)
    recorder.stay("Scan", 1.0, 3.0, known)
    known = {**known, "plan": {"plan_key": "sessions/x/plan.json", "batches": "12"}}
    recorder.stay("LoadPlan", 3.0, 3.25, known)
    recorder.stay("AnalyseFiles", 3.25, 9.25, known)
    recorder.enter("ReviewRepository", 9.25)
    recorder.enter("SecurityAgent", 9.25)
    recorder.enter("PerformanceAgent", 9.5)
    recorder.leave("PerformanceAgent", 10.5, {"reviewed": True, "findings": 4})
    recorder.leave("SecurityAgent", 11.25, {"reviewed": True, "findings": 3})
    reviews = {"security": {"reviewed": True, "findings": 3}, "performance": {"reviewed": True, "findings": 4}}
    known = {**known, "reviews": reviews}
    recorder.leave("ReviewRepository", 11.25, known)
    recorder.stay("Edit", 11.25, 13.25, known)
    recorder.stay("Critique", 13.25, 14.25, known)
    recorder.stay("Edit", 14.25, 15.25, known)
    recorder.stay("Critique", 15.25, 16.0, {**known, "padding": "ü" * 2000})
    recorder.stay("Publish", 16.0, 19.5, known)
    recorder.stay("CloseSession", 19.5, 19.75, known)
    recorder.succeed(20.0)
    return recorder.events


def failed_in_scan(error: str = "RepositoryEmpty", message: str = "nothing in it can be read") -> list[dict[str, Any]]:
    """A session that its scan has ended."""
    recorder = Recorder()
    recorder.stay("OpenSession", 0.5, 1.0, {"session": SESSION})
    recorder.enter("Scan", 1.0)
    cause = json.dumps({"errorMessage": message, "errorType": error, "stackTrace": ["  File ..."]})
    recorder.fail(4.0, error, cause)
    return recorder.events

"""The attempts at batches: from the result files of map runs and the histories of their child executions. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agents.text.causes import readable_cause

#: States of a child that do a batch's work: the others only choose, or write down a loss.
WORKING_STATES = frozenset({"AnalyseBatch", "AnalyseOversizedBatch", "AnalyseOnDemand"})
_STARTED, _ENDED = "TaskScheduled", ("TaskFailed", "TaskTimedOut", "TaskSubmitFailed", "TaskStartFailed")
_CAUSE = 2_000


@dataclass(frozen=True)
class Attempt:
    """One attempt at a batch; `began_at` and `ended_at` are seconds since 1970, 0 where they are not known."""

    state: str
    began_at: float = 0.0
    ended_at: float = 0.0
    error: str = ""
    cause: str = ""


@dataclass(frozen=True)
class ChildExecution:
    """The execution of one batch, as the map run's ResultWriter wrote it down."""

    batch_id: str
    execution: str
    status: str
    began_at: float
    ended_at: float
    error: str = ""
    cause: str = ""


def result_files(manifest: bytes) -> list[str]:
    """The keys of a map run's result files, from its manifest."""
    by_status: Mapping[str, Sequence[Mapping[str, Any]]] = json.loads(manifest)["ResultFiles"]
    return [str(file["Key"]) for files in by_status.values() for file in files]


def children_in(results: bytes) -> list[ChildExecution]:
    """The child executions of one result file; one whose input names no batch is left out."""
    children = []
    for child in json.loads(results):
        batch_id = _batch_of(child.get("Input"))
        if batch_id:
            children.append(
                ChildExecution(
                    batch_id=batch_id,
                    execution=str(child.get("ExecutionArn", "")),
                    status=str(child.get("Status", "")),
                    began_at=_seconds(child.get("StartDate")),
                    ended_at=_seconds(child.get("StopDate")),
                    error=str(child.get("Error") or ""),
                    cause=_readable(child.get("Cause")),
                )
            )
    return children


def attempts_in(events: Iterable[Mapping[str, Any]]) -> list[Attempt]:
    """Each attempt of a child execution's history, in order; one without an end was being made when it was read."""
    attempts: list[Attempt] = []
    state, began = "", 0.0
    for event in events:
        kind = event["type"]
        if kind == "TaskStateEntered":
            state = str(event["stateEnteredEventDetails"]["name"])
        if state not in WORKING_STATES:
            continue
        if kind == _STARTED:
            began = _seconds(event["timestamp"])
            attempts.append(Attempt(state, began))
        elif kind in _ENDED and attempts:
            details: Mapping[str, Any] = event.get(f"{kind[0].lower()}{kind[1:]}EventDetails", {})
            error = str(details.get("error") or ("States.Timeout" if kind == "TaskTimedOut" else kind))
            attempts[-1] = Attempt(state, began, _seconds(event["timestamp"]), error, _readable(details.get("cause")))
        elif kind == "TaskSucceeded" and attempts:
            attempts[-1] = Attempt(state, began, _seconds(event["timestamp"]))
    return attempts


def _batch_of(text: object) -> str:
    """The batch that a child was started for: its input is JSON text, in older result files an object."""
    try:
        given = json.loads(text) if isinstance(text, str) else text
    except ValueError:
        return ""
    return str(given.get("batch_id", "")) if isinstance(given, dict) else ""


def _readable(cause: object) -> str:
    return readable_cause(str(cause or ""))[:_CAUSE]


def _seconds(stamp: object) -> float:
    if isinstance(stamp, datetime):
        return stamp.timestamp()
    try:
        return datetime.fromisoformat(str(stamp)).timestamp()
    except ValueError:
        return 0.0

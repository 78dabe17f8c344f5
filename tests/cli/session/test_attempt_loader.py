"""A deployed session's attempts: from result files and child histories, page by page; what is missing is named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from agents import keys
from agents.contracts.session import BatchOutcome, LostBatch
from agents.contracts.snapshot import Gap, Route
from cli.session.attempt_loader import MOST_HISTORIES, BatchRecords, load_attempts
from cli.session.batch_attempts import Attempt, attempts_in, children_in
from tests.agents.fakes import MemoryBlobs

START = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
EXECUTION = "arn:aws:states:eu-west-1:123456789012:execution:swarm-dev-documentation:parent"
MAP_RUN = "arn:aws:states:eu-west-1:123456789012:mapRun:swarm-dev-documentation/AnalyseFiles:one"
EVENTS = [{"type": "MapRunStarted", "mapRunStartedEventDetails": {"mapRunArn": MAP_RUN}}]
NOTHING = BatchRecords((), (), ())


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def child(batch_id: str, status: str = "SUCCEEDED", **more: str) -> dict[str, Any]:
    """An entry of a result file, as the documentation of ResultWriter shows it."""
    return {
        "ExecutionArn": f"arn:child:{batch_id}",
        "Input": json.dumps({"session_id": "s", "batch_id": batch_id}),
        "Name": "uuid",
        "StartDate": "2026-03-01T09:30:05.000Z",
        "StopDate": "2026-03-01T09:30:09.500Z",
        "Status": status,
        **more,
    }


def entered(state: str, seconds: float) -> dict[str, Any]:
    return {"type": "TaskStateEntered", "timestamp": at(seconds), "stateEnteredEventDetails": {"name": state}}


def failed(seconds: float, error: str, cause: str) -> dict[str, Any]:
    return {"type": "TaskFailed", "timestamp": at(seconds), "taskFailedEventDetails": {"error": error, "cause": cause}}


def plain(kind: str, seconds: float) -> dict[str, Any]:
    return {"type": kind, "timestamp": at(seconds)}


ESCALATED = [
    entered("AnalyseBatch", 1),
    plain("TaskScheduled", 1),
    failed(2, "Lambda.TooManyRequestsException", "busy"),
    plain("TaskScheduled", 7),
    failed(9, "Runtime.OutOfMemory", "full"),
    entered("AnalyseOversizedBatch", 9),
    plain("TaskScheduled", 9),
    plain("TaskTimedOut", 30),
    entered("RecordGap", 30),
    plain("TaskScheduled", 30),
    plain("TaskSucceeded", 31),
]


class Histories:
    """Step Functions with the histories of children, two events a page."""

    def __init__(self, **histories: list[dict[str, Any]]) -> None:
        self.histories = histories
        self.read: list[str] = []

    def get_paginator(self, operation: str) -> Histories:
        assert operation == "get_execution_history"
        return self

    def paginate(self, executionArn: str) -> Iterator[dict[str, Any]]:  # noqa: N803  boto3's name
        batch_id = executionArn.rpartition(":")[2]
        self.read.append(batch_id)
        if batch_id not in self.histories:
            raise ClientError({"Error": {"Code": "ExecutionDoesNotExist"}}, "GetExecutionHistory")
        events = self.histories[batch_id]
        yield from ({"events": events[place : place + 2]} for place in range(0, len(events), 2))

    def describe_map_run(self, mapRunArn: str) -> dict[str, Any]:  # noqa: N803  boto3's name
        assert mapRunArn == MAP_RUN
        counts = {"total": 9, "succeeded": 3, "failed": 1, "timedOut": 0, "aborted": 0}
        return {"status": "RUNNING", "itemCounts": counts}


def written(*files: list[dict[str, Any]]) -> MemoryBlobs:
    blobs = MemoryBlobs()
    names = [f"map-runs/parent/one/SUCCEEDED_{number}.json" for number in range(len(files))]
    listed = [{"Key": name, "Size": 1} for name in names]
    manifest = {"ResultFiles": {"FAILED": [], "PENDING": [], "SUCCEEDED": listed}}
    blobs.blobs[keys.map_run_results("parent", "one")] = json.dumps(manifest).encode()
    blobs.blobs |= {name: json.dumps(file).encode() for name, file in zip(names, files, strict=True)}
    return blobs


def test_each_retry_and_each_escalation_is_an_attempt() -> None:
    tries = attempts_in(ESCALATED)
    assert [(made.state, made.error) for made in tries] == [
        ("AnalyseBatch", "Lambda.TooManyRequestsException"),
        ("AnalyseBatch", "Runtime.OutOfMemory"),
        ("AnalyseOversizedBatch", "States.Timeout"),
    ]
    assert [made.ended_at - made.began_at for made in tries] == [1, 2, 21]


def test_an_attempt_that_is_being_made_has_no_end() -> None:
    [made] = attempts_in([entered("AnalyseBatch", 1), plain("TaskScheduled", 1)])
    assert made == Attempt("AnalyseBatch", at(1).timestamp())


@pytest.mark.parametrize("given", ["null", "not JSON", json.dumps({"other": 1})])
def test_a_child_that_names_no_batch_is_left_out(given: str) -> None:
    assert children_in(json.dumps([{**child("b00000"), "Input": given}]).encode()) == []


def test_only_batches_with_trouble_cost_a_call() -> None:
    gap = Gap(path="a.py", reason="FileUnparseable", detail="")
    outcomes = (
        BatchOutcome(batch_id="b00000", route=Route.LAMBDA, analysed=1),
        BatchOutcome(batch_id="b00001", route=Route.LAMBDA, analysed=1, gaps=(gap,)),
    )
    states = Histories(b00001=ESCALATED)
    blobs = written([child("b00000")], [child("b00001")])
    attempts, unread = load_attempts(states, blobs, EXECUTION, EVENTS, BatchRecords((), outcomes, ()))
    assert states.read == ["b00001"]
    assert attempts["b00000"] == [Attempt("", at(5).timestamp(), at(9.5).timestamp())]
    assert len(attempts["b00001"]) == 3
    assert unread == []


def test_a_history_that_is_gone_is_named_and_the_last_attempt_remains() -> None:
    lost = LostBatch(batch_id="b00000", error="ModelReplyInvalid", cause="")
    records = BatchRecords((), (), (lost,))
    attempts, unread = load_attempts(Histories(), written([child("b00000")]), EXECUTION, EVENTS, records)
    assert len(attempts["b00000"]) == 1
    assert unread == ["The history of batch b00000's own execution is gone, or may not be read"]


def test_a_map_run_that_is_still_running_says_how_far_it_is() -> None:
    attempts, unread = load_attempts(Histories(), MemoryBlobs(), EXECUTION, EVENTS, NOTHING)
    assert attempts == {}
    assert unread == ["The map run's result files cannot be read: it is RUNNING, and 4 of 9 batches have ended"]


def test_very_many_troubled_batches_do_not_use_up_the_accounts_calls() -> None:
    names = [f"b{number:05d}" for number in range(MOST_HISTORIES + 5)]
    states = Histories(**dict.fromkeys(names, ESCALATED))
    blobs = written([child(name, "FAILED", Error="GapUnrecorded") for name in names])
    attempts, unread = load_attempts(states, blobs, EXECUTION, EVENTS, NOTHING)
    assert len(states.read) == MOST_HISTORIES
    assert [made.error for made in attempts[names[-1]]] == ["GapUnrecorded"]
    assert unread[0].startswith("105 batches had trouble")

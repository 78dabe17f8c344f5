"""Reads what became of a session's batches, attempt by attempt, from S3 and Step Functions; names what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from agents import keys
from agents.aws.failures import code_of
from agents.contracts.session import BatchOutcome, LostBatch
from agents.contracts.snapshot import PlannedBatch
from agents.errors import BlobMissing
from agents.ports import BlobStore
from cli.session.batch_attempts import Attempt, ChildExecution, attempts_in, children_in, result_files
from cli.session.execution_history import Event

#: GetExecutionHistory is shared by everyone in the account, and most batches have one attempt that their item tells.
MOST_HISTORIES = 100
_GONE = frozenset({"ExecutionDoesNotExist", "ResourceNotFound", "AccessDeniedException"})


@dataclass(frozen=True)
class BatchRecords:
    """What the session's store says of its batches."""

    planned: Sequence[PlannedBatch]
    outcomes: Sequence[BatchOutcome]
    lost: Sequence[LostBatch]

    @property
    def troubled(self) -> set[str]:
        """Batches that were lost, have gaps, or ended on another route than the planned one."""
        routes = {batch.batch_id: batch.route for batch in self.planned}
        moved = {done.batch_id for done in self.outcomes if routes.get(done.batch_id, done.route) is not done.route}
        return moved | {done.batch_id for done in self.outcomes if done.gaps} | {lost.batch_id for lost in self.lost}


def load_attempts(
    states: Any, blobs: BlobStore, execution: str, events: Sequence[Event], records: BatchRecords
) -> tuple[dict[str, list[Attempt]], list[str]]:
    """The attempts by batch, and a sentence for each part that could not be read; `execution` is the session's ARN."""
    unread: list[str] = []
    children: dict[str, ChildExecution] = {}
    for map_run in map_runs(events):
        children |= {child.batch_id: child for child in _children(states, blobs, execution, map_run, unread)}
    attempts = {batch_id: [_as_attempt(child)] for batch_id, child in children.items() if child.began_at}
    troubled = records.troubled | {child.batch_id for child in children.values() if child.error}
    known = sorted(batch_id for batch_id in troubled if batch_id in children)
    if len(known) > MOST_HISTORIES:
        unread.append(
            f"{len(known):,} batches had trouble: each attempt was read for {MOST_HISTORIES} of them, for the others"
            " the last one"
        )
    for batch_id in known[:MOST_HISTORIES]:
        made = attempts_in(_history(states, children[batch_id].execution))
        if made:
            attempts[batch_id] = made
        else:
            unread.append(f"The history of batch {batch_id}'s own execution is gone, or may not be read")
    return attempts, unread


def map_runs(events: Iterable[Event]) -> list[str]:
    """The ARNs of the map runs that an execution started, one for each wave of batches."""
    started = [event["mapRunStartedEventDetails"]["mapRunArn"] for event in events if event["type"] == "MapRunStarted"]
    return list(dict.fromkeys(started))


def _children(
    states: Any, blobs: BlobStore, execution: str, map_run: str, unread: list[str]
) -> Sequence[ChildExecution]:
    try:
        manifest = blobs.read(keys.map_run_results(execution.rpartition(":")[2], map_run.rpartition(":")[2]))
        files = result_files(manifest)
        if not files:
            unread.append("The map run has no result files, as on a laptop: of each batch its last attempt is known")
        return [child for key in files for child in children_in(blobs.read(key))]
    except (BlobMissing, ValueError, KeyError):
        unread.append(f"The map run's result files cannot be read: {_progress(states, map_run)}")
        return []


def _progress(states: Any, map_run: str) -> str:
    """How far a map run without result files is, as DescribeMapRun says."""
    try:
        described = states.describe_map_run(mapRunArn=map_run)
    except ClientError as error:
        return f"AWS answers {code_of(error)}"
    counts: Mapping[str, int] = described["itemCounts"]
    ended = sum(counts[name] for name in ("succeeded", "failed", "timedOut", "aborted"))
    return f"it is {described['status']}, and {ended:,} of {counts['total']:,} batches have ended"


def _history(states: Any, execution: str) -> Sequence[Event]:
    try:
        pages = states.get_paginator("get_execution_history").paginate(executionArn=execution)
        return [event for page in pages for event in page["events"]]
    except ClientError as error:
        if code_of(error) in _GONE:
            return []
        raise


def _as_attempt(child: ChildExecution) -> Attempt:
    return Attempt("", child.began_at, child.ended_at, child.error, child.cause)

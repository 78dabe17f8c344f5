"""Gathers what a finished session left in the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import TypeAdapter, ValidationError

from agents import keys
from agents.contracts.ladder import BUDGET_USED_UP
from agents.contracts.review import Review
from agents.contracts.session import SessionRecord, SessionStatus
from agents.contracts.snapshot import Manifest, ManifestEntry, PlannedBatch
from agents.contracts.structure import Topic
from agents.errors import BlobMissing
from cli import history, outcome
from cli.history import Event
from cli.outcome import Outcome
from cli.stack import Stack
from cli.watch import Ended

_PLAN = TypeAdapter(tuple[PlannedBatch, ...])


def outcome_of(stack: Stack, ended: Ended, repository: str) -> Outcome:
    """What an execution of our own came to; its history is archived for runs that find the session done."""
    session_id = ended.standing.session_id
    record = _record(stack, session_id)
    if ended.status == "SUCCEEDED" and record is not None:
        finished = outcome.completed(record, ended.events)
    else:
        finished = outcome.failed(record, ended.events, repository, stack.model, stack.release, stack.cap_usd)
    if session_id:
        stack.blobs.write(keys.history(session_id), history.as_json(ended.events).encode())
    return _with_documents(stack, finished, ended.events)


def earlier_outcome(stack: Stack, ended: Ended, status: SessionStatus, repository: str) -> Outcome:
    """What the session came to, which another execution has worked on."""
    session_id = ended.standing.session_id
    try:
        events: Sequence[Event] = history.from_json(stack.blobs.read(keys.history(session_id)))
    except (BlobMissing, ValueError, KeyError):  # it ended before its command line could archive it
        events = ()
    record = _record(stack, session_id)
    if record is None or status is SessionStatus.FAILED:
        told = events or ended.events
        finished = outcome.failed(record, told, repository, stack.model, stack.release, stack.cap_usd)
    else:
        finished = outcome.completed(record, events)
    return _with_documents(stack, finished, events, duplicate=True)


def _record(stack: Stack, session_id: str) -> SessionRecord | None:
    try:
        return SessionRecord.model_validate_json(stack.blobs.read(keys.record(session_id)))
    except (BlobMissing, ValidationError):
        return None


def _with_documents(stack: Stack, record: SessionRecord, events: Sequence[Event], duplicate: bool = False) -> Outcome:
    session_id = record.session_id
    batches = stack.store.batches(session_id)[0] if session_id else ()
    return Outcome(
        record,
        events,
        batches,
        _planned(stack, session_id),
        _entries(stack, session_id),
        tuple(_reviews(stack, session_id)),
        duplicate,
        stack.store.steps(session_id) if session_id else (),
    )


def _reviews(stack: Stack, session_id: str) -> Iterator[Review]:
    for topic in Topic:
        try:
            yield Review.model_validate_json(stack.blobs.read(keys.review(session_id, topic.value)))
        except (BlobMissing, ValidationError):
            continue


def _planned(stack: Stack, session_id: str) -> tuple[PlannedBatch, ...]:
    try:
        return _PLAN.validate_json(stack.blobs.read(keys.plan(session_id)))
    except (BlobMissing, ValidationError):
        return ()


def _entries(stack: Stack, session_id: str) -> tuple[ManifestEntry, ...]:
    try:
        manifest = Manifest.model_validate_json(stack.blobs.read(keys.manifest(session_id)))
        unpaid = [path for outcome in stack.store.batches(session_id)[0] for path in outcome.unpaid]
        return manifest.with_unpaid(unpaid, BUDGET_USED_UP).entries
    except (BlobMissing, ValidationError):
        return ()

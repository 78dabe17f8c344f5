"""Gathers what a finished session left in the store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from pydantic import ValidationError

from agents import keys
from agents.contracts.base import Contract
from agents.contracts.ladder import BUDGET_USED_UP
from agents.contracts.reruns import Reruns
from agents.contracts.review import Review
from agents.contracts.session import SessionRecord, SessionStatus
from agents.contracts.snapshot import Manifest
from agents.contracts.structure import Topic
from agents.errors import BlobMissing
from cli.session import execution_history as history
from cli.session import run_outcome
from cli.session.execution_history import Event
from cli.session.execution_watch import EndedExecution
from cli.session.run_outcome import RunOutcome
from cli.stack.clients import Stack

_ContractT = TypeVar("_ContractT", bound=Contract)


def outcome_of(stack: Stack, ended: EndedExecution, repository: str) -> RunOutcome:
    """What an execution of our own came to; its history is archived for runs that find the session done."""
    session_id = ended.state.session_id
    record = _record(stack, session_id)
    if ended.status == "SUCCEEDED" and record is not None:
        finished = run_outcome.completed(record, ended.events)
    else:
        finished = run_outcome.failed(record, ended.events, repository, stack.model, stack.release, stack.cap_usd)
    if session_id:
        stack.blobs.write(keys.history(session_id), history.as_json(ended.events).encode())
    return _with_documents(stack, finished, ended.events)


def earlier_outcome(stack: Stack, ended: EndedExecution, status: SessionStatus, repository: str) -> RunOutcome:
    """What the session came to, which another execution has worked on."""
    session_id = ended.state.session_id
    try:
        events: Sequence[Event] = history.from_json(stack.blobs.read(keys.history(session_id)))
    except (BlobMissing, ValueError, KeyError):  # it ended before its command line could archive it
        events = ()
    record = _record(stack, session_id)
    if record is None or status is SessionStatus.FAILED:
        known_events = events or ended.events
        finished = run_outcome.failed(record, known_events, repository, stack.model, stack.release, stack.cap_usd)
    else:
        finished = run_outcome.completed(record, events)
    return _with_documents(stack, finished, events, duplicate=True)


def _record(stack: Stack, session_id: str) -> SessionRecord | None:
    try:
        return SessionRecord.model_validate_json(stack.blobs.read(keys.record(session_id)))
    except (BlobMissing, ValidationError):
        return None


def _with_documents(
    stack: Stack, record: SessionRecord, events: Sequence[Event], duplicate: bool = False
) -> RunOutcome:
    session_id = record.session_id
    if session_id:
        record = run_outcome.with_spending(record, stack.store.spending(session_id))
    batches = stack.store.batches(session_id)[0] if session_id else ()
    manifest = _stored(stack, keys.manifest(session_id), Manifest)
    return RunOutcome(
        record,
        events,
        batches,
        manifest.batches if manifest else (),
        manifest.with_unpaid([path for one in batches for path in one.unpaid], BUDGET_USED_UP).entries
        if manifest
        else (),
        tuple(review for topic in Topic if (review := _stored(stack, keys.review(session_id, topic.value), Review))),
        _stored(stack, keys.reruns(session_id), Reruns),
        duplicate,
        stack.store.steps(session_id) if session_id else (),
    )


def _stored(stack: Stack, key: str, kind: type[_ContractT]) -> _ContractT | None:
    """The document, if it is there and can be read."""
    try:
        return kind.model_validate_json(stack.blobs.read(key))
    except (BlobMissing, ValidationError):
        return None

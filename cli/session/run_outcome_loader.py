"""Gathers what a finished session left in the store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from pydantic import ValidationError

from agents import keys
from agents.contracts.base import Contract
from agents.contracts.draft import LAST_REVISION, Critique
from agents.contracts.ladder import as_it_came_out
from agents.contracts.reruns import Reruns
from agents.contracts.review import Review
from agents.contracts.session import Session, SessionRecord, SessionStatus
from agents.contracts.snapshot import Manifest
from agents.contracts.structure import Topic
from agents.errors import BlobMissing, SessionUnknown
from cli.session import execution_history as history
from cli.session import run_outcome
from cli.session.attempt_loader import BatchRecords, load_attempts
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
        finished = _failed(stack, record, ended.events, repository)
    if session_id:
        stack.blobs.write(keys.history(session_id), history.as_json(ended.events).encode())
    return _with_documents(stack, finished, ended.events)


def earlier_outcome(stack: Stack, ended: EndedExecution, status: SessionStatus, repository: str) -> RunOutcome:
    """What the session came to, which another execution has worked on."""
    session_id = ended.state.session_id
    events = archived_events(stack, session_id)
    record = _record(stack, session_id)
    if record is None or status is SessionStatus.FAILED:
        finished = _failed(stack, record, events or ended.events, repository)
    else:
        finished = run_outcome.completed(record, events)
    return _with_documents(stack, finished, events, duplicate=True)


def stored_outcome(stack: Stack, session: Session, events: Sequence[Event], is_running: bool = False) -> RunOutcome:
    """What the session came to, read and not changed; `events` are those of its execution, where they still exist."""
    past_events = events or archived_events(stack, session.session_id)
    record = _record(stack, session.session_id)
    if is_running:
        finished = run_outcome.running(session, past_events, stack.cap_usd)
    elif record is None or session.status.open or session.status is SessionStatus.FAILED:
        finished = _failed(stack, record, past_events, session.repository)
    else:
        finished = run_outcome.completed(record, past_events)
    return _with_documents(stack, finished, past_events)


def archived_events(stack: Stack, session_id: str) -> Sequence[Event]:
    """The history that a run on the laptop has archived; none, if it ended before its command line could."""
    try:
        return history.from_json(stack.blobs.read(keys.history(session_id)))
    except (BlobMissing, ValueError, KeyError):
        return ()


def _failed(stack: Stack, record: SessionRecord | None, events: Sequence[Event], repository: str) -> SessionRecord:
    return run_outcome.failed(record, events, repository, stack.model, stack.release, stack.cap_usd)


def _record(stack: Stack, session_id: str) -> SessionRecord | None:
    try:
        return SessionRecord.model_validate_json(stack.blobs.read(keys.record(session_id)))
    except (BlobMissing, ValidationError):
        return None


def _with_documents(
    stack: Stack, record: SessionRecord, events: Sequence[Event], duplicate: bool = False
) -> RunOutcome:
    session_id = record.session_id
    if not session_id:
        return RunOutcome(record, events, duplicate=duplicate)
    record = run_outcome.with_spending(record, stack.store.spending(session_id))
    batches, lost = stack.store.batches(session_id)
    execution = _execution(stack, session_id)
    manifest = _stored(stack, keys.manifest(session_id), Manifest)
    entries = as_it_came_out(manifest, batches).entries if manifest else ()
    planned = manifest.batches if manifest else ()
    records = BatchRecords(planned, batches, lost)
    attempts, unread = load_attempts(stack.states, stack.blobs, execution, events, records)
    if manifest is None:
        unread.append("The scan's manifest is gone or was not written: files and planned batches are unknown")
    if not events:
        unread.append("The execution's history is gone: states have no times")
    return RunOutcome(
        record,
        events,
        batches,
        planned,
        entries,
        tuple(review for topic in Topic if (review := _stored(stack, keys.review(session_id, topic.value), Review))),
        _stored(stack, keys.reruns(session_id), Reruns),
        duplicate,
        stack.store.steps(session_id),
        lost,
        stack.store.usages(session_id),
        _critiques(stack, session_id, execution),
        attempts,
        unread,
        manifest.site.language if manifest else "en",
    )


def _execution(stack: Stack, session_id: str) -> str:
    try:
        return stack.store.session(session_id).execution
    except SessionUnknown:
        return ""


def _critiques(stack: Stack, session_id: str, execution: str) -> list[Critique]:
    """The critic's judgement of each revision, without those that an earlier, failed execution left."""
    stored = (_stored(stack, keys.critique(session_id, revision), Critique) for revision in range(1, LAST_REVISION + 1))
    return [critique for critique in stored if critique and critique.execution in {"", execution}]


def _stored(stack: Stack, key: str, kind: type[_ContractT]) -> _ContractT | None:
    """The document, if it is there and can be read."""
    try:
        return kind.model_validate_json(stack.blobs.read(key))
    except (BlobMissing, ValidationError):
        return None

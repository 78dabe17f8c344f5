"""A session's events: what each says, and whether one that was only written down came true."""

from __future__ import annotations

from typing import Any

from agents import keys
from agents.contracts.approval import Approval
from agents.contracts.events import EventPointers, SessionEvent
from agents.contracts.session import Session, SessionRecord, SessionStatus
from agents.errors import SessionUnknown
from agents.ports import Ports
from agents.settings import AgentSettings

#: An event that has not come true after so long never will: no function runs longer.
GIVEN_UP_SECONDS = 3_600


def started(session: Session, now: float, settings: AgentSettings) -> SessionEvent:
    """The session was claimed."""
    return _event(session, SessionStatus.RUNNING, now, settings)


def awaiting(session: Session, approval: Approval, usd: float, score: int, settings: AgentSettings) -> SessionEvent:
    """A draft waits for a person's decision."""
    waits = {"revision": approval.revision, "expires_at": approval.expires_at, "usd": usd, "score": score}
    return _event(session, SessionStatus.AWAITING_APPROVAL, approval.asked_at, settings, **waits)


def ended(session: Session, record: SessionRecord, now: float, settings: AgentSettings) -> SessionEvent:
    """The session has ended as its record says."""
    pointers = EventPointers(bucket=settings.context_bucket, record=keys.record(session.session_id))
    if record.status.published:
        site, source = keys.site(session.session_id), keys.site_source(session.session_id)
        pointers = pointers.with_changes(site=site, site_source=source)
    return _event(
        session,
        record.status,
        now,
        settings,
        usd=record.usage.usd,
        score=record.score,
        files=record.coverage.files_total,
        gaps=len(record.gaps),
        error=record.error.name if record.error else "",
        pointers=pointers,
    )


def announce(event: SessionEvent, ports: Ports) -> None:
    """Send an event that has come true, where a retry of the state would do so again. Raises StoreThrottled."""
    ports.events.prepare(event)
    ports.events.send(event)


def send_unsent(ports: Ports) -> int:
    """Send what was written down, came true and was not sent; how many events. Raises StoreThrottled."""
    waiting = ports.events.unsent()
    now = ports.clock.now()
    due = [each.event for each in waiting if each.certain or _came_true(each.event, ports)]
    if due:
        ports.events.send(*due)
    for each in waiting:
        if each.event not in due and each.event.occurred_at < now - GIVEN_UP_SECONDS:
            ports.events.forget(each.event)
    return len(due)


def _came_true(event: SessionEvent, ports: Ports) -> bool:
    try:
        session = ports.store.session(event.session_id)
    except SessionUnknown:
        return False
    # An event of a session that has begun, or that waits, is written down after the fact.
    return session.execution == event.execution and (event.status.open or session.status is event.status)


def _event(
    session: Session, status: SessionStatus, occurred_at: float, settings: AgentSettings, **more: Any
) -> SessionEvent:
    pointers = EventPointers(bucket=settings.context_bucket)
    values = {
        "event_id": keys.event_id(session.execution, status, more.get("revision")),
        "session_id": session.session_id,
        "status": status,
        "occurred_at": int(occurred_at),
        "environment": settings.environment,
        "repository": session.origin.repository or session.repository,
        "ref": session.origin.ref,
        "commit": session.origin.commit,
        "execution": session.execution,
        "release": session.release,
        "model": session.model.partition("@")[0],  # the address is nobody's business
        "cap_usd": settings.cap_usd,
        "pointers": pointers,
    }
    return SessionEvent.model_validate(values | more)

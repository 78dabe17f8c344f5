"""Writes a session's record, then its status. Both can be done again without harm."""

from __future__ import annotations

from agents import keys
from agents.contracts.session import ErrorRecord, Session, SessionRecord, SessionStatus
from agents.errors import BlobMissing
from agents.ports import Ports
from agents.roles.closer.core import SessionFacts, figures, record
from agents.session.documents import load_manifest, pointers_of
from agents.session.drafts import critiques_of
from agents.session.events import ended
from agents.settings import AgentSettings


def close(
    session: Session, status: SessionStatus, error: ErrorRecord | None, ports: Ports, settings: AgentSettings
) -> SessionRecord:
    """Account for every file, end the claim, then tell who listens: every end of a session comes by here.

    Raises SessionTaken when another execution has the session by then.
    """
    cap_usd = settings.cap_usd
    facts = _facts(session, ports)
    written = record(session, status, facts, cap_usd, error)
    ports.blobs.write(keys.record(session.session_id), written.model_dump_json(by_alias=True, indent=2).encode())
    if session.version:
        ports.figures.save(figures(session, written, facts))
    # A later run may claim it again, with a larger cap or for its gaps, and pays only for what this one could not do.
    ran_short = status.published and bool(ports.store.steps(session.session_id))
    # Written down before: a Reap that is cut short between the two closes the session once and never again.
    event = ended(session, written, ports.clock.now(), settings)
    ports.events.prepare(event)
    left_gaps = status.published and bool(written.gaps)
    ports.store.close(session, status, cap_usd if ran_short else None, left_gaps)
    if facts.spending.stop_reason:
        ports.ledger.reopen(session.session_id)
    ports.events.send(event)
    return written


def _facts(session: Session, ports: Ports) -> SessionFacts:
    session_id = session.session_id
    try:
        manifest = load_manifest(ports, session_id)
    except BlobMissing:
        return SessionFacts(
            spending=ports.store.spending(session_id), dropped_claims=ports.store.dropped_claims(session_id)
        )
    outcomes, lost = ports.store.batches(session_id)
    return SessionFacts(
        manifest=manifest,
        analyses=pointers_of(ports, manifest),
        outcomes=outcomes,
        lost=lost,
        spending=ports.store.spending(session_id),
        dropped_claims=ports.store.dropped_claims(session_id),
        critiques=tuple(critiques_of(session, ports)),
        approvals=ports.approvals.of(session),
    )

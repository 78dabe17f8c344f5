"""Writes a session's record, then its status. Both can be done again without harm."""

from __future__ import annotations

from collections.abc import Iterator

from agents import keys
from agents.contracts.draft import Critique, Verdict
from agents.contracts.session import ErrorRecord, Session, SessionRecord, SessionStatus
from agents.errors import BlobMissing
from agents.ports import BlobStore, Ports
from agents.roles.closer.core import SessionFacts, record
from agents.session.documents import load_manifest

_REVISIONS = (1, 2, 3)


def close(
    session: Session, status: SessionStatus, error: ErrorRecord | None, ports: Ports, cap_usd: float
) -> SessionRecord:
    """Account for every file, then end the claim."""
    facts = _facts(session.session_id, ports)
    written = record(session, status, facts, cap_usd, error)
    ports.blobs.write(keys.record(session.session_id), written.model_dump_json(by_alias=True, indent=2).encode())
    # A later run with a larger cap may claim it again, and pays only for what this one could not.
    ran_short = status.published and bool(ports.store.steps(session.session_id))
    ports.store.close(session.session_id, status, cap_usd if ran_short else None)
    if facts.spending.stop_reason:
        ports.ledger.reopen(session.session_id)
    return written


def _facts(session_id: str, ports: Ports) -> SessionFacts:
    try:
        manifest = load_manifest(ports, session_id)
    except BlobMissing:
        return SessionFacts(
            spending=ports.store.spending(session_id), dropped_claims=ports.store.dropped_claims(session_id)
        )
    outcomes, lost = ports.store.batches(session_id)
    return SessionFacts(
        manifest=manifest,
        analyses=ports.store.analyses(entry.analysis_key for entry in manifest.documented if entry.analysis_key),
        outcomes=outcomes,
        lost=lost,
        spending=ports.store.spending(session_id),
        dropped_claims=ports.store.dropped_claims(session_id),
        critiques=tuple(_critiques(session_id, ports.store.session(session_id).execution, ports.blobs)),
    )


def _critiques(session_id: str, execution: str, blobs: BlobStore) -> Iterator[Critique]:
    """The critiques of this execution: others, and what lies after the loop's end, are an earlier, failed one's."""
    for revision in _REVISIONS:
        try:
            critique = Critique.model_validate_json(blobs.read(keys.critique(session_id, revision)))
        except BlobMissing:
            return
        if critique.execution != execution:
            return
        yield critique
        if critique.verdict is not Verdict.RISING:
            return

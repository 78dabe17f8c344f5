"""Closes a session: writes its record, then its status. Both can be done again without harm."""

from __future__ import annotations

from collections.abc import Iterator

from agents import keys
from agents.closer.core import Facts, failure, record
from agents.contracts.draft import Critique, Verdict
from agents.contracts.session import SessionStatus
from agents.contracts.snapshot import Manifest
from agents.contracts.states import CloseSessionInput, CloseSessionOutput, FailSessionInput
from agents.environment import AgentEnvironment
from agents.errors import BlobMissing
from agents.ports import BlobStore, Ports

_REVISIONS = (1, 2, 3)


def run(request: CloseSessionInput | FailSessionInput, ports: Ports, settings: AgentEnvironment) -> CloseSessionOutput:
    """Record how the session ended; the state FailSession runs this too."""
    session = ports.store.session(request.session_id)
    if isinstance(request, FailSessionInput):
        status, error = SessionStatus.FAILED, failure(request.error, request.cause)
    else:
        status, error = request.status, None
    written = record(session, status, _facts(session.session_id, ports), settings.cap_usd, error)
    ports.blobs.write(keys.record(session.session_id), written.model_dump_json(by_alias=True, indent=2).encode())
    ports.store.close(session.session_id, status)
    return CloseSessionOutput(
        session_id=session.session_id, status=status, files_total=written.coverage.files_total, gaps=len(written.gaps)
    )


def _facts(session_id: str, ports: Ports) -> Facts:
    try:
        manifest = Manifest.model_validate_json(ports.blobs.read(keys.manifest(session_id)))
    except BlobMissing:
        return Facts(usages=ports.store.usages(session_id))
    outcomes, lost = ports.store.batches(session_id)
    return Facts(
        manifest=manifest,
        analyses=ports.store.analyses(entry.analysis_key for entry in manifest.documented if entry.analysis_key),
        outcomes=outcomes,
        lost=lost,
        usages=ports.store.usages(session_id),
        critiques=tuple(_critiques(session_id, ports.blobs)),
    )


def _critiques(session_id: str, blobs: BlobStore) -> Iterator[Critique]:
    """The critiques of this run: what lies after the one that ended the loop is an earlier, failed run's."""
    for revision in _REVISIONS:
        try:
            critique = Critique.model_validate_json(blobs.read(keys.critique(session_id, revision)))
        except BlobMissing:
            return
        yield critique
        if critique.verdict is not Verdict.RISING:
            return

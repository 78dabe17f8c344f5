"""Closes a session at the end of its execution."""

from __future__ import annotations

from agents.contracts.session import ErrorRecord, SessionStatus
from agents.contracts.states import CloseSessionInput, CloseSessionOutput, FailSessionInput
from agents.errors import SessionTaken, Superseded
from agents.ports import Ports
from agents.roles.closer.core import failure
from agents.roles.closer.record import close
from agents.settings import AgentSettings

#: The error of a session that OpenSession did not let begin.
LATE = ErrorRecord(name=Superseded.__name__, cause="a newer commit of the same branch had been pushed before it began")


def run(request: CloseSessionInput | FailSessionInput, ports: Ports, settings: AgentSettings) -> CloseSessionOutput:
    """Record how the session ended; the state FailSession runs this too. Raises SessionTaken."""
    session = ports.store.session(request.session_id)
    if session.execution != request.execution:
        # Before the record is written: that of the execution which has the session now may lie there.
        raise SessionTaken(f"session {session.session_id} belongs to {session.execution} now, which closes it")
    status, error = _ending(request)
    ports.ledger.give_back(session.session_id)  # what is reserved still belongs to calls whose workers died
    written = close(session, status, error, ports, settings)
    return CloseSessionOutput(
        session_id=session.session_id,
        status=status,
        files_total=written.coverage.files_total,
        gaps=len(written.gaps),
        dropped_claims=sum(written.dropped_claims.values()),
        opened_at=session.opened_at,
    )


def _ending(request: CloseSessionInput | FailSessionInput) -> tuple[SessionStatus, ErrorRecord | None]:
    if isinstance(request, FailSessionInput):
        return SessionStatus.FAILED, failure(request.error, request.cause)
    return request.status, LATE if request.status is SessionStatus.SUPERSEDED else None

"""Closes a session at the end of its execution."""

from __future__ import annotations

from agents.contracts.session import SessionStatus
from agents.contracts.states import CloseSessionInput, CloseSessionOutput, FailSessionInput
from agents.ports import Ports
from agents.roles.closer.core import failure
from agents.roles.closer.record import close
from agents.settings import AgentSettings


def run(request: CloseSessionInput | FailSessionInput, ports: Ports, settings: AgentSettings) -> CloseSessionOutput:
    """Record how the session ended; the state FailSession runs this too."""
    session = ports.store.session(request.session_id)
    if isinstance(request, FailSessionInput):
        status, error = SessionStatus.FAILED, failure(request.error, request.cause)
    else:
        status, error = request.status, None
    written = close(session, status, error, ports, settings)
    return CloseSessionOutput(
        session_id=session.session_id, status=status, files_total=written.coverage.files_total, gaps=len(written.gaps)
    )

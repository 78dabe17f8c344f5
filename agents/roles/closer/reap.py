"""Ends sessions whose execution is over, and tasks whose session is over.

Their reservations are released with them; without the reaper they would expire with their leases.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping

from agents.contracts.reaping import Ending, ReapInput, ReapOutput
from agents.contracts.session import Session, SessionStatus
from agents.errors import Cancelled, SessionTaken, SessionUnknown, Superseded
from agents.ports import Ports
from agents.roles.closer.orphans import ending_of, lost, orphans, shortened, status_of
from agents.roles.closer.record import close
from agents.session.batch_job import end_job
from agents.session.events import send_unsent
from agents.settings import AgentSettings

_log = logging.getLogger("swarm")

ORPHANED = "the execution of this task's session is over"


def run(request: ReapInput, ports: Ports, settings: AgentSettings) -> ReapOutput:
    """Look after every session, or after one; with `cancel`, stop that one's execution first. Raises SessionUnknown."""
    # Tasks before sessions: whatever is in this list was started by a session that is open now, or is nobody's.
    tasks = ports.tasks.running()
    if request.session_id is None:
        sessions = list(ports.store.running_sessions())
    else:
        sessions = _the_one(ports.store.session(request.session_id))
    if request.cancel:
        for session in sessions:
            ports.executions.stop(session.execution, Cancelled.__name__, "a person cancelled the session")
    dead = [session for session in sessions if request.cancel or _is_over(session, ports)]
    ended = [session.session_id for session in dead if _end(session, request.cancel, ports, settings)]
    alive = {session.session_id for session in sessions} - {session.session_id for session in dead}
    stopped = orphans(tasks, alive, request.session_id)
    for task in stopped:
        ports.tasks.stop(task.arn, ORPHANED)
        _log.warning("stopped %s: session %s is over", task.arn, task.session_id)
    ages = _ages((session for session in sessions if session.session_id in alive), ports)
    send_unsent(ports)
    returned = sum(ports.ledger.give_back(session_id) for session_id in ended)
    returned += sum(ports.ledger.give_back_expired(session_id) for session_id in sorted(alive))
    return ReapOutput(
        ended_sessions=shortened(ended),
        stopped_tasks=shortened(task.arn for task in stopped),
        sessions=len(ended),
        tasks=len(stopped),
        returned_usd=round(returned, 6),
        oldest_session_seconds=ages[SessionStatus.RUNNING],
        approval_wait_seconds=ages[SessionStatus.AWAITING_APPROVAL],
    )


def _is_over(session: Session, ports: Ports) -> bool:
    """Whether no execution works on it, or none may: that of a superseded session is stopped, if it is not yet."""
    if session.superseded:
        ports.executions.stop(session.execution, Superseded.__name__, "a newer commit was pushed")
        return True
    return not ports.executions.is_running(session.execution)


def _ages(sessions: Iterable[Session], ports: Ports) -> Mapping[SessionStatus, float]:
    """The longest that a session is in each open status, in seconds: one that waits does so since it was asked."""
    ages = dict.fromkeys((SessionStatus.RUNNING, SessionStatus.AWAITING_APPROVAL), 0.0)
    for session in sessions:
        since = [session.opened_at]
        if session.status is SessionStatus.AWAITING_APPROVAL:
            since += [approval.asked_at for approval in ports.approvals.of(session)]
        ages[session.status] = max(ages[session.status], ports.clock.now() - max(since))
    return ages


def _the_one(session: Session) -> list[Session]:
    return [session] if session.status.open else []


def _end(session: Session, cancelled: bool, ports: Ports, settings: AgentSettings) -> bool:
    """Close the session as FAILED or SUPERSEDED, unless somebody has closed or claimed it since it was read."""
    try:
        now = ports.store.session(session.session_id)
    except SessionUnknown:
        return False
    if not now.status.open or now.execution != session.execution:
        return False
    if cancelled:
        ending = Ending(error=Cancelled.__name__, cause="a person cancelled the session")
    else:
        ending = ending_of(now, ports.executions.ending(session.execution))
    end_job(session.session_id, ports)
    try:
        close(session, status_of(ending), lost(ending), ports, settings)
    except SessionTaken:
        return False
    return True

"""Decides who documents a snapshot.

S3 and EventBridge deliver at least once and in any order, and many executions ask at the same time. Each first claims
its session, or adds itself to those who want it, and then moves its branch's head; who was the head before is
withdrawn. In this order a session that a branch heads is always wanted by it, and is not stopped.
"""

from __future__ import annotations

from agents import keys
from agents.contracts.pushed import PushedCommit
from agents.contracts.session import Session
from agents.contracts.states import Opening
from agents.errors import SessionUnknown, StoreThrottled, Superseded
from agents.ports import UPLOAD, Ports

#: Each time the session's holder ended, or another one claimed it, while it was looked at.
_TRIES = 10


def open_session(session: Session, pushed: PushedCommit | None, ports: Ports, cap_usd: float) -> Opening:
    """Claim the session, or say why there is nothing to do. Raises StoreThrottled."""
    if pushed is None:
        return Opening.OPENED if _claimed(session, UPLOAD, ports, cap_usd) else Opening.DUPLICATE
    if ports.branches.is_older(pushed, session.session_id) and _is_over(session.session_id, ports):
        return Opening.DUPLICATE
    branch = keys.branch_item(pushed.repository, pushed.ref).pk
    claimed = _claimed(session, f"{branch}@{pushed.order}", ports, cap_usd)
    displaced = ports.branches.advance(pushed, session.session_id)
    if displaced is None:
        if not claimed:
            _withdraw(session.session_id, branch, pushed, ports)
            return Opening.DUPLICATE
        nobody_wants_it = ports.store.withdraw(session.session_id, branch, pushed.order) is not None
        return Opening.SUPERSEDED if nobody_wants_it else Opening.OPENED
    for head in displaced:
        if head.session_id != session.session_id:
            _withdraw(head.session_id, branch, pushed, ports)
    ports.branches.settle(pushed, displaced)
    return Opening.OPENED if claimed else Opening.DUPLICATE


def _claimed(session: Session, wanted_by: str, ports: Ports, cap_usd: float) -> bool:
    """Whether the session is ours now. One whose execution is dead, or stopped for a newer commit, is taken over."""
    for _ in range(_TRIES):
        holder = ports.store.claim(session, cap_usd, wanted_by)
        if holder is None:
            return True
        if not holder.status.open:
            return False
        if holder.superseded:
            _stop(holder, "the same commit was pushed again, and another execution documents it", ports)
        elif ports.executions.is_running(holder.execution):
            if ports.store.want(session.session_id, wanted_by):
                return False
            continue
        if ports.store.take_over(session, holder.execution, wanted_by):
            return True
    raise StoreThrottled(f"session {session.session_id} changed its holder {_TRIES} times in a row")


def _withdraw(session_id: str, branch: str, pushed: PushedCommit, ports: Ports) -> None:
    """Let a branch want the session no more; when nobody else wants it, stop its execution and have it ended."""
    superseded = ports.store.withdraw(session_id, branch, pushed.order)
    if superseded is not None:
        _stop(superseded, f"a newer commit was pushed to {pushed.ref} of {pushed.repository}", ports)
        ports.reaper.request(session_id)


def _stop(session: Session, why: str, ports: Ports) -> None:
    ports.executions.stop(session.execution, Superseded.__name__, why)


def _is_over(session_id: str, ports: Ports) -> bool:
    try:
        return not ports.store.session(session_id).status.open
    except SessionUnknown:
        return False

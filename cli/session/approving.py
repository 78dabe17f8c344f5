"""Decisions about drafts from the command line: the same requests, decisions and links as the page's."""

from __future__ import annotations

import getpass
from dataclasses import dataclass

from agents.aws.system_clock import SystemClock
from agents.contracts.approval import Approval, DraftDecision
from agents.contracts.session import SessionStatus
from agents.errors import SessionUnknown
from agents.roles.approval.answering import decide
from agents.roles.approval.core import FormRefused, form_of
from cli.errors import BadInput
from cli.stack.clients import Stack


@dataclass(frozen=True)
class Wish:
    """What a person wants; without a name the name of the user of this machine counts."""

    approves: bool
    comment: str = ""
    name: str = ""


def decide_session(stack: Stack, session_id: str, wish: Wish) -> DraftDecision:
    """Decide about the draft that waits.

    Raises:
        BadInput: no draft waits, it was decided otherwise before, or the comment is too long.
    """
    approval = waiting(stack, session_id)
    if approval is None:
        raise BadInput(f"Session {session_id} does not wait for a decision; `swarm show` says where it is")
    try:
        form = form_of(wish.approves, wish.name or getpass.getuser(), wish.comment)
    except FormRefused as refusal:
        raise BadInput(str(refusal)) from refusal
    outcome = decide(form, approval, stack.approvals, stack.store, SystemClock().now())
    if outcome.decision is None:
        raise BadInput(f"Session {session_id} does not wait any more: the time was up, or it has ended")
    if not outcome.own:
        raise BadInput(
            f"{outcome.decision.decided_by} decided before: {outcome.decision.decision.value}. Nothing was changed"
        )
    return outcome.decision


def waiting(stack: Stack, session_id: str) -> Approval | None:
    """The request of the session that has no decision so far."""
    try:
        session = stack.store.session(session_id)
        approvals = stack.approvals.of(session)
    except SessionUnknown:
        return None
    # The request is written a moment before the session waits: a decision between the two would be refused.
    if session.status is SessionStatus.RUNNING:
        return None
    return next((approval for approval in approvals if approval.decision is None), None)

"""Decisions about drafts from the command line: the same requests, decisions and links as the page's."""

from __future__ import annotations

import getpass
from dataclasses import dataclass, field
from datetime import UTC, datetime

from agents.aws.system_clock import SystemClock
from agents.contracts.approval import Approval, DraftDecision
from agents.contracts.session import SessionStatus
from agents.errors import SessionUnknown
from agents.roles.approval.answering import decide
from agents.roles.approval.core import FormRefused, default_decision, form_of
from agents.roles.approval.run import new_link
from cli.errors import BadInput
from cli.output.progress import ProgressView
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
        raise BadInput(f"Session {session_id} does not wait for a decision; `swarm show {session_id}` says where it is")
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


@dataclass
class ApprovalPrompt:
    """What `swarm run` does when a draft waits: prints a link on a terminal, else decides by the stack's default."""

    stack: Stack
    view: ProgressView
    interactive: bool
    default: str
    _asked: set[int] = field(default_factory=set)

    def __call__(self, session_id: str) -> None:
        """Ask once for each draft."""
        approval = waiting(self.stack, session_id)
        if approval is None or approval.revision in self._asked:
            return
        self._asked.add(approval.revision)
        if not self.interactive:
            self.view.say(
                f"A draft waits for approval, and nobody can be asked here: approvalDefault decides, {self.default}."
            )
            self.stack.approvals.decide(approval, default_decision(self.default, SystemClock().now()))
            return
        link = new_link(approval)
        self.stack.approvals.add_link(approval, link.hash)
        until = datetime.fromtimestamp(approval.expires_at, UTC)
        self.view.say(f"Draft {approval.revision} waits for your decision until {until:%Y-%m-%d %H:%M} UTC:")
        self.view.say(f"  {self.stack.approval_url}{link.path}")
        self.view.say(f"or, elsewhere: swarm approve {session_id}, swarm reject {session_id} --comment TEXT")

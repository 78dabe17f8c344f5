"""What a run says and asks while it waits for its session; what few runs need is imported when they do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from agents import keys
from agents.errors import BlobMissing
from cli.output.progress import ProgressView
from cli.stack.clients import Stack


def announce_estimate(stack: Stack, session_id: str, view: ProgressView) -> None:
    """Print what the scanner expects of a session that asks a model, and the steps that it takes under its cap."""
    from agents.contracts.expected import ExpectedSpend
    from cli.output.estimated import sentence

    try:
        expected = ExpectedSpend.model_validate_json(stack.blobs.read(keys.expected_spend(session_id)))
    except BlobMissing:
        return
    view.say(sentence(expected))
    for step in stack.store.steps(session_id):
        if step.planned:
            view.say(f"under this cap: {step.detail}")


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
        from agents.aws.system_clock import SystemClock
        from agents.roles.approval.core import default_decision
        from agents.roles.approval.run import new_link
        from cli.session.approving import waiting

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

"""`swarm approve` and `swarm reject`: decide about a session's draft, as the page behind the link does."""

from __future__ import annotations

import os

from rich.console import Console

from agents.contracts.approval import ApprovalDecision
from cli.errors import BadInput, ExitCode
from cli.session.approving import Wish, decide_session
from cli.stack.clients import Cloud, stack_of

_SENTENCES = {
    ApprovalDecision.PUBLISH: "Approved: the draft is published.",
    ApprovalDecision.REVISE: "Rejected with a comment: the editor writes another draft, which you are asked about.",
    ApprovalDecision.REJECT: "Rejected: the session ends as REJECTED, without a site.",
}


def approve(cloud: Cloud | None, session_id: str, wish: Wish, answers: Console, as_json: bool = False) -> ExitCode:
    """Decide. Raises BadInput when no draft of the session waits."""
    if cloud is None:
        raise BadInput(f"Session {session_id} has ended: it does not wait for a decision")
    decision = decide_session(stack_of(cloud), session_id, wish)
    if as_json:
        answers.file.write(decision.model_dump_json() + os.linesep)
    else:
        answers.print(_SENTENCES[decision.decision], markup=False)
    return ExitCode.DONE

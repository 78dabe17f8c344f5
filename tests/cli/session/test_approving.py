"""`swarm run` and a draft that waits: a person gets a link, and where there is none the default decides."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from agents.contracts.approval import NOBODY, Approval, ApprovalDecision, DraftDecision
from agents.roles.approval.core import link_in
from cli.output.progress import LineView
from cli.session.approving import waiting
from cli.session.waiting_run import ApprovalPrompt
from tests.agents.fakes import EXECUTION, SESSION_ID, MemoryApprovals, MemoryStore, running_session
from tests.cli.samples import documented_stack, record

ADDRESS = "https://decide.example/"


class Prompted:
    """A prompt over a session, and what it says."""

    def __init__(self, interactive: bool, default: str = "reject", execution: str = EXECUTION) -> None:
        store = MemoryStore(sessions={SESSION_ID: running_session(execution=execution)})
        self.approvals = MemoryApprovals(store)
        self._said = io.StringIO()
        stack = replace(documented_stack(record())[0], store=store, approvals=self.approvals, approval_url=ADDRESS)
        view = LineView(Console(file=self._said, width=300))
        self.prompt = ApprovalPrompt(stack, view, interactive, default)

    def wait(self, revision: int = 1) -> None:
        approval = Approval(
            session_id=SESSION_ID,
            revision=revision,
            execution=EXECUTION,
            asked_at=1_800_000_000,
            expires_at=1_800_259_200,
            sent_back=False,
        )
        self.approvals.ask(approval, f"token-{revision}", "hash of the link in the message")

    @property
    def said(self) -> str:
        return self._said.getvalue()


def test_nothing_is_said_while_no_draft_waits() -> None:
    prompted = Prompted(interactive=True)
    prompted.prompt(SESSION_ID)
    prompted.prompt("s" + "f" * 20)
    assert prompted.said == ""


def test_a_person_at_a_terminal_gets_a_link_that_leads_to_the_draft_and_decides_nothing() -> None:
    prompted = Prompted(interactive=True)
    prompted.wait()
    prompted.prompt(SESSION_ID)

    (address,) = re.findall(rf"{re.escape(ADDRESS)}(\S+)", prompted.said)
    link = link_in(f"/{address}")
    assert link is not None
    assert prompted.approvals.linked(SESSION_ID, 1, link.hash) is not None
    assert prompted.approvals.linked(SESSION_ID, 1, "hash of the link in the message"), "that one still leads there"
    assert "waits for your decision until 2027-01-18 08:00 UTC" in prompted.said
    assert f"swarm approve {SESSION_ID}" in prompted.said
    assert prompted.approvals.answered == []
    assert "token-1" not in prompted.said


def test_a_draft_is_asked_about_once_and_the_next_one_again() -> None:
    prompted = Prompted(interactive=True)
    prompted.wait()
    prompted.prompt(SESSION_ID)
    prompted.prompt(SESSION_ID)
    assert prompted.said.count(ADDRESS) == 1

    first = prompted.approvals.requests[SESSION_ID, 1]
    sent_back = DraftDecision(decision=ApprovalDecision.REVISE, decided_by="Ada", decided_at=1, comment="More.")
    prompted.approvals.decide(first, sent_back)
    prompted.wait(revision=2)
    prompted.prompt(SESSION_ID)
    assert prompted.said.count(ADDRESS) == 2
    assert "Draft 2 waits" in prompted.said


@pytest.mark.parametrize("default", ["publish", "reject"])
def test_where_nobody_can_answer_the_default_decides_at_once_and_the_run_says_so(default: str) -> None:
    prompted = Prompted(interactive=False, default=default)
    prompted.wait()
    prompted.prompt(SESSION_ID)
    prompted.prompt(SESSION_ID)

    assert [
        (token, decision.decision.value, decision.decided_by) for token, decision in prompted.approvals.answered
    ] == [("token-1", default, NOBODY)]
    assert f"approvalDefault decides, {default}" in prompted.said
    assert ADDRESS not in prompted.said


def test_a_session_of_another_execution_asks_about_no_draft_of_an_earlier_one() -> None:
    prompted = Prompted(interactive=True, execution=f"{EXECUTION}-2")
    prompted.wait()
    prompted.prompt(SESSION_ID)
    assert prompted.said == ""


def test_a_request_that_is_written_just_before_its_session_waits_is_no_draft_to_decide_about() -> None:
    prompted = Prompted(interactive=True)
    prompted.wait()
    store: Any = prompted.prompt.stack.store
    waits = store.session(SESSION_ID)
    store.sessions[SESSION_ID] = running_session(execution=EXECUTION)

    assert waiting(prompted.prompt.stack, SESSION_ID) is None
    store.sessions[SESSION_ID] = waits
    assert waiting(prompted.prompt.stack, SESSION_ID) is not None

"""A draft that waits for a person: the request, the decision, and what travels through the state machine."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from agents.contracts.base import Contract, Lines, RepositoryPath, RepositoryText, SessionId
from agents.contracts.draft import LAST_REVISION, CritiqueFinding

NAME_LIMIT, COMMENT_LIMIT = 100, 2_000
#: Who decides when no person did in time.
NOBODY = "nobody (the time was up)"


class ApprovalDecision(StrEnum):
    """What happens to the draft."""

    PUBLISH = "publish"
    REVISE = "revise"
    REJECT = "reject"


class DraftDecision(Contract):
    """Who decided what, when (seconds since 1970) and why. The name is what the person typed."""

    decision: ApprovalDecision
    decided_by: RepositoryText = Field(min_length=1, max_length=NAME_LIMIT)
    decided_at: int
    comment: RepositoryText = Field(default="", max_length=COMMENT_LIMIT)


class Approval(Contract):
    """A request for a decision about one draft, and the decision once there is one."""

    session_id: SessionId
    revision: int = Field(ge=1, le=LAST_REVISION)
    execution: str
    asked_at: int
    expires_at: int = Field(description="seconds since 1970; then the default decides")
    sent_back: bool = Field(description="whether a person has sent a draft of this session back before")
    decision: DraftDecision | None = None


class AwaitApprovalInput(Contract):
    """Which draft waits, and the token that its decision answers."""

    session_id: SessionId
    revision: int = Field(ge=1, le=LAST_REVISION)
    task_token: str


class ApprovalAsked(Contract):
    """Nothing reads it: the state goes on with the answer to its token."""

    session_id: SessionId


class ExpireApprovalInput(Contract):
    """Which draft has waited in vain."""

    session_id: SessionId
    revision: int = Field(ge=1, le=LAST_REVISION)


class AwaitApprovalOutput(Contract):
    """The decision that counts, as the state machine reads it."""

    decision: ApprovalDecision
    ask_again: bool = Field(default=True, description="whoever sent a draft back sees the next one, whatever its score")


ExpireApprovalOutput = AwaitApprovalOutput


class DraftEvidenceLine(Contract):
    """A line of code that a reviewer's finding is about."""

    path: RepositoryPath
    lines: Lines
    title: RepositoryText
    excerpt: RepositoryText


class DraftPage(Contract):
    """A page of the draft by its place and title."""

    path: str
    title: RepositoryText


class DraftReport(Contract):
    """What a person sees before deciding; `published` is the session whose pages are compared, empty if none is."""

    repository: RepositoryText
    score: int
    usd: float
    cap_usd: float
    published: str = ""
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    findings: tuple[CritiqueFinding, ...] = ()
    evidence: tuple[DraftEvidenceLine, ...] = ()
    pages: tuple[DraftPage, ...] = ()


class Notice(Contract):
    """A message to people: `link` is where they act."""

    subject: str
    text: str
    link: str

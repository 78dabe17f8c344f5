"""Links, forms and decisions about a draft that waits for a person. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

from agents.contracts.approval import COMMENT_LIMIT, NAME_LIMIT, NOBODY, Approval, ApprovalDecision, DraftDecision
from agents.contracts.base import clean_text
from agents.contracts.draft import LAST_REVISION
from agents.contracts.session import Session, SessionStatus

#: A form of ours is far smaller: each of its characters takes 12 bytes at most.
BODY_LIMIT = 32 * 1024
_LINK = re.compile(rf"/(s[0-9a-f]{{20}})/([1-{LAST_REVISION}])/([A-Za-z0-9_-]{{43}})")


class FormRefused(Exception):
    """The form cannot be used; the message tells the person why."""


@dataclass(frozen=True)
class Link:
    """Where a request's page is: the secret is 32 random bytes, and the table has nothing but their hash."""

    session_id: str
    revision: int
    secret: str

    @property
    def path(self) -> str:
        """Its path, without the slash at the beginning."""
        return f"{self.session_id}/{self.revision}/{self.secret}"

    @property
    def hash(self) -> str:
        """What the table has of it."""
        return hashlib.sha256(self.secret.encode()).hexdigest()


@dataclass(frozen=True)
class Form:
    """What a person has sent. `approves` is which button."""

    approves: bool
    name: str
    comment: str


def link_in(path: str) -> Link | None:
    """The link of a request's path; None for any other path."""
    match = _LINK.fullmatch(path)
    return Link(match[1], int(match[2]), match[3]) if match else None


def form_in(body: bytes) -> Form:
    """The form. Raises FormRefused."""
    try:
        fields: Mapping[str, list[str]] = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=8)
    except ValueError:
        raise FormRefused("The form could not be read. Load the page again.") from None
    if any(len(values) > 1 for values in fields.values()):
        raise FormRefused("The form says something twice. Load the page again.")
    choice = fields.get("decision", [""])
    if choice not in (["approve"], ["reject"]):
        raise FormRefused("Choose one of the two buttons.")
    return form_of(choice == ["approve"], fields.get("name", [""])[0], fields.get("comment", [""])[0])


def form_of(approves: bool, name: str, comment: str) -> Form:
    """The form of a name and a comment that a person has typed. Raises FormRefused."""
    name = " ".join(clean_text(name).split())
    comment = clean_text(comment.replace("\r\n", "\n")).strip()
    if not name:
        raise FormRefused("Type your name: the decision is recorded with it.")
    if len(name) > NAME_LIMIT:
        raise FormRefused(f"The name has {len(name)} characters; {NAME_LIMIT} are allowed.")
    if len(comment) > COMMENT_LIMIT:
        raise FormRefused(f"The comment has {len(comment):,} characters; {COMMENT_LIMIT:,} are allowed.")
    return Form(approves, name, comment)


def decision_of(form: Form, approval: Approval, now: float) -> DraftDecision:
    """What the form means: a first rejection with a comment sends the draft back to the editor."""
    if form.approves:
        decision = ApprovalDecision.PUBLISH
    elif form.comment and not approval.sent_back:
        decision = ApprovalDecision.REVISE
    else:
        decision = ApprovalDecision.REJECT
    return DraftDecision(decision=decision, decided_by=form.name, decided_at=int(now), comment=form.comment)


def default_decision(default: str, now: float) -> DraftDecision:
    """What counts when nobody decided in time; `default` is the setting approvalDefault."""
    return DraftDecision(decision=ApprovalDecision(default), decided_by=NOBODY, decided_at=int(now))


def same_wish(first: DraftDecision, second: DraftDecision) -> bool:
    """Whether a second click, or a form sent again, wants what was decided already."""
    return first.with_changes(decided_at=0) == second.with_changes(decided_at=0)


def is_waited_for(approval: Approval, session: Session, now: float) -> bool:
    """Whether a decision would still count."""
    waits = session.status is SessionStatus.AWAITING_APPROVAL and session.execution == approval.execution
    return waits and approval.decision is None and now < approval.expires_at

"""Ask a person about a draft, take the decision, or decide by default when nobody did in time."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator

from pydantic import ValidationError

from agents import keys
from agents.contracts.approval import (
    Approval,
    ApprovalAsked,
    AwaitApprovalInput,
    DraftEvidenceLine,
    DraftPage,
    DraftReport,
    ExpireApprovalInput,
    ExpireApprovalOutput,
    Notice,
)
from agents.contracts.draft import Critique
from agents.contracts.review import Review
from agents.contracts.session import SessionStatus
from agents.contracts.structure import Topic
from agents.errors import BlobMissing, SessionUnknown
from agents.ports import Ports
from agents.roles.approval.core import Link, default_decision
from agents.session.documents import load_manifest, load_model, save_model
from agents.session.drafts import critiques_of, sent_back, stored_draft
from agents.session.events import announce, awaiting
from agents.settings import AgentSettings

#: How many earlier sessions are looked at for one that was published.
_EARLIER = 20


def ask(request: AwaitApprovalInput, ports: Ports, settings: AgentSettings) -> ApprovalAsked:
    """Write what a person needs to decide, remember the task token, and send the link."""
    session = ports.store.session(request.session_id)
    report = _report(request, ports, settings)
    save_model(ports, keys.draft_report(request.session_id, request.revision), report)
    now = int(ports.clock.now())
    approval = Approval(
        session_id=request.session_id,
        revision=request.revision,
        execution=session.execution,
        asked_at=now,
        expires_at=now + max(1, round(settings.approval_hours * 3600)),
        sent_back=sent_back(session, ports.approvals) is not None,
    )
    link = new_link(approval)
    ports.approvals.ask(approval, request.task_token, link.hash)
    waits = ports.store.session(request.session_id)  # unless it was closed or taken over meanwhile
    if waits.status is SessionStatus.AWAITING_APPROVAL and waits.execution == approval.execution:
        announce(awaiting(session, approval, report.usd, report.score, settings), ports)
    ports.notices.send(_notice(report, approval, f"{settings.approval_url}{link.path}", settings))
    return ApprovalAsked(session_id=request.session_id)


def new_link(approval: Approval) -> Link:
    """A link that nobody can guess; it leads nowhere until its hash is stored."""
    return Link(approval.session_id, approval.revision, secrets.token_urlsafe(32))


def expire(request: ExpireApprovalInput, ports: Ports, settings: AgentSettings) -> ExpireApprovalOutput:
    """Decide by default, unless a person's decision was written while the time ran out: then that one counts."""
    session = ports.store.session(request.session_id)
    (approval,) = (each for each in ports.approvals.of(session) if each.revision == request.revision)
    decision = default_decision(settings.approval_default, ports.clock.now())
    return ExpireApprovalOutput(decision=ports.approvals.decide(approval, decision).decision)


def _notice(report: DraftReport, approval: Approval, link: str, settings: AgentSettings) -> Notice:
    changes = f"{len(report.added)} pages added, {len(report.changed)} changed, {len(report.removed)} removed"
    return Notice(
        subject=f"Documentation of {_ascii(report.repository)} awaits approval",
        text=(
            f"Session {approval.session_id}, revision {approval.revision}, score {report.score}: {changes},"
            f" {len(report.findings)} open findings, ${report.usd:.2f} so far.\n"
            f"Without a decision in {settings.approval_hours:g} hours the draft is"
            f" {'published' if settings.approval_default == 'publish' else 'rejected'}.\n"
            "Whoever has the link can decide: do not forward it."
        ),
        link=link,
    )


def _ascii(text: str) -> str:
    """A subject's characters: SNS takes no others, and no line break."""
    return "".join(c if " " <= c <= "~" else "?" for c in text)[:50]


def _report(request: AwaitApprovalInput, ports: Ports, settings: AgentSettings) -> DraftReport:
    session_id = request.session_id
    critique = load_model(ports, keys.critique(session_id, request.revision), Critique)
    spending = ports.store.spending(session_id)
    published = _published_before(session_id, ports)
    before = dict(_digests(*published, ports)) if published else {}
    with stored_draft(ports, session_id, request.revision) as draft:
        titles = {page.path: page.title for page in draft.pages}
    now = dict(_digests(session_id, request.revision, ports))
    changed = [path for path in now if path in before and before[path] != now[path]]
    return DraftReport(
        repository=load_manifest(ports, session_id).title,
        score=critique.score,
        usd=spending.settled.usd,
        cap_usd=settings.cap_usd,
        published=published[0] if published else "",
        added=tuple(path for path in now if path not in before),
        changed=tuple(changed),
        removed=tuple(path for path in before if path not in now),
        unchanged=sum(path in before for path in now) - len(changed),
        findings=critique.reply.findings,
        evidence=tuple(_evidence(session_id, ports)),
        pages=tuple(DraftPage(path=path, title=title) for path, title in titles.items()),
    )


def _digests(session_id: str, revision: int, ports: Ports) -> Iterator[tuple[str, bytes]]:
    with stored_draft(ports, session_id, revision) as draft:
        for page in draft.pages:
            yield page.path, hashlib.sha256(page.markdown.encode()).digest()


def _evidence(session_id: str, ports: Ports) -> Iterator[DraftEvidenceLine]:
    for topic in Topic:
        try:
            review = load_model(ports, keys.review(session_id, topic.value), Review)
        except BlobMissing:
            continue
        for finding in review.findings:
            title = f"{topic.value}, {finding.severity.value}: {finding.title}"
            yield DraftEvidenceLine(path=finding.path, lines=finding.lines, title=title, excerpt=finding.excerpt)


def _published_before(session_id: str, ports: Ports) -> tuple[str, int] | None:
    """The last published session of this repository before this one, and the revision that it published."""
    try:
        earlier = load_manifest(ports, session_id).previous
        for _ in range(_EARLIER):
            if not earlier:
                return None
            session = ports.store.session(earlier)
            critiques = list(critiques_of(session, ports))
            if session.status.published and critiques:
                revision = critiques[-1].best_revision
                return (earlier, revision) if ports.blobs.exists(keys.draft(earlier, revision)) else None
            earlier = load_manifest(ports, earlier).previous
    except (BlobMissing, SessionUnknown, ValidationError):  # erased, expired, or of a release with other documents
        pass
    return None

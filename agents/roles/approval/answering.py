"""DecideApproval: the page behind the link, and what its form does. A link's preview, a GET, decides nothing."""

from __future__ import annotations

from dataclasses import dataclass

from agents import keys
from agents.contracts.approval import Approval, DraftDecision, DraftReport
from agents.contracts.http import HttpRequest, HttpResponse
from agents.errors import BlobMissing, SessionUnknown
from agents.ports import Approvals, Ports, SessionItems
from agents.roles.approval.core import (
    BODY_LIMIT,
    Form,
    FormRefused,
    decision_of,
    form_in,
    is_waited_for,
    link_in,
    same_wish,
)
from agents.roles.approval.page import decided_page, draft_page, message_page, request_page
from agents.session.documents import load_model
from agents.session.drafts import stored_draft
from agents.settings import AgentSettings


@dataclass(frozen=True)
class FormOutcome:
    """What became of a form: the decision that counts, and whether it is the form's; None: nobody waits any more."""

    decision: DraftDecision | None
    own: bool = False


def answer(request: HttpRequest, ports: Ports, settings: AgentSettings) -> HttpResponse:
    """The answer to one request at the function's address."""
    response = _answer(request, ports, settings)
    return response.with_changes(body="") if request.method == "HEAD" else response


def decide(form: Form, approval: Approval, approvals: Approvals, store: SessionItems, now: float) -> FormOutcome:
    """Make the form's decision, if the draft still waits for one; the command line decides by this as well."""
    wish = decision_of(form, approval, now)
    if approval.decision is None and not _waits(approval, store, now):
        made = _made_meanwhile(approval, approvals, store)
        return FormOutcome(made, made is not None and same_wish(made, wish))
    counts = approvals.decide(approval, wish)
    return FormOutcome(counts, same_wish(counts, wish))


def _answer(request: HttpRequest, ports: Ports, settings: AgentSettings) -> HttpResponse:
    if request.method not in {"GET", "HEAD", "POST"}:
        return message_page(405, "This address takes GET and POST.").with_changes(headers={"allow": "GET, HEAD, POST"})
    link = link_in(request.path)
    approval = ports.approvals.linked(link.session_id, link.revision, link.hash) if link else None
    if link is None or approval is None:
        return message_page(404, "This link is not valid. Open the link as it is in the message.")
    if request.method == "POST":
        return _post(request, approval, ports, settings)
    if approval.decision is not None:
        return decided_page(200, approval.decision)
    if not _waits(approval, ports.store, ports.clock.now()):
        return _over()
    page = request.query.get("page")
    return _form(200, approval, ports, settings) if page is None else _draft(page, approval, ports)


def _post(request: HttpRequest, approval: Approval, ports: Ports, settings: AgentSettings) -> HttpResponse:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return message_page(415, "Decide with the form of the page.")
    if len(request.body) > BODY_LIMIT:
        return message_page(413, "The form is too large.")
    try:
        form = form_in(request.body)
    except FormRefused as refusal:
        waits = _waits(approval, ports.store, ports.clock.now())
        return _form(422, approval, ports, settings, str(refusal)) if waits else _over()
    outcome = decide(form, approval, ports.approvals, ports.store, ports.clock.now())
    if outcome.decision is None:
        return _over()
    return decided_page(200 if outcome.own else 409, outcome.decision, other=not outcome.own)


def _waits(approval: Approval, store: SessionItems, now: float) -> bool:
    try:
        session = store.session(approval.session_id)
    except SessionUnknown:
        return False
    return is_waited_for(approval, session, now)


def _made_meanwhile(approval: Approval, approvals: Approvals, store: SessionItems) -> DraftDecision | None:
    """The decision that another made after the request was read, and for which its session no longer waits."""
    try:
        session = store.session(approval.session_id)
    except SessionUnknown:
        return None
    return next((item.decision for item in approvals.of(session) if item.revision == approval.revision), None)


def _over() -> HttpResponse:
    return message_page(410, "Nobody waits for this decision any more: the time was up, or the session has ended.")


def _form(status: int, approval: Approval, ports: Ports, settings: AgentSettings, problem: str = "") -> HttpResponse:
    report = load_model(ports, keys.draft_report(approval.session_id, approval.revision), DraftReport)
    return request_page(status, report, approval, settings.approval_default, problem)


def _draft(path: str, approval: Approval, ports: Ports) -> HttpResponse:
    try:
        with stored_draft(ports, approval.session_id, approval.revision) as draft:
            page = next((page for page in draft.pages if page.path == path), None)
    except BlobMissing:
        page = None
    return draft_page(page) if page else message_page(404, "The draft has no such page.")

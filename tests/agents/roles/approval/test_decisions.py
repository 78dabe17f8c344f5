"""What a link, a form and a decision mean."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from agents.contracts.approval import Approval, ApprovalDecision, AwaitApprovalInput, DraftReport, ExpireApprovalInput
from agents.contracts.draft import CriticReply, Critique, CritiqueFinding, Verdict
from agents.contracts.http import HttpRequest
from agents.contracts.session import SessionStatus
from agents.keys import critique as critique_key
from agents.keys import draft_report, manifest
from agents.roles.approval.answering import answer, decide
from agents.roles.approval.core import FormRefused, Link, decision_of, form_in, form_of, link_in
from agents.roles.approval.run import ask, expire, new_link
from agents.session.drafts import save_draft, sent_back
from tests.agents.fakes import EXECUTION, SESSION_ID, FakePorts, fake_ports, running_session, settings
from tests.agents.roles.editor.samples import FILES, material
from tests.agents.roles.editor.samples import manifest as sample_manifest
from tests.agents.roles.editor.test_pages import draft

APPROVAL = Approval(
    session_id=SESSION_ID, revision=1, execution=EXECUTION, asked_at=0, expires_at=4_000_000_000, sent_back=False
)
ASK = AwaitApprovalInput(session_id=SESSION_ID, revision=1, task_token="the-token")


@pytest.fixture
def ports() -> FakePorts:
    """A session whose first draft was judged."""
    world = fake_ports()
    world.store.claim(running_session())
    world.blobs.write(manifest(SESSION_ID), sample_manifest(FILES).model_dump_json().encode())
    save_draft(world, SESSION_ID, 1, draft(material(FILES)).pages)
    reply = CriticReply(
        completeness=80,
        truthfulness=80,
        helpfulness=80,
        consistency=80,
        findings=(CritiqueFinding(page="index.md", problem="It is short."),),
    )
    judged = Critique(revision=1, score=80, reply=reply, verdict=Verdict.APPROVED, best_revision=1, execution=EXECUTION)
    world.blobs.write(critique_key(SESSION_ID, 1), judged.model_dump_json().encode())
    return world


def link_of(ports: FakePorts) -> str:
    """The path in the message that was sent."""
    return ports.notices.sent[-1].link.removeprefix("https://decide.example")


def hash_of(path: str) -> str:
    """What the table has of a link."""
    link = link_in(path)
    assert link is not None
    return link.hash


def asked(ports: FakePorts) -> str:
    """The path of the link, once the draft waits."""
    ask(ASK, ports, settings("AwaitApproval", approval_url="https://decide.example/"))
    return link_of(ports)


def post(ports: FakePorts, path: str, **fields: str) -> int:
    kind = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
    request = HttpRequest(method="POST", path=path, headers=kind, body=urlencode(fields).encode())
    return answer(request, ports, settings("DecideApproval")).status


def test_the_message_has_a_link_and_neither_the_token_nor_what_the_table_has_of_the_link(ports: FakePorts) -> None:
    path = asked(ports)
    (notice,) = ports.notices.sent
    link = link_in(path)
    assert link is not None and ports.approvals.links[SESSION_ID, 1] == {link.hash}
    assert link.secret not in repr(ports.approvals)
    for hidden in ("the-token", link.hash):
        assert hidden not in repr(notice)
    assert ports.store.session(SESSION_ID).status is SessionStatus.AWAITING_APPROVAL


def test_the_report_has_the_findings_and_every_page(ports: FakePorts) -> None:
    asked(ports)
    report = DraftReport.model_validate_json(ports.blobs.read(draft_report(SESSION_ID, 1)))
    assert [finding.problem for finding in report.findings] == ["It is short."]
    assert len(report.pages) == len(report.added) > 0
    assert report.published == ""


def test_two_links_differ() -> None:
    assert new_link(APPROVAL) != new_link(APPROVAL)


@pytest.mark.parametrize("path", ["", "/", f"/{SESSION_ID}/1/short", f"/{SESSION_ID}/5/{'a' * 43}", "/x" * 999])
def test_other_paths_are_no_links(path: str) -> None:
    assert link_in(path) is None


def test_a_path_is_read_as_it_is_written() -> None:
    link = Link(SESSION_ID, 2, "a" * 43)
    assert link_in(f"/{link.path}") == link


def test_a_draft_is_sent_back_once_at_most_and_only_with_a_comment() -> None:
    rejects = form_of(approves=False, name="Ada", comment="Why?")
    silent = form_of(approves=False, name="Ada", comment=" \n ")
    again = APPROVAL.with_changes(sent_back=True)
    assert decision_of(rejects, APPROVAL, 1).decision is ApprovalDecision.REVISE
    assert decision_of(silent, APPROVAL, 1).decision is ApprovalDecision.REJECT
    assert decision_of(rejects, again, 1).decision is ApprovalDecision.REJECT
    assert decision_of(form_of(approves=True, name="Ada", comment="x"), again, 1).decision is ApprovalDecision.PUBLISH


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"decision=approve",
        b"decision=approve&name=",
        b"&".join([b"a=1"] * 20),
        b"decision=maybe&name=A",
        b"decision=approve&name=Ada&name=Bob",
        b"decision=reject&name=A&comment=no&comment=yes",
    ],
)
def test_a_form_that_is_incomplete_or_unreadable_is_refused(body: bytes) -> None:
    with pytest.raises(FormRefused):
        form_in(body)


def test_only_a_form_decides(ports: FakePorts) -> None:
    path = asked(ports)
    for method in ("GET", "HEAD", "GET", "OPTIONS"):
        answer(HttpRequest(method=method, path=path, query={"decision": "approve"}), ports, settings("DecideApproval"))
    assert ports.approvals.answered == []
    assert post(ports, path, name="Ada", decision="approve") == 200
    assert [(token, made.decision) for token, made in ports.approvals.answered] == [("the-token", "publish")]


def test_after_its_time_a_link_decides_nothing(ports: FakePorts) -> None:
    path = asked(ports)
    ports.clock.seconds += 72 * 3600 + 1
    assert post(ports, path, name="Ada", decision="approve") == 410
    assert ports.approvals.answered == []


@pytest.mark.parametrize("status", [SessionStatus.FAILED, SessionStatus.PUBLISHED, SessionStatus.RUNNING])
def test_when_the_session_no_longer_waits_its_link_decides_nothing(ports: FakePorts, status: SessionStatus) -> None:
    path = asked(ports)
    ports.store.close(ports.store.session(SESSION_ID), status)
    assert post(ports, path, name="Ada", decision="approve") == 410
    assert ports.approvals.answered == []


def test_who_decides_a_moment_after_another_sees_who_did(ports: FakePorts) -> None:
    read = ports.approvals.linked(SESSION_ID, 1, hash_of(asked(ports)))
    assert read is not None and read.decision is None
    assert post(ports, link_of(ports), name="Ada", decision="approve") == 200
    ports.store.sessions[SESSION_ID] = ports.store.session(SESSION_ID).with_changes(status=SessionStatus.RUNNING)

    same = decide(form_of(approves=True, name="Ada", comment=""), read, ports.approvals, ports.store, ports.clock.now())
    other = decide(
        form_of(approves=False, name="Bob", comment=""), read, ports.approvals, ports.store, ports.clock.now()
    )

    assert same.own
    assert other.decision is not None and (other.decision.decided_by, other.own) == ("Ada", False)


def test_a_link_of_an_earlier_execution_decides_nothing(ports: FakePorts) -> None:
    path = asked(ports)
    ports.store.sessions[SESSION_ID] = ports.store.session(SESSION_ID).with_changes(execution="arn:another")
    assert post(ports, path, name="Ada", decision="approve") == 410


def test_a_decision_at_the_last_moment_counts_more_than_the_default(ports: FakePorts) -> None:
    assert post(ports, asked(ports), name="Ada", decision="approve") == 200
    expired = expire(ExpireApprovalInput(session_id=SESSION_ID, revision=1), ports, settings("AwaitApproval"))
    assert expired.decision is ApprovalDecision.PUBLISH


@pytest.mark.parametrize("default", ["publish", "reject"])
def test_without_a_decision_the_default_counts_and_is_recorded(ports: FakePorts, default: str) -> None:
    path = asked(ports)
    own = settings("AwaitApproval", approval_default=default)
    assert expire(ExpireApprovalInput(session_id=SESSION_ID, revision=1), ports, own).decision == default
    assert post(ports, path, name="Ada", decision="approve") == 409


def test_the_draft_that_a_person_sent_back_is_known(ports: FakePorts) -> None:
    post(ports, asked(ports), name="Ada", decision="reject", comment="Say more.")
    back = sent_back(ports.store.session(SESSION_ID), ports.approvals)
    assert back is not None and back.decision is not None
    assert (back.revision, back.decision.comment) == (1, "Say more.")


def test_a_draft_that_waits_is_announced_with_its_deadline_and_without_its_link(ports: FakePorts) -> None:
    secret = asked(ports).rpartition("/")[2]
    (event,) = ports.events.sent
    assert (event.detail_type, event.status) == ("Session Awaiting Approval", SessionStatus.AWAITING_APPROVAL)
    assert (event.revision, event.score, event.expires_at) == (1, 80, event.occurred_at + 72 * 3600)
    assert secret not in event.model_dump_json() and ASK.task_token not in event.model_dump_json()


def test_a_draft_whose_session_was_closed_meanwhile_waits_for_nobody_and_is_not_announced(ports: FakePorts) -> None:
    ports.store.close(ports.store.session(SESSION_ID), SessionStatus.FAILED)
    asked(ports)
    assert ports.events.sent == []

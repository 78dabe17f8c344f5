"""A draft waits for a person on the local cloud, and is decided over HTTP by the function that runs on AWS."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from agents.contracts.reaping import ReapInput
from agents.contracts.session import SessionStatus
from cli.commands.approve import approve
from cli.commands.reap import ask_reaper
from cli.errors import BadInput, ExitCode
from cli.session.approving import Wish
from cli.session.execution_watch import events_of
from cli.stack.clients import stack_of
from local.cloud import LocalCloud
from tests.chaos.cloud import write_modules
from tests.e2e.approvals import Answer, Waiting, ask, cloud_with, form, submitted
from tests.e2e.event_queue import EventReader
from tests.e2e.signals import structured_lines

pytestmark = [pytest.mark.local, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    with cloud_with(tmp_path_factory.mktemp("approval") / "state") as served:
        yield served


@pytest.fixture(scope="module", autouse=True)
def reader(cloud: LocalCloud) -> EventReader:
    """Another program, which hears of every session."""
    return EventReader(cloud)


@pytest.fixture
def draft(cloud: LocalCloud, tmp_path: Path) -> Waiting:
    """A draft of a repository that no other test has."""
    execution, session_id = submitted(cloud, write_modules(tmp_path / "repo", 2))
    waits = Waiting(cloud, execution, session_id, "")
    waits.link = waits.next_link(1)
    return waits


def status_of(waits: Waiting) -> SessionStatus:
    return stack_of(waits.cloud).store.session(waits.session_id).status


def test_previews_decide_nothing_and_the_form_approves(draft: Waiting, reader: EventReader) -> None:
    for method in ("GET", "HEAD", "GET", "HEAD"):
        answer = ask(draft.link, method)
        assert answer.status == 200
        assert (answer.text == "") == (method == "HEAD")
    assert status_of(draft) is SessionStatus.AWAITING_APPROVAL

    assert ask(draft.link, "POST", form("approve", comment="Fine.")).status == 200

    record = draft.record()
    assert record.status is SessionStatus.PUBLISHED
    (approval,) = record.approvals
    assert (approval.decision, approval.decided_by, approval.comment) == ("publish", "Ada", "Fine.")
    announced = dict(reader.of(draft.session_id, "Session Published"))
    assert list(announced) == ["Session Started", "Session Awaiting Approval", "Session Published"]
    assert announced["Session Awaiting Approval"].revision == 1
    assert stack_of(draft.cloud).blobs.exists(announced["Session Published"].pointers.site)


def test_the_reaper_says_how_long_a_draft_has_waited(draft: Waiting) -> None:
    ask_reaper(draft.cloud, ReapInput())

    lines = [line for line in structured_lines(draft.cloud) if "ApprovalWaitSeconds" in line]

    assert {tuple(line["_aws"]["CloudWatchMetrics"][0]["Dimensions"][0]) for line in lines} == {("environment",)}
    assert all(line["state"] == "Reap" and line["ApprovalWaitSeconds"][0] > 0 for line in lines)
    assert ask(draft.link, "POST", form("reject")).status == 200


def test_a_rejection_without_a_comment_ends_the_session(draft: Waiting, reader: EventReader) -> None:
    assert ask(draft.link, "POST", form("reject")).status == 200
    record = draft.record()
    assert (record.status, record.error) == (SessionStatus.REJECTED, None)
    assert [approval.decision for approval in record.approvals] == ["reject"]
    assert reader.of(draft.session_id, "Session Rejected")[-1][1].status is SessionStatus.REJECTED


def test_a_rejection_with_a_comment_goes_through_edit_once_and_a_second_one_ends_the_session(draft: Waiting) -> None:
    assert "Sent back" in ask(draft.link, "POST", form("reject", comment="Say more.")).text

    second = draft.next_link(2)
    assert "a draft was sent back before" in ask(second).text
    assert ask(second, "POST", form("reject", "Bob", "Still not.")).status == 200

    record = draft.record()
    assert record.status is SessionStatus.REJECTED
    assert record.revisions == 2
    made = [(approval.revision, approval.decision, approval.decided_by) for approval in record.approvals]
    assert made == [(1, "revise", "Ada"), (2, "reject", "Bob")]
    entered = [span for span in events_of(stack_of(draft.cloud), draft.execution) if "stateEnteredEventDetails" in span]
    assert [event["stateEnteredEventDetails"]["name"] for event in entered].count("Edit") == 2


def test_a_double_click_counts_once_and_a_link_after_the_decision_shows_it(draft: Waiting) -> None:
    first, second = (ask(draft.link, "POST", form("approve")) for _ in range(2))
    assert (first.status, second.status) == (200, 200)
    late = ask(draft.link, "POST", form("reject", "Bob"))
    assert late.status == 409
    assert "your decision changes nothing" in late.text
    after = ask(draft.link)
    assert (after.status, "Approved" in after.text, "<form" in after.text) == (200, True, False)
    assert len(draft.record().approvals) == 1
    assert ask(draft.link, "POST", form("reject", "Bob")).status == 409


def test_of_two_people_at_once_one_decides_and_the_other_is_shown_who(draft: Waiting) -> None:
    answers: dict[str, Answer] = {}

    def decide(name: str, decision: str) -> None:
        answers[name] = ask(draft.link, "POST", form(decision, name))

    people = [threading.Thread(target=decide, args=pair) for pair in (("Ada", "approve"), ("Bob", "reject"))]
    for person in people:
        person.start()
    for person in people:
        person.join()

    assert sorted(answer.status for answer in answers.values()) == [200, 409]
    (approval,) = draft.record().approvals
    assert answers[approval.decided_by].status == 200
    (other,) = (answer for name, answer in answers.items() if name != approval.decided_by)
    assert approval.decided_by in other.text


def test_what_is_no_valid_decision_is_refused_and_changes_nothing(draft: Waiting) -> None:
    head, _, secret = draft.link.rpartition("/")
    tampered = f"{head}/{'A' if secret[0] != 'A' else 'B'}{secret[1:]}"
    refused: list[tuple[int, tuple[Any, ...]]] = [
        (404, (tampered,)),
        (404, (tampered, "POST", form("approve"))),
        (404, (f"{head.rpartition('/')[0]}/2/{secret}",)),
        (404, (f"{draft.link}/..",)),
        (405, (draft.link, "PUT", form("approve"))),
        (405, (draft.link, "DELETE")),
        (415, (draft.link, "POST", '{"decision": "approve"}', "application/json")),
        (413, (draft.link, "POST", form("approve", comment="x" * 40_000))),
        (422, (draft.link, "POST", form("reject", comment="x" * 2_001))),
        (422, (draft.link, "POST", form("approve", name=" "))),
        (422, (draft.link, "POST", form("perhaps"))),
        (422, (draft.link, "POST", form("approve") + "&decision=reject")),
        (404, (f"{draft.link}?page=nothing.md",)),
    ]
    assert [ask(*words).status for _, words in refused] == [status for status, _ in refused]
    assert status_of(draft) is SessionStatus.AWAITING_APPROVAL
    assert ask(draft.link, "POST", form("reject")).status == 200


def test_markup_in_a_comment_is_text(draft: Waiting) -> None:
    answer = ask(draft.link, "POST", form("approve", "<b>Ada</b>", "<script>alert(1)</script> [x](javascript:1) | y"))
    assert "<script" not in answer.text and "<b>" not in answer.text
    assert "&lt;script&gt;" in answer.text
    draft.record()
    pages = stack_of(draft.cloud).blobs.read(f"sessions/{draft.session_id}/site.zip")
    assert b"<script>alert(1)" not in pages


def test_the_page_lets_nothing_else_run_and_shows_the_draft(draft: Waiting) -> None:
    page = ask(draft.link)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src" not in policy and "unsafe" not in policy
    assert "<script" not in page.text and "task_token" not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert ask(f"{draft.link}?page=index.md").text.count("<pre>") == 1
    assert ask(draft.link, "POST", form("approve")).status == 200


def test_the_second_version_shows_what_it_changes(cloud: LocalCloud, tmp_path: Path) -> None:
    repository = write_modules(tmp_path / "changing", 2)
    execution, session_id = submitted(cloud, repository)
    first = Waiting(cloud, execution, session_id, "")
    ask(first.next_link(1), "POST", form("approve"))
    first.record()
    (repository / "added.py").write_text('"""New."""\n\ndef fresh():\n    """Fresh."""\n')
    (repository / "module_000.py").unlink()

    execution, session_id = submitted(cloud, repository)
    second = Waiting(cloud, execution, session_id, "")
    link = second.next_link(1)
    page = ask(link).text

    assert first.session_id in page
    added, changed, removed = (page.index(f"{word}: ") for word in ("Added", "Changed", "Removed"))
    assert "added" in page[added:changed] and "module_000" in page[removed:]
    assert ask(link, "POST", form("reject")).status == 200


@pytest.mark.parametrize(
    ("wish", "sentence", "status"),
    [
        (
            Wish(approves=True, comment="Fine.", name="Ada"),
            "Approved: the draft is published.",
            SessionStatus.PUBLISHED,
        ),
        (Wish(approves=False, name="Ada"), "Rejected: the session ends as REJECTED", SessionStatus.REJECTED),
    ],
    ids=["approve", "reject"],
)
def test_the_commands_decide_as_the_page_does_and_once(
    draft: Waiting, wish: Wish, sentence: str, status: SessionStatus
) -> None:
    answers = io.StringIO()

    assert approve(draft.cloud, draft.session_id, wish, Console(file=answers, width=200)) is ExitCode.DONE

    assert sentence in answers.getvalue()
    record = draft.record()
    assert record.status is status
    assert [approval.decided_by for approval in record.approvals] == ["Ada"]
    with pytest.raises(BadInput, match="does not wait"):
        approve(draft.cloud, draft.session_id, wish, Console(file=answers))
    with pytest.raises(BadInput, match="has ended"):
        approve(None, draft.session_id, wish, Console(file=answers))

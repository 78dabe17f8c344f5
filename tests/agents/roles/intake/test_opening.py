"""OpenSession: of a branch the newest commit is documented, and nothing is stopped that anybody else wants."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agents.contracts.pushed import PushedCommit
from agents.contracts.session import SessionStatus
from agents.contracts.states import Opening, OpenSessionInput, OpenSessionOutput
from agents.roles.intake.run import run
from tests.agents.fakes import FakePorts, fake_ports, settings

NOW = 1_800_000_000


class Branch:
    """Pushes commits whose archive is their name, each by an execution of its own."""

    def __init__(self) -> None:
        self.ports: FakePorts = fake_ports()
        self.executions = 0

    def push(
        self, commit: str, second: int, ref: str = "branch/main", repository: str = "host/a/x"
    ) -> OpenSessionOutput:
        return self._open(commit, pushed(second, ref, repository).metadata)

    def upload(self, commit: str) -> OpenSessionOutput:
        return self._open(commit, {})

    def _open(self, commit: str, about: dict[str, str]) -> OpenSessionOutput:
        self.executions += 1
        execution = f"execution-{self.executions}"
        self.ports.executions.running.add(execution)
        return self.ask(commit, about, execution)

    def ask(self, commit: str, about: dict[str, str], execution: str) -> OpenSessionOutput:
        key = f"uploads/host/a/x/{commit}.zip"
        self.ports.uploads.blobs[key], self.ports.uploads.described[key] = commit.encode(), about
        request = {"execution": execution, "detail": {"object": {"key": key, "size": 1}}}
        return run(OpenSessionInput.model_validate(request), self.ports, settings("OpenSession"))

    def stopped(self) -> dict[str, str]:
        return {execution: ending.error for execution, ending in self.ports.executions.endings.items()}

    def end(self, session_id: str, status: SessionStatus) -> None:
        self.ports.executions.running.discard(self.ports.store.session(session_id).execution)
        self.ports.store.close(self.ports.store.session(session_id), status)


def pushed(second: int, ref: str = "branch/main", repository: str = "host/a/x") -> PushedCommit:
    return PushedCommit(
        repository=repository, ref=ref, commit="c" * 40, pushed_at=NOW + second, arrival=(NOW + 1_000) * 10**9 + second
    )


@pytest.fixture
def branch() -> Branch:
    return Branch()


def test_a_newer_commit_stops_the_run_of_an_older_one(branch: Branch) -> None:
    older = branch.push("old", 1)
    assert branch.push("new", 2).opening is Opening.OPENED
    assert branch.stopped() == {"execution-1": "Superseded"}
    assert "branch/main of host/a/x" in branch.ports.executions.endings["execution-1"].cause
    assert branch.ports.store.session(older.session_id).superseded
    assert branch.ports.reaper.requested == [older.session_id]


def test_an_older_push_that_arrives_late_does_no_work_and_stops_nothing(branch: Branch) -> None:
    branch.push("new", 2)
    assert branch.push("old", 1).opening is Opening.SUPERSEDED
    assert branch.stopped() == {}


def test_a_late_push_that_was_superseded_already_is_a_duplicate(branch: Branch) -> None:
    branch.push("new", 2)
    branch.end(branch.push("old", 1).session_id, SessionStatus.SUPERSEDED)
    assert branch.push("old", 1).opening is Opening.DUPLICATE


def test_pushes_without_a_time_of_their_host_count_by_arrival() -> None:
    early = pushed(1).with_changes(pushed_at=0)
    late = pushed(2).with_changes(pushed_at=0)
    assert early.order < late.order
    assert pushed(5_000).order < pushed(6_000).order, "a time after the arrival would stop every later push"
    assert pushed(5_000).order[:11] == f"{NOW + 1_000:011d}"


def test_a_session_that_another_branch_heads_goes_on(branch: Branch) -> None:
    branch.push("old", 1)
    assert branch.push("old", 1, ref="branch/release").opening is Opening.DUPLICATE
    branch.push("new", 2)
    assert branch.stopped() == {}
    branch.push("newer", 3, ref="branch/release")
    assert branch.stopped() == {"execution-1": "Superseded"}


@pytest.mark.parametrize("first", ["upload", "push"])
def test_a_session_that_was_also_uploaded_by_hand_goes_on(branch: Branch, first: str) -> None:
    steps: list[Callable[[], OpenSessionOutput]] = [lambda: branch.upload("old"), lambda: branch.push("old", 1)]
    for step in steps if first == "upload" else reversed(steps):
        step()
    branch.push("new", 2)
    assert branch.stopped() == {}


def test_branches_of_other_repositories_are_others(branch: Branch) -> None:
    branch.push("old", 1)
    branch.push("new", 2, repository="host/b/x")
    assert branch.stopped() == {}


def test_an_upload_whose_metadata_is_no_push_is_an_upload(branch: Branch) -> None:
    branch.push("old", 1)
    assert branch.ask("new", {**pushed(2).metadata, "commit": "HEAD"}, "by-hand").opening is Opening.OPENED
    assert branch.stopped() == {}


def test_a_retry_stops_what_the_first_attempt_displaced(branch: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    branch.push("old", 1)
    with monkeypatch.context() as patch:
        patch.setattr(type(branch.ports.store), "withdraw", _dies)
        with pytest.raises(ConnectionError):
            branch.push("new", 2)
    assert branch.stopped() == {}
    assert branch.ask("new", pushed(2).metadata, "execution-2").opening is Opening.OPENED
    assert branch.stopped() == {"execution-1": "Superseded"}


def test_what_a_dead_execution_displaced_is_stopped_by_the_next_push(
    branch: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    branch.push("old", 1)
    with monkeypatch.context() as patch:
        patch.setattr(type(branch.ports.store), "withdraw", _dies)
        with pytest.raises(ConnectionError):
            branch.push("new", 2)
    branch.push("newest", 3)
    assert branch.stopped() == {"execution-1": "Superseded", "execution-2": "Superseded"}


def test_a_superseded_commit_that_is_pushed_again_is_documented_by_another_execution(branch: Branch) -> None:
    old = branch.push("old", 1)
    branch.push("new", 2)
    assert branch.push("old", 3).opening is Opening.OPENED, "before the reaper has closed it"
    session = branch.ports.store.session(old.session_id)
    assert (session.execution, session.superseded) == ("execution-3", False)
    assert branch.stopped() == {"execution-1": "Superseded", "execution-2": "Superseded"}


def test_a_closed_superseded_session_is_opened_again(branch: Branch) -> None:
    old = branch.push("old", 1)
    branch.push("new", 2)
    branch.end(old.session_id, SessionStatus.SUPERSEDED)
    assert branch.push("old", 3).opening is Opening.OPENED


def test_a_documented_commit_that_is_pushed_again_supersedes_what_came_between(branch: Branch) -> None:
    old = branch.push("old", 1)
    branch.end(old.session_id, SessionStatus.PUBLISHED)
    branch.push("new", 2)
    assert branch.push("old", 3).opening is Opening.DUPLICATE
    assert branch.stopped() == {"execution-2": "Superseded"}


def test_duplicates_in_any_order_leave_the_newest_running(branch: Branch) -> None:
    for commit, second in [("b", 2), ("a", 1), ("b", 2), ("c", 3), ("a", 1), ("b", 2), ("c", 3)]:
        branch.push(commit, second)
    head = branch.push("c", 3)
    assert head.opening is Opening.DUPLICATE
    assert branch.ports.store.session(head.session_id).execution not in branch.stopped()


def _dies(*_: object) -> None:
    raise ConnectionError

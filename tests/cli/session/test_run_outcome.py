"""session.json is the truth, however a session ended."""

from __future__ import annotations

import json

import pytest

from agents import keys
from agents.contracts.review import Review
from agents.contracts.session import ErrorRecord, SessionStatus
from agents.contracts.snapshot import Gap
from agents.contracts.structure import Topic
from cli.session import execution_history as history
from cli.session import run_outcome, run_outcome_loader
from cli.session.execution_watch import EndedExecution
from tests.agents.fakes import running_session
from tests.cli.recorded import SESSION_ID, failed_in_scan, published
from tests.cli.samples import documented_stack, record


def ended(status: str, events: list[dict[str, object]]) -> EndedExecution:
    return EndedExecution(status, events, history.state_of(events))


def test_a_finished_sessions_record_gets_timings_payload_and_events() -> None:
    stack, _ = documented_stack(record())
    loaded = run_outcome_loader.outcome_of(stack, ended("SUCCEEDED", published()), "bees")
    assert loaded.record.timings.wall_s == 20.0
    assert loaded.record.payload.max_state == "Critique"
    assert loaded.record.events == len(published())
    assert [batch.batch_id for batch in loaded.batches] == ["b00001"]


def test_findings_are_the_reviews_own_and_a_missing_review_is_no_zero() -> None:
    stack, blobs = documented_stack(record())
    unreviewed = run_outcome_loader.outcome_of(stack, ended("SUCCEEDED", published()), "bees")
    clean = Review(topic=Topic.SECURITY, reviewed=True)
    blobs.blobs[keys.review(SESSION_ID, "security")] = clean.model_dump_json().encode()
    failed = Review(topic=Topic.PERFORMANCE, reviewed=False, detail="it failed")
    blobs.blobs[keys.review(SESSION_ID, "performance")] = failed.model_dump_json().encode()
    half = run_outcome_loader.outcome_of(stack, ended("SUCCEEDED", published()), "bees")
    assert unreviewed.findings == "security not reviewed and performance not reviewed"
    assert half.findings == "0, performance not reviewed"


def test_the_history_is_archived_for_runs_that_find_the_session_done() -> None:
    stack, blobs = documented_stack(record())
    first = run_outcome_loader.outcome_of(stack, ended("SUCCEEDED", published()), "bees")
    assert blobs.writes == [keys.history(SESSION_ID)]
    again = run_outcome_loader.earlier_outcome(
        stack, ended("SUCCEEDED", published()[:3]), SessionStatus.PUBLISHED, "bees"
    )
    assert again.record == first.record
    assert again.duplicate


def test_a_session_that_ended_before_its_history_was_archived_still_has_its_record() -> None:
    stack, _ = documented_stack(record())
    again = run_outcome_loader.earlier_outcome(
        stack, ended("SUCCEEDED", published()[:3]), SessionStatus.PUBLISHED, "bees"
    )
    assert again.record == record()
    assert again.record.events == 0


def test_a_failure_without_a_record_has_what_is_certain() -> None:
    stack, _ = documented_stack(None)
    loaded = run_outcome_loader.outcome_of(stack, ended("FAILED", failed_in_scan()), "bees").record
    assert (loaded.status, loaded.repository.name, loaded.session_id) == (SessionStatus.FAILED, "bees", SESSION_ID)
    assert loaded.error == ErrorRecord(name="RepositoryEmpty", cause="nothing in it can be read")
    assert (loaded.model, loaded.release, loaded.usage.cap_usd) == ("extractive", "release-1", 10.0)
    assert loaded.timings.wall_s == 4.0


def test_a_recorded_failure_keeps_its_own_words() -> None:
    said = ErrorRecord(name="TooManyGaps", cause="30 of 100 files")
    failed = record(status=SessionStatus.FAILED).model_copy(update={"error": said})
    stack, _ = documented_stack(failed)
    assert run_outcome_loader.outcome_of(stack, ended("FAILED", failed_in_scan()), "bees").record.error == said


def test_an_execution_that_failed_is_never_reported_as_published() -> None:
    stack, _ = documented_stack(record())
    loaded = run_outcome_loader.outcome_of(
        stack, ended("FAILED", failed_in_scan("Lambda.Unknown", "gone")), "bees"
    ).record
    assert loaded.status is SessionStatus.FAILED
    assert loaded.error == ErrorRecord(name="Lambda.Unknown", cause="gone")


def test_an_execution_that_was_stopped_for_a_newer_commit_has_not_failed() -> None:
    stopped = ended("ABORTED", failed_in_scan("Superseded", "a newer commit was pushed to branch/main"))
    for stored in (None, record()):
        stack, _ = documented_stack(stored)
        loaded = run_outcome_loader.outcome_of(stack, stopped, "bees").record
        assert loaded.status is SessionStatus.SUPERSEDED
        assert loaded.error == ErrorRecord(name="Superseded", cause="a newer commit was pushed to branch/main")


@pytest.mark.parametrize("status", [SessionStatus.SUPERSEDED, SessionStatus.REJECTED])
def test_a_session_that_ended_without_a_site_and_without_failing_is_called_as_it_ended(status: SessionStatus) -> None:
    stack, _ = documented_stack(record(status=status))
    loaded = run_outcome_loader.stored_outcome(stack, running_session(SESSION_ID, status=status), published())
    assert (loaded.record.status, loaded.record.error) == (status, None)


def test_session_json_has_the_schemas_names() -> None:
    gap = Gap(path="a.py", reason="FileTooLarge", detail="7 MB")
    written = json.loads(run_outcome.as_json(run_outcome.completed(record(gap), published())))
    assert written["routes"] == {"lambda": 7, "fargate": 0, "batch_inference": 0}
    assert written["gaps"] == [{"path": "a.py", "reason": "FileTooLarge", "detail": "7 MB", "extracted": False}]
    assert set(written["timings"]) == {"wall_s", "states"}
    assert written["error"] is None

"""CloseSession and FailSession: the record accounts for every file, however the session ended."""

from __future__ import annotations

import pytest

from agents import keys
from agents.contracts.analysis import AnalysisPointer
from agents.contracts.draft import CriticReply, Critique, Verdict
from agents.contracts.session import BatchOutcome, LostBatch, SessionRecord, SessionStatus, UsageRecord
from agents.contracts.snapshot import Gap, Manifest, ManifestEntry, Route, SkipReason
from agents.contracts.states import CloseSessionInput, FailSessionInput
from agents.contracts.usage import Spending, Usage
from agents.errors import SessionTaken, SessionUnknown
from agents.roles.closer.run import run
from tests.agents.fakes import EXECUTION, SESSION_ID, FakePorts, fake_ports, running_session, settings

PUBLISHED = CloseSessionInput(session_id=SESSION_ID, execution=EXECUTION, status=SessionStatus.PUBLISHED)
FAILED = FailSessionInput(
    session_id=SESSION_ID,
    execution=EXECUTION,
    error="TooManyGaps",
    cause='{"errorMessage": "half is missing", "stackTrace": ["line"]}',
)


def entry(number: int, **fate: object) -> ManifestEntry:
    plain = {"path": f"f{number}.py", "language": "python", "bytes": 10, "lines": 1, "digest": f"{number:064x}"}
    key = None if fate.keys() & {"skipped", "gap"} else f"{number:064x}"
    return ManifestEntry.model_validate({**plain, "analysis_key": key, **fate})


def pointer(number: int) -> AnalysisPointer:
    return AnalysisPointer(analysis_key=f"{number:064x}", blob_key="x", index=0, symbols_total=4, symbols_documented=3)


def critique(revision: int, score: int, verdict: Verdict, execution: str = EXECUTION) -> bytes:
    reply = CriticReply(completeness=score, truthfulness=score, helpfulness=score, consistency=score)
    judged = Critique(
        revision=revision, score=score, reply=reply, verdict=verdict, best_revision=1, execution=execution
    )
    return judged.model_dump_json().encode()


@pytest.fixture
def ports() -> FakePorts:
    world = fake_ports()
    world.store.sessions[SESSION_ID] = running_session()
    return world


@pytest.fixture
def documented(ports: FakePorts) -> FakePorts:
    entries = (
        entry(1, batch_id="b00000"),
        entry(2, batch_id="b00000"),
        entry(3, batch_id="b00001"),
        entry(4, reused=True),
        entry(5, skipped=SkipReason.BINARY),
        entry(6, gap=Gap(path="f6.py", reason="FileTooLarge", detail="big")),
        entry(7, batch_id="b00002"),
    )
    manifest = Manifest(session_id=SESSION_ID, repository="demo", entries=entries)
    ports.blobs.write(keys.manifest(SESSION_ID), manifest.model_dump_json().encode())
    ports.store.save_analyses([pointer(1), pointer(4), pointer(7)])
    unread = Gap(path="f2.py", reason="FileUnparseable", detail="odd")
    first = BatchOutcome(batch_id="b00000", route=Route.LAMBDA, analysed=1, gaps=(unread,), usage=Usage(requests=2))
    ports.store.save_batch(SESSION_ID, first)
    ports.store.save_batch(SESSION_ID, BatchOutcome(batch_id="b00002", route=Route.FARGATE, analysed=1))
    ports.store.lost[SESSION_ID, "b00001"] = LostBatch(batch_id="b00001", error="ModelAccessDenied", cause="no")
    ports.store.save_usage(SESSION_ID, "editor-1", Usage(requests=1, usd=0.25))
    settled = Usage(requests=4, input_tokens=700, usd=0.5)
    ports.store.spendings[SESSION_ID] = Spending(settled=settled, in_flight_requests=1, in_flight_usd=0.1)
    ports.blobs.write(keys.critique(SESSION_ID, 1), critique(1, 70, Verdict.RISING))
    ports.blobs.write(keys.critique(SESSION_ID, 2), critique(2, 90, Verdict.APPROVED))
    return ports


def record(ports: FakePorts) -> SessionRecord:
    return SessionRecord.model_validate_json(ports.blobs.blobs[keys.record(SESSION_ID)])


def test_a_published_session_accounts_for_every_file(documented: FakePorts) -> None:
    output = run(PUBLISHED, documented, settings("CloseSession"))
    kept = record(documented)
    assert (output.session_id, output.status) == (SESSION_ID, SessionStatus.PUBLISHED)
    assert (output.files_total, output.gaps) == (7, 3)
    coverage = kept.coverage
    assert (coverage.files_analysed, coverage.files_reused, coverage.files_skipped) == (2, 1, 1)
    assert (coverage.symbols_total, coverage.symbols_documented) == (12, 9)
    assert {gap.path: gap.reason for gap in kept.gaps} == {
        "f2.py": "FileUnparseable",
        "f3.py": "ModelAccessDenied",
        "f6.py": "FileTooLarge",
    }
    assert documented.store.session(SESSION_ID).status is SessionStatus.PUBLISHED


def test_the_record_has_routes_usage_revisions_and_who_made_it(documented: FakePorts) -> None:
    run(PUBLISHED, documented, settings("CloseSession", cap_usd=3))
    kept = record(documented)
    assert (kept.routes.on_lambda, kept.routes.fargate) == (1, 1)
    assert kept.usage == UsageRecord(
        requests=4, input_tokens=700, usd=0.5, cap_usd=3.0, in_flight_requests=1, in_flight_usd=0.1
    ), "the ledger's figures, whatever roles and batches have reported"
    assert (kept.revisions, kept.score, kept.model, kept.release) == (2, 90, "extractive", "r0")
    assert (kept.repository.files, kept.repository.bytes, kept.error) == (7, 70, None)


def test_routes_are_written_under_the_names_of_the_design(documented: FakePorts) -> None:
    run(PUBLISHED, documented, settings("CloseSession"))
    assert b'"lambda": 1' in documented.blobs.blobs[keys.record(SESSION_ID)]


def test_critiques_of_an_earlier_failed_run_do_not_count(documented: FakePorts) -> None:
    documented.blobs.write(keys.critique(SESSION_ID, 1), critique(1, 85, Verdict.APPROVED))
    run(PUBLISHED, documented, settings("CloseSession"))
    assert (record(documented).revisions, record(documented).score) == (1, 85)


def test_critiques_of_another_execution_are_a_failed_runs(documented: FakePorts) -> None:
    documented.blobs.write(keys.critique(SESSION_ID, 1), critique(1, 85, Verdict.RISING, execution="an earlier one"))
    run(FAILED, documented, settings("CloseSession"))
    assert (record(documented).revisions, record(documented).score) == (0, None)


def test_a_failed_session_keeps_what_is_known_and_names_the_error(documented: FakePorts) -> None:
    output = run(FAILED, documented, settings("CloseSession"))
    kept = record(documented)
    assert (output.status, output.files_total, output.gaps) == (SessionStatus.FAILED, 7, 3)
    assert kept.error is not None
    assert (kept.error.name, kept.error.cause) == ("TooManyGaps", "half is missing")


def test_a_session_that_failed_before_its_manifest_has_zeros(ports: FakePorts) -> None:
    output = run(FAILED, ports, settings("CloseSession"))
    assert (output.files_total, output.gaps) == (0, 0)
    assert record(ports).repository.name == "demo"
    assert ports.store.session(SESSION_ID).status is SessionStatus.FAILED


def test_closing_twice_changes_nothing(documented: FakePorts) -> None:
    first = run(PUBLISHED, documented, settings("CloseSession"))
    before = dict(documented.blobs.blobs)
    assert run(PUBLISHED, documented, settings("CloseSession")) == first
    assert documented.blobs.blobs == before


def test_an_unknown_session_is_not_invented() -> None:
    with pytest.raises(SessionUnknown):
        run(FAILED, fake_ports(), settings("CloseSession"))


def test_a_session_that_came_too_late_is_closed_as_superseded_with_its_reason(ports: FakePorts) -> None:
    late = CloseSessionInput(session_id=SESSION_ID, execution=EXECUTION, status=SessionStatus.SUPERSEDED)
    assert run(late, ports, settings("CloseSession")).files_total == 0
    assert ports.store.session(SESSION_ID).status is record(ports).status is SessionStatus.SUPERSEDED
    error = record(ports).error
    assert error is not None
    assert error.name == "Superseded"


@pytest.mark.parametrize("request_of_the_dying", [PUBLISHED, FAILED])
def test_an_execution_whose_session_was_taken_over_writes_nothing_about_it(
    documented: FakePorts, request_of_the_dying: CloseSessionInput | FailSessionInput
) -> None:
    taken_over = running_session().with_changes(execution="the new holder's")
    documented.store.sessions[SESSION_ID] = taken_over
    before = dict(documented.blobs.blobs)

    with pytest.raises(SessionTaken, match="the new holder's"):
        run(request_of_the_dying, documented, settings("CloseSession"))

    assert documented.store.session(SESSION_ID) == taken_over
    assert documented.blobs.blobs == before

"""A session that ran short ends truthfully, and a larger cap may take it up again."""

from __future__ import annotations

from agents import keys
from agents.contracts.analysis import AnalysisPointer
from agents.contracts.ladder import LadderStep, Rung, shortage
from agents.contracts.session import BatchOutcome, SessionRecord, SessionStatus
from agents.contracts.snapshot import Manifest, ManifestEntry, Route
from agents.contracts.states import CloseSessionInput
from agents.roles.closer.run import run
from agents.session.documents import load_manifest
from tests.agents.fakes import EXECUTION, SESSION_ID, FakePorts, fake_ports, running_session, settings

ASKED, INSTEAD = "a" * 64, "b" * 64


def step(role: str = "analyst", **changes: object) -> LadderStep:
    plain = {"rung": Rung.EXTRACTIVE, "planned": False, "role": role, "answers": 2, "detail": "full", "taken_at": 1}
    return LadderStep.model_validate({**plain, **changes})


def world(*unpaid: str) -> FakePorts:
    ports = fake_ports()
    ports.store.sessions[SESSION_ID] = running_session()
    entry = ManifestEntry(
        path="a.py",
        language="python",
        bytes=10,
        lines=1,
        digest="c" * 64,
        analysis_key=ASKED,
        batch_id="b00000",
        extractive_key=INSTEAD,
    )
    manifest = Manifest(session_id=SESSION_ID, repository="demo", entries=(entry,))
    ports.blobs.blobs[keys.manifest(SESSION_ID)] = manifest.model_dump_json().encode()
    outcome = BatchOutcome(batch_id="b00000", route=Route.LAMBDA, analysed=1, unpaid=unpaid)
    ports.store.save_batch(SESSION_ID, outcome)
    pointer = AnalysisPointer(analysis_key=INSTEAD, blob_key="x", index=0, symbols_total=3, symbols_documented=1)
    ports.store.save_analyses([pointer])
    return ports


def closed(ports: FakePorts, status: SessionStatus = SessionStatus.PUBLISHED) -> SessionRecord:
    run(
        CloseSessionInput(session_id=SESSION_ID, execution=EXECUTION, status=status),
        ports,
        settings(cap_usd=2.0),
    )
    return SessionRecord.model_validate_json(ports.blobs.blobs[keys.record(SESSION_ID)])


def test_a_file_without_a_model_is_documented_and_no_gap() -> None:
    record = closed(world("a.py"))
    assert (record.coverage.files_analysed, record.coverage.symbols_total) == (1, 3)
    assert record.gaps == ()


def test_another_sessions_extractive_analysis_never_hides_a_gap() -> None:
    record = closed(world())
    assert record.coverage.files_analysed == 0
    assert [gap.reason for gap in record.gaps] == ["AnalysisMissing"]


def test_the_manifest_says_who_described_the_file_and_why() -> None:
    (entry,) = load_manifest(world("a.py"), SESSION_ID).entries
    assert (entry.answered_by, entry.analysis_key) == ("extractive", INSTEAD)
    assert "budget" in entry.stepped_down


def test_a_larger_cap_frees_a_session_that_ran_short_and_the_same_cap_does_not() -> None:
    ports = world("a.py")
    ports.store.save_step(SESSION_ID, step())
    closed(ports)
    again = running_session(execution=EXECUTION + "-again", archive_version="v2")
    assert ports.store.claim(again, 2.0) is not None
    assert ports.store.claim(again, 2.5) is None


def test_a_session_that_had_enough_stays_closed_under_any_cap() -> None:
    ports = world("a.py")
    closed(ports)
    assert ports.store.claim(running_session(execution=EXECUTION + "-again"), 99.0) is not None


def test_a_session_with_gaps_may_be_taken_up_again_unless_a_person_rejected_it() -> None:
    again = running_session(execution=EXECUTION + "-again", archive_version="v2")
    for status, is_free in ((SessionStatus.PUBLISHED, True), (SessionStatus.REJECTED, False)):
        ports = world()
        assert closed(ports, status).gaps
        assert (ports.store.claim(again, 2.0) is None) is is_free


def test_open_findings_name_files_and_the_other_roles_questions() -> None:
    manifest = load_manifest(world("a.py"), SESSION_ID)
    found = shortage(manifest.documented, [step(), step("editor"), step("critic", planned=True)])
    assert found == (
        "1 of 1 files were described without a model because the budget was used up",
        "2 questions of the editor had no model's answer because the budget was used up",
    )
    assert shortage(load_manifest(world(), SESSION_ID).documented, []) == ()

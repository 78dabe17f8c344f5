"""What the report draws: batches with their attempts, files with their fates, compact and never invented."""

from __future__ import annotations

import json

from agents.contracts.session import BatchOutcome, Coverage, LostBatch, SessionStatus
from agents.contracts.snapshot import Gap, PlannedBatch, Route
from agents.contracts.usage import Usage
from cli.output.report_data import BATCH_STATES, FATES, columns, embedded, with_texts_once
from cli.session.batch_attempts import Attempt
from cli.session.run_outcome import RunOutcome
from tests.cli.recorded import START, published
from tests.cli.samples import entry, record

BEGUN = START.timestamp()


def planned(batch_id: str) -> PlannedBatch:
    return PlannedBatch(batch_id=batch_id, route=Route.LAMBDA, reason="small", files=1, bytes=9)


def rows_of(outcome: RunOutcome) -> dict[str, tuple[object, ...]]:
    return {row[0]: row[1:] for row in columns(outcome)["batches"]}


def test_a_batch_begins_when_its_analyst_noted_it() -> None:
    done = BatchOutcome(batch_id="b00000", route=Route.LAMBDA, analysed=1, began_at=BEGUN + 4, seconds=2.5)
    outcome = RunOutcome(record(), published(), (done,), (planned("b00000"),), (entry("a.py", "b00000"),))
    assert rows_of(outcome)["b00000"] == ("lambda", 4.0, 2.5, 0.0, 1, 0, BATCH_STATES.index("done"), 1)
    assert columns(outcome)["attempts"] == {}


def test_a_batch_without_a_recorded_time_or_spend_gets_none() -> None:
    old = BatchOutcome(batch_id="b00000", route=Route.LAMBDA, analysed=1, seconds=2.5)
    lost = LostBatch(batch_id="b00001", error="ModelReplyInvalid", cause="no JSON")
    outcome = RunOutcome(record(), published(), (old,), (planned("b00000"), planned("b00002")), lost=(lost,))
    rows = rows_of(outcome)
    assert rows["b00000"][1:3] == (None, 2.5)
    assert rows["b00001"][1:4] == (None, None, None)
    assert rows["b00002"][6] == BATCH_STATES.index("not ended")


def test_a_lost_batch_leads_to_its_error_and_cause() -> None:
    lost = LostBatch(batch_id="b00001", error="ModelReplyInvalid", cause="no JSON")
    outcome = RunOutcome(record(), published(), lost=(lost,))
    assert columns(outcome)["attempts"] == {"b00001": [["", None, None, "ModelReplyInvalid", "no JSON"]]}


def test_each_attempt_of_a_history_is_listed_once() -> None:
    tries = [
        Attempt("AnalyseBatch", BEGUN + 1, BEGUN + 2, "Runtime.OutOfMemory", "full"),
        Attempt("AnalyseOversizedBatch", BEGUN + 3, BEGUN + 9, "ModelReplyInvalid", "no JSON"),
    ]
    lost = LostBatch(batch_id="b00001", error="ModelReplyInvalid", cause="no JSON")
    outcome = RunOutcome(record(), published(), lost=(lost,), attempts={"b00001": tries})
    assert [short[:4] for short in columns(outcome)["attempts"]["b00001"]] == [
        ["AnalyseBatch", 1.0, 2.0, "Runtime.OutOfMemory"],
        ["AnalyseOversizedBatch", 3.0, 9.0, "ModelReplyInvalid"],
    ]
    assert rows_of(outcome)["b00001"][1:3] == (1.0, 8.0)


def test_a_files_spend_is_its_share_of_its_batch_by_bytes() -> None:
    done = BatchOutcome(batch_id="b00000", route=Route.LAMBDA, analysed=2, usage=Usage(requests=1, usd=1.0), seconds=8)
    entries = (entry("src/a.py", "b00000", 300), entry("src/b.py", "b00000", 100))
    drawn = columns(RunOutcome(record(), published(), (done,), (planned("b00000"),), entries))
    assert drawn["folders"] == ["src"]
    assert [(name, spent, usd) for _, name, _, _, _, spent, usd in drawn["files"]] == [
        ("a.py", 6.0, 0.75),
        ("b.py", 2.0, 0.25),
    ]


def test_a_file_with_a_gap_is_a_gap_whatever_was_planned() -> None:
    gap = Gap(path="a.py", reason="FileUnparseable", detail="")
    done = BatchOutcome(batch_id="b00000", route=Route.LAMBDA, analysed=0, gaps=(gap,))
    drawn = columns(RunOutcome(record(), published(), (done,), (), (entry("a.py", "b00000"),)))
    assert [FATES[file[2]] for file in drawn["files"]] == ["gap"]
    assert drawn["gaps"] == {"b00000": [["a.py", "FileUnparseable", ""]]}


def test_a_lost_batch_has_the_gaps_that_the_record_has_of_its_files() -> None:
    gap = Gap(path="a.py", reason="ModelReplyInvalid", detail="no JSON")
    lost = LostBatch(batch_id="b00001", error="ModelReplyInvalid", cause="no JSON")
    entries = (entry("a.py", "b00001"), entry("stored_before.py", "b00001"))
    outcome = RunOutcome(record(gap), published(), entries=entries, lost=(lost,))
    assert rows_of(outcome)["b00001"][4:7] == (2, 1, BATCH_STATES.index("lost"))
    assert columns(outcome)["gaps"] == {"b00001": [["a.py", "ModelReplyInvalid", "no JSON"]]}


def test_a_batch_whose_outcome_names_no_gap_has_those_of_the_record() -> None:
    gap = Gap(path="a.py", reason="AnalysisMissing", detail="")
    done = BatchOutcome(batch_id="b00000", route=Route.LAMBDA, analysed=1)
    outcome = RunOutcome(record(gap), published(), (done,), entries=(entry("a.py", "b00000"),))
    assert rows_of(outcome)["b00000"][5:7] == (1, BATCH_STATES.index("with gaps"))


def test_nobody_knows_the_gaps_of_a_lost_batch_before_the_files_are_counted() -> None:
    uncounted = record().model_copy(update={"coverage": Coverage()})
    done = BatchOutcome(batch_id="b00000", route=Route.LAMBDA, analysed=1)
    lost = LostBatch(batch_id="b00001", error="ModelReplyInvalid", cause="no JSON")
    outcome = RunOutcome(uncounted, published(), (done,), (planned("b00002"),), lost=(lost,))
    assert {name: row[5] for name, row in rows_of(outcome).items()} == {"b00000": 0, "b00001": None, "b00002": None}


def test_a_batch_that_waits_has_no_attempt() -> None:
    outcome = RunOutcome(record(), published(), planned=(planned("b00002"),))
    assert rows_of(outcome)["b00002"][-1] == 0


def test_a_file_is_not_called_analysed_because_its_session_was_stopped() -> None:
    stopped = record(status=SessionStatus.FAILED).model_copy(update={"coverage": Coverage()})
    done = BatchOutcome(batch_id="b00000", route=Route.LAMBDA, analysed=1)
    entries = (entry("a.py", "b00000"), entry("b.py", "b00001"))
    drawn = columns(RunOutcome(stopped, published(), (done,), (planned("b00001"),), entries))
    assert [FATES[file[2]] for file in drawn["files"]] == ["analysed", "open"]


def test_a_file_of_a_batch_without_an_outcome_has_no_time_and_no_spend() -> None:
    lost = LostBatch(batch_id="b00001", error="ModelReplyInvalid", cause="no JSON")
    drawn = columns(RunOutcome(record(), published(), entries=(entry("a.py", "b00001"),), lost=(lost,)))
    assert [file[-2:] for file in drawn["files"]] == [(None, None)]


def test_ten_thousand_batches_lost_for_one_reason_have_its_text_once() -> None:
    cause = "The provider is down. " * 50
    names = [f"b{number:05d}" for number in range(10_000)]
    drawn = {
        "attempts": {name: [["", None, None, "ModelUnavailable", cause]] for name in names},
        "gaps": {name: [[f"{name}.py", "ModelUnavailable", cause]] for name in names},
    }
    shared = with_texts_once(drawn)
    assert shared["texts"] == [cause]
    assert shared["gaps"]["b09999"] == [["b09999.py", "ModelUnavailable", 0]]
    assert len(embedded(shared)) < 2_000_000


def test_no_text_ends_the_element_that_holds_the_data() -> None:
    text = embedded({"cause": "</script><!--<script>&"})
    assert not set("<>&") & set(text)
    assert json.loads(text) == {"cause": "</script><!--<script>&"}

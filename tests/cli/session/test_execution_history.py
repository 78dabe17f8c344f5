"""Figures, spans and the present state, out of a recorded history."""

from __future__ import annotations

import json

import pytest

from cli.session import execution_history as history
from tests.cli.recorded import SESSION_ID, Recorder, failed_in_scan, published


def test_seconds_of_a_state_entered_twice_are_summed() -> None:
    timings = history.timings(published())
    assert timings.wall_s == 20.0
    assert timings.states["Edit"] == 3.0
    assert timings.states["Critique"] == 1.75
    assert timings.states["AnalyseFiles"] == 6.0


def test_branches_that_interleave_have_their_own_spans() -> None:
    spans = {span.state: span for span in history.spans(published())}
    assert (spans["SecurityAgent"].start, spans["SecurityAgent"].end) == (9.25, 11.25)
    assert (spans["PerformanceAgent"].start, spans["PerformanceAgent"].end) == (9.5, 10.5)


def test_a_state_that_was_never_left_ends_with_the_history() -> None:
    scan = history.spans(failed_in_scan())[-1]
    assert (scan.state, scan.start, scan.end, scan.finished) == ("Scan", 1.0, 4.0, False)


def test_the_largest_payload_is_measured_in_bytes_and_names_its_state() -> None:
    payload = history.payload(published())
    assert payload.max_state == "Critique"
    assert payload.max_bytes > 4000


def test_the_history_of_a_run_gives_its_session_and_batches() -> None:
    reached = history.state_of(published())
    assert (reached.session_id, reached.planned_batches) == (SESSION_ID, 12)
    assert reached.states == ()
    assert not reached.duplicate


def test_a_running_execution_tells_the_states_it_is_in() -> None:
    events = published()
    reviewing = next(n for n, event in enumerate(events) if "PerformanceAgent" in json.dumps(event, default=str))
    assert history.state_of(events[: reviewing + 1]).states == ("ReviewRepository", "SecurityAgent", "PerformanceAgent")


def test_a_duplicate_is_known_by_its_opening() -> None:
    recorder = Recorder()
    recorder.stay("OpenSession", 0.1, 0.2, {"session": {"session_id": SESSION_ID, "opening": "duplicate"}})
    assert history.state_of(recorder.events).duplicate


def test_an_error_has_its_name_and_lambdas_message() -> None:
    error = history.error(failed_in_scan())
    assert error is not None
    assert (error.name, error.cause) == ("RepositoryEmpty", "nothing in it can be read")
    assert history.error(published()) is None


def test_an_execution_out_of_time_is_named_as_the_states_language_names_it() -> None:
    recorder = Recorder()
    recorder.events.append({"id": 2, "type": "ExecutionTimedOut", "timestamp": recorder.events[0]["timestamp"]})
    error = history.error(recorder.events)
    assert error is not None
    assert error.name == "States.Timeout"


@pytest.mark.parametrize("events", [published(), failed_in_scan()])
def test_a_history_tells_the_same_after_it_was_archived(events: list[history.Event]) -> None:
    again = history.from_json(history.as_json(events))
    assert history.timings(again) == history.timings(events)
    assert history.payload(again) == history.payload(events)
    assert history.state_of(again) == history.state_of(events)


def test_no_history_is_no_figures() -> None:
    assert history.timings([]).wall_s == 0.0
    assert history.payload([]).max_bytes == 0
    assert history.spans([]) == ()


def test_an_execution_that_was_redriven_and_succeeded_has_no_error() -> None:
    recorder = Recorder()
    recorder.fail(1.0, "Broken", "for now")
    assert history.error(recorder.events) is not None
    recorder.redrive(2.0)
    assert history.error(recorder.events) is None
    recorder.succeed(3.0)
    assert history.error(recorder.events) is None

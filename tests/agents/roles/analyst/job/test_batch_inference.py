"""SubmitBatchInference, CheckBatchInference, CollectBatchInference: one job, paid once, however it ends."""

from __future__ import annotations

import pytest

from agents import keys
from agents.contracts.analysis import AnalystBrief
from agents.contracts.batch_inference import JobProgress, JobStatus, PollVerdict
from agents.contracts.session import BatchOutcome
from agents.contracts.snapshot import Route
from agents.contracts.states import AnalyseBatchInput
from agents.errors import BatchInferenceRefused, FileUnparseable, ModelThrottled
from agents.roles.analyst.job.run import BATCH_ID
from agents.session.batch_job import end_job
from tests.agents.fakes import EXECUTION, SESSION_ID, FakePorts
from tests.agents.roles.analyst.job.world import (
    OUTLINE,
    SPENT,
    answered,
    checked,
    collected,
    failed,
    job_settings,
    key,
    stored_job,
    submitted,
    world,
)

IN_PROGRESS = JobProgress(status=JobStatus.IN_PROGRESS)


def outcome(ports: FakePorts) -> BatchOutcome:
    return ports.store.outcomes[SESSION_ID, BATCH_ID]


def test_every_distinct_file_of_the_plan_is_one_record_and_the_most_is_held_for_longer_than_the_job_may_take() -> None:
    ports = world((1, 2), (3, 1))
    ended = submitted(ports)
    assert (ended.verdict, ended.polls, ended.wait_seconds) == (PollVerdict.WAIT, 0, 60)
    (job,) = ports.jobs.submitted
    assert (job.records, job.most_usd) == (3, 3.0)
    assert ports.blobs.blobs[keys.batch_inference_input(SESSION_ID, job.name)].count(b"\n") == 3
    assert [one.usd for one in ports.ledger.held.values()] == [3.0]
    assert ports.ledger.seconds[0] > job.deadline - job.submitted_at == 86_400


def test_a_record_asks_what_the_analyst_would_ask_with_the_repositorys_outline() -> None:
    ports = world((1, 2))
    submitted(ports)
    (asked, _) = ports.jobs.asked.values()
    assert isinstance(asked.brief, AnalystBrief)
    assert (asked.role, asked.brief.outline, asked.brief.files[0].path) == ("analyst", OUTLINE, "0_0.py")


def test_a_submit_that_is_tried_again_asks_for_the_same_job_and_holds_no_more() -> None:
    ports = world((1, 2))
    submitted(ports)
    ports.clock.seconds += 30
    submitted(ports)
    assert len(ports.jobs.submitted) == len(ports.ledger.held) == 1


def test_a_submit_that_died_before_aws_answered_asks_again_under_the_same_name() -> None:
    ports = world((1, 2))
    submitted(ports)
    unanswered = stored_job(ports).model_copy(update={"arn": ""})
    ports.blobs.blobs[keys.batch_inference_job(SESSION_ID)] = unanswered.model_dump_json().encode()
    submitted(ports)
    first, second = ports.jobs.submitted
    assert first.name == second.name
    assert len(ports.ledger.held) == 1


def test_another_execution_of_the_session_submits_a_job_of_its_own() -> None:
    ports = world((1, 2))
    submitted(ports)
    submitted(ports, execution=f"{EXECUTION}-again")
    first, second = ports.jobs.submitted
    assert first.name != second.name


def test_too_few_records_are_asked_in_realtime_and_the_reason_is_reported() -> None:
    ports = world((1, 2))
    ended = submitted(ports, batch_inference_minimum_records=3)
    assert (ended.verdict, ended.reason) == (
        PollVerdict.REALTIME,
        "2 records are too few for a job, which takes 3 or more",
    )
    assert (ports.jobs.submitted, ports.ledger.held) == ([], {})


def test_a_job_that_does_not_fit_the_budget_is_halved_until_it_does() -> None:
    ports = world(tuple(range(8)))
    ports.ledger.cap = 4.5
    ended = submitted(ports)
    assert ports.jobs.submitted[0].records == 4
    assert "BudgetExhausted" in ended.reason


def test_no_job_is_submitted_that_no_budget_holds() -> None:
    ports = world(tuple(range(8)))
    ports.ledger.cap = 1.5
    ended = submitted(ports)
    assert ended.verdict is PollVerdict.REALTIME
    assert "BudgetExhausted" in ended.reason
    assert (ports.jobs.submitted, ports.ledger.held) == ([], {})


def test_a_refusal_for_good_gives_the_money_back_and_goes_on_in_realtime() -> None:
    ports = world((1, 2))
    ports.jobs.errors = [BatchInferenceRefused("no such model")]
    ended = submitted(ports)
    assert (ended.verdict, ended.reason) == (PollVerdict.REALTIME, "BatchInferenceRefused: no such model")
    assert (ports.ledger.held, ports.ledger.spent) == ({}, 0)


def test_a_throttled_submit_gives_the_money_back_until_it_is_tried_again() -> None:
    ports = world((1, 2))
    ports.jobs.errors = [ModelThrottled("slow down")]
    with pytest.raises(ModelThrottled):
        submitted(ports)
    assert ports.ledger.held == {}
    assert submitted(ports).verdict is PollVerdict.WAIT
    assert len(ports.ledger.held) == 1


def test_a_file_that_cannot_be_read_is_no_record() -> None:
    ports = world((1, 2, 3))
    ports.structure.broken["0_1.py"] = FileUnparseable("no")
    submitted(ports)
    assert ports.jobs.submitted[0].records == 2


def test_files_that_have_an_analysis_are_not_asked_about() -> None:
    ports = world((1, 2, 3))
    submitted(ports)
    answered(ports, 1, "0_0.py")
    collected(ports)
    submitted(ports, execution=f"{EXECUTION}-again")
    assert ports.jobs.submitted[1].records == 2


def test_a_look_says_whether_to_wait_or_to_collect() -> None:
    ports = world((1, 2))
    submitted(ports)
    ports.jobs.progress = IN_PROGRESS
    waiting = checked(ports, polls=2)
    assert (waiting.verdict, waiting.polls, waiting.wait_seconds) == (PollVerdict.WAIT, 3, 202)
    assert waiting.checked_at < waiting.deadline
    for status in (one for one in JobStatus if one.over):
        ports.jobs.progress = JobProgress(status=status)
        assert checked(ports).verdict is PollVerdict.COLLECT


def test_a_throttled_look_counts_as_one() -> None:
    ports = world((1, 2))
    submitted(ports)
    ports.jobs.errors = [ModelThrottled("slow down")]
    ended = checked(ports, polls=4)
    assert (ended.verdict, ended.polls, ended.reason) == (PollVerdict.WAIT, 5, "AWS throttled the look")


def test_what_the_job_answered_is_stored_counted_and_paid_and_the_rest_of_its_money_comes_back() -> None:
    ports = world((1, 2), (3, 1))
    submitted(ports)
    answered(ports, 1, "0_0.py", note="nothing")
    answered(ports, 3, "1_0.py")
    failed(ports, 2)
    ended = collected(ports)
    assert (ended.status, ended.records, ended.analysed) == ("Completed", 3, 3)
    analysed = outcome(ports)
    assert (analysed.route, analysed.analysed, analysed.dropped_claims) == (Route.BATCH_INFERENCE, 3, 1)
    assert analysed.usage == SPENT + SPENT
    assert (ports.ledger.held, ports.ledger.spent) == ({}, 0.5)
    assert set(ports.store.pointers) == {key(1), key(3)}


def test_a_reply_that_its_file_disproves_is_left_to_the_analyst_and_paid_all_the_same() -> None:
    ports = world((1, 2))
    submitted(ports)
    answered(ports, 1, "0_0.py", end=99)
    answered(ports, 2, "another.py")
    assert collected(ports).analysed == 0
    assert ports.store.pointers == {}
    assert ports.ledger.spent == 0.5


def test_collecting_twice_changes_nothing() -> None:
    ports = world((1, 2))
    submitted(ports)
    answered(ports, 1, "0_0.py")
    assert collected(ports) == collected(ports)
    assert (ports.ledger.spent, outcome(ports).analysed) == (0.25, 1)


@pytest.mark.parametrize("status", [JobStatus.EXPIRED, JobStatus.FAILED, JobStatus.STOPPED])
def test_a_job_that_ended_with_nothing_costs_nothing(status: JobStatus) -> None:
    ports = world((1, 2))
    submitted(ports)
    ports.jobs.progress = JobProgress(status=status)
    assert (collected(ports).status, outcome(ports).analysed) == (status.value, 0)
    assert (ports.ledger.held, ports.ledger.spent) == ({}, 0)


def test_a_job_that_is_not_over_is_stopped_and_its_share_of_the_most_is_paid() -> None:
    ports = world((1, 2, 3, 4))
    submitted(ports)
    ports.jobs.progress = JobProgress(status=JobStatus.IN_PROGRESS, processed=1)
    assert collected(ports).analysed == 0
    assert ports.jobs.stopped == [ports.jobs.arn]
    assert (ports.ledger.held, ports.ledger.spent, outcome(ports).usage.usd) == ({}, 1.0, 1.0)


def test_a_job_that_aws_no_longer_knows_is_collected_as_nothing() -> None:
    ports = world((1, 2))
    submitted(ports)
    ports.jobs.errors = [BatchInferenceRefused("no such job")]
    assert collected(ports).analysed == 0
    assert ports.ledger.held == {}


def test_without_a_job_there_is_nothing_to_collect() -> None:
    ports = world((1, 2))
    assert (collected(ports).records, ports.store.outcomes) == (0, {})


def test_the_analyst_asks_about_the_rest_and_counts_only_its_own() -> None:
    from agents.roles.analyst.run import run
    from tests.agents.roles.analyst.test_analyst import plain

    ports = world((1, 2))
    submitted(ports)
    answered(ports, 1, "0_0.py")
    collected(ports)
    ports.model.respond = plain
    run(AnalyseBatchInput(session_id=SESSION_ID, batch_id="b00000", route=Route.LAMBDA), ports, job_settings())
    assert len(ports.model.questions) == 1
    assert [(one.route, one.analysed) for one in ports.store.outcomes.values()] == [
        (Route.BATCH_INFERENCE, 1),
        (Route.LAMBDA, 1),
    ]


def test_the_job_of_a_session_that_is_over_is_stopped_once_and_its_money_comes_back() -> None:
    ports = world((1, 2))
    assert end_job(SESSION_ID, ports) == ""
    submitted(ports)
    ports.jobs.progress = IN_PROGRESS
    assert end_job(SESSION_ID, ports) == ports.jobs.arn
    assert end_job(SESSION_ID, ports) == ""
    assert ports.jobs.stopped == [ports.jobs.arn]
    assert ports.ledger.held == {}

"""A batch goes to Lambda while its predicted time and memory fit with margin, and its reason says which did not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.contracts.session import Pace
from agents.contracts.snapshot import Route, TaskSize
from agents.roles.scanner.router import (
    LADDER,
    MEMORY_MARGIN,
    TIME_MARGIN,
    PredictedWork,
    Prediction,
    decide,
    ladder,
    predict,
    task_size,
)
from agents.settings import AgentSettings
from tests.agents.fakes import settings

#: MiB that Fargate gives with so many units of CPU (AWS, "Task CPU and memory").
FARGATE_SIZES = {
    1024: range(2048, 8193, 1024),
    2048: range(4096, 16385, 1024),
    4096: range(8192, 30721, 1024),
    8192: range(16384, 61441, 4096),
}
SETTINGS = settings(batch_lambda_kilobytes=2_000, analyst_memory_megabytes=2_048, lambda_seconds=900)
SMALL = [PredictedWork("python", 5_000)] * 40
work = st.lists(
    st.builds(PredictedWork, st.sampled_from(["python", "go"]), st.integers(0, 5_000_000)), min_size=1, max_size=9
)


def test_an_ordinary_batch_goes_to_lambda_and_says_what_was_predicted() -> None:
    decision = decide(SMALL, predict(SMALL, "extractive", {}), SETTINGS)
    assert decision.route is Route.LAMBDA
    assert decision.reason == (
        "40 files of 200,000 bytes, predicted 0.8 s and 134 MiB: fits a Lambda function with margin"
    )


@pytest.mark.parametrize(
    ("prediction", "stack", "reason"),
    [
        (
            Prediction(1, 100),
            SETTINGS.model_copy(update={"batch_lambda_kilobytes": 100}),
            "more than the 100,000 bytes",
        ),
        (Prediction(541, 100), SETTINGS, "more than the 540 s"),
        (Prediction(200, 100), SETTINGS.model_copy(update={"lambda_seconds": 300}), "more than the 180 s"),
        (Prediction(1, 1_500), SETTINGS, "more than the 1,434 MiB"),
    ],
)
def test_what_does_not_fit_goes_to_fargate_for_a_reason(
    prediction: Prediction, stack: AgentSettings, reason: str
) -> None:
    decision = decide(SMALL, prediction, stack)
    assert decision.route is Route.FARGATE
    assert reason in decision.reason


def test_a_batch_of_an_oversize_repository_goes_to_fargate_with_the_repository_as_its_reason() -> None:
    decision = decide(SMALL, Prediction(1, 100), SETTINGS, "it is huge")
    assert decision.route is Route.FARGATE
    assert decision.reason.endswith(": it is huge")


def test_a_language_model_is_predicted_to_be_slower_than_reading_structure() -> None:
    assert predict(SMALL, "bedrock:any", {}).seconds > 100 * predict(SMALL, "extractive", {}).seconds


def test_forty_files_with_a_slow_model_do_not_fit_once_history_says_so() -> None:
    asked = predict(SMALL, "bedrock:slow", {})
    assert decide(SMALL, asked, SETTINGS).route is Route.LAMBDA
    history = {"python": Pace(files=100, bytes=500_000, seconds=4_000)}
    assert decide(SMALL, predict(SMALL, "bedrock:slow", history), SETTINGS).route is Route.FARGATE


def test_questions_side_by_side_are_waited_for_once() -> None:
    files = [PredictedWork("python", 5_000)] * 60
    in_turn, at_once = (predict(files, "bedrock:any", {}, width).seconds for width in (1, 20))
    assert at_once == pytest.approx(in_turn / 20, rel=0.1)
    one = predict(files[:1], "bedrock:any", {}, 1)
    assert predict(files[:1], "bedrock:any", {}, 20) == one
    assert predict(files[:9], "bedrock:any", {}, 20).seconds == pytest.approx(one.seconds, rel=0.1)


def test_what_was_measured_side_by_side_corrects_nothing_where_it_is_as_usual() -> None:
    files = [PredictedWork("python", 5_000)] * 60
    usual = predict(files, "bedrock:any", {}, 12).seconds
    history = {"python": Pace(files=600, bytes=3_000_000, seconds=10 * usual)}
    assert predict(files, "bedrock:any", history, 12).seconds == pytest.approx(usual, rel=0.05)


def test_one_slow_file_does_not_change_a_prediction_much() -> None:
    usual = predict(SMALL, "bedrock:any", {}).seconds
    assert predict(SMALL, "bedrock:any", {"python": Pace(files=1, bytes=5_000, seconds=30)}).seconds < 2 * usual


def test_a_prediction_comes_close_to_what_was_measured_when_much_was_measured() -> None:
    history = {"python": Pace(files=10_000, bytes=50_000_000, seconds=1_000)}
    assert predict(SMALL, "extractive", history).seconds == pytest.approx(4.0, rel=0.2)


def test_an_odd_history_is_believed_only_so_far() -> None:
    usual = predict(SMALL, "bedrock:any", {}).seconds
    odd = predict(SMALL, "bedrock:any", {"python": Pace(files=1, bytes=1, seconds=10_000_000)}).seconds
    assert odd == pytest.approx(20 * usual, rel=0.01)


def test_history_of_another_language_is_another_matter() -> None:
    history = {"go": Pace(files=100, bytes=100_000, seconds=9_999)}
    assert predict(SMALL, "extractive", history) == predict(SMALL, "extractive", {})


@given(work, st.builds(PredictedWork, st.just("python"), st.integers(0, 5_000_000)))
def test_one_more_file_never_makes_a_batch_smaller(files: list[PredictedWork], more: PredictedWork) -> None:
    for model in ("extractive", "bedrock:any"):
        before, after = predict(files, model, {}, 12), predict([*files, more], model, {}, 12)
        assert after.seconds >= before.seconds
        assert after.megabytes >= before.megabytes


@given(work)
def test_whatever_goes_to_lambda_fits_with_margin(files: list[PredictedWork]) -> None:
    prediction = predict(files, "extractive", {})
    if decide(files, prediction, SETTINGS).route is Route.LAMBDA:
        assert prediction.seconds <= SETTINGS.lambda_seconds * TIME_MARGIN
        assert prediction.megabytes <= SETTINGS.analyst_memory_megabytes * MEMORY_MARGIN


@pytest.mark.parametrize(("megabytes", "memory"), [(100, 2048), (2_000, 4096), (5_000, 8192), (99_999, 32768)])
def test_a_task_is_as_large_as_its_prediction_needs(megabytes: int, memory: int) -> None:
    assert task_size(Prediction(1, megabytes)).memory_megabytes == memory


@pytest.mark.parametrize(("megabytes", "larger"), [(100, 4096), (2_000, 8192), (99_999, None)])
def test_a_task_knows_the_next_larger_one_for_the_case_that_it_runs_out_of_memory(
    megabytes: int, larger: int | None
) -> None:
    above = task_size(Prediction(1, megabytes)).larger
    assert (above and above.memory_megabytes) == larger


def test_the_settings_name_the_smallest_task() -> None:
    smallest = TaskSize(cpu_units=4096, memory_megabytes=8192, disk_gigabytes=50)
    size = task_size(Prediction(1, 100), smallest)
    assert (size.cpu_units, size.memory_megabytes, size.disk_gigabytes) == (4096, 8192, 50)
    assert size.larger is not None
    assert (size.larger.cpu_units, size.larger.memory_megabytes, size.larger.disk_gigabytes) == (4096, 16384, 50)


def test_a_smallest_task_above_the_ladder_is_the_only_one() -> None:
    smallest = TaskSize(cpu_units=8192, memory_megabytes=61_440)
    assert ladder(smallest) == (smallest,)


@pytest.mark.parametrize(("cpu", "memory"), [(c, m) for c, sizes in FARGATE_SIZES.items() for m in sizes])
def test_every_step_above_every_task_of_the_settings_is_one_that_fargate_has(cpu: int, memory: int) -> None:
    for step in ladder(TaskSize(cpu_units=cpu, memory_megabytes=memory)):
        assert step.memory_megabytes in FARGATE_SIZES[step.cpu_units]


def test_the_ladder_climbs_and_every_step_is_one_that_fargate_has() -> None:
    assert [step.memory_megabytes for step in LADDER] == sorted({step.memory_megabytes for step in LADDER})
    assert all(step.memory_megabytes in FARGATE_SIZES[step.cpu_units] for step in LADDER)

"""States that read the whole repository run as functions while their predicted memory fits with margin."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.contracts.snapshot import ManifestEntry, Route, TaskSize
from agents.roles.scanner.repository_route import RepositorySize, predicted_megabytes, repository_route
from agents.roles.scanner.router import LADDER, MEMORY_MARGIN
from tests.agents.fakes import settings

DIGEST = "0" * 64
SETTINGS = settings(repository_memory_megabytes=3_008, repository_lambda_megabytes=200)


def documented(files: int, lines: int, size: int) -> list[ManifestEntry]:
    one = ManifestEntry(
        path="a.py", language="python", bytes=size, lines=lines, digest=DIGEST, analysis_key=DIGEST, batch_id="b00000"
    )
    return [one] * files


def test_a_small_repository_stays_on_lambda_and_says_what_was_predicted() -> None:
    route = repository_route(documented(40, 100, 5_000), SETTINGS)
    assert route.route is Route.LAMBDA
    assert route.reason == (
        "40 files, 4,000 lines and 200,000 bytes, predicted 102 MiB: fits a Lambda function with margin"
    )


@pytest.mark.parametrize(
    ("files", "lines", "size", "reason"),
    [
        (150_000, 1, 10, "more than the 2,106 MiB that a Lambda function may plan with"),
        (1_000, 7_000, 10_000, "more than the 2,106 MiB that a Lambda function may plan with"),
        (11, 1, 20_000_000, "more than the 200,000,000 bytes that the settings allow Lambda"),
    ],
)
def test_what_a_function_cannot_hold_goes_to_fargate_for_a_reason(
    files: int, lines: int, size: int, reason: str
) -> None:
    route = repository_route(documented(files, lines, size), SETTINGS)
    assert route.route is Route.FARGATE
    assert route.reason.endswith(f": {reason}")


#: What was measured with the extractive model, 2026-11-28: the most that one of the states held, MiB.
MEASURED = {
    "5,000 files of one function": (RepositorySize(5_000, 30_000, 666_670), 153),
    "2,000 files of ten functions": (RepositorySize(2_000, 102_000, 2_170_960), 161),
    "1,000 files of forty functions": (RepositorySize(1_000, 201_000, 4_220_900), 224),
    "1,000 files of one long function": (RepositorySize(1_000, 166_000, 8_337_290), 103),
    "moto 5": (RepositorySize(1_368, 492_578, 15_634_932), 266),
}


@pytest.mark.parametrize(("size", "megabytes"), MEASURED.values(), ids=MEASURED)
def test_the_prediction_is_near_what_was_measured(size: RepositorySize, megabytes: int) -> None:
    """Below it by no more than the margin that a function keeps; above it costs a later start, and less than twice."""
    assert megabytes * MEMORY_MARGIN <= predicted_megabytes(size) < megabytes * 2


@given(st.integers(1, 2_000), st.integers(1, 50_000), st.integers(1, 500_000))
def test_the_task_holds_the_prediction_and_more_than_the_function(files: int, lines: int, size: int) -> None:
    route = repository_route(documented(files, lines, size), SETTINGS)
    needed = max(
        predicted_megabytes(RepositorySize(files, files * lines, files * size)), SETTINGS.repository_memory_megabytes
    )
    largest = route.task.memory_megabytes == LADDER[-1].memory_megabytes
    assert largest or route.task.memory_megabytes * MEMORY_MARGIN >= needed
    assert route.task.larger is None


def test_the_settings_name_the_smallest_task() -> None:
    large = {"task_cpu_units": 4096, "task_memory_megabytes": 12_288, "task_disk_gigabytes": 50}
    route = repository_route(documented(1, 1, 1), SETTINGS.model_copy(update=large))
    assert route.task == TaskSize(cpu_units=4096, memory_megabytes=12_288, disk_gigabytes=50)

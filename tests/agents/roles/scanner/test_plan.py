"""Planned batches: every file exactly once, limits held, neighbours together."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.contracts.snapshot import Route
from agents.roles.scanner.plan import FileToPlan, plan
from tests.agents.fakes import settings

SETTINGS = settings(
    batch_target_files=4, batch_target_kilobytes=1, batch_lambda_kilobytes=5, repository_lambda_megabytes=200
)
files = st.lists(
    st.builds(FileToPlan, path=st.text("ab/", min_size=1, max_size=6), bytes=st.integers(0, 9_000)),
    unique_by=lambda file: file.path,
    max_size=40,
)


@given(files)
def test_every_file_is_in_exactly_one_batch(found: list[FileToPlan]) -> None:
    planned = Counter(path for _, paths in plan(found, SETTINGS, {}) for path in paths)
    assert planned == Counter(file.path for file in found)


@given(files)
def test_no_batch_is_above_the_targets_unless_it_is_one_file(found: list[FileToPlan]) -> None:
    size = {file.path: file.bytes for file in found}
    for batch, paths in plan(found, SETTINGS, {}):
        assert batch.files == len(paths) <= SETTINGS.batch_target_files
        assert batch.bytes == sum(size[path] for path in paths)
        assert batch.bytes <= SETTINGS.batch_target_kilobytes * 1_000 or batch.files == 1
        assert (batch.route is Route.FARGATE) == (batch.bytes > SETTINGS.batch_lambda_kilobytes * 1_000)


@given(files, st.randoms())
def test_the_order_of_the_archive_does_not_matter(found: list[FileToPlan], random: object) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # the fake, or the tree at hand, has it
    assert plan(found, SETTINGS, {}) == plan(shuffled, SETTINGS, {})


def test_files_of_a_folder_stay_together() -> None:
    found = [FileToPlan(f"{folder}/{n}.py", 10) for n in range(4) for folder in ("a", "b")]
    assert [{path[0] for path in paths} for _, paths in plan(found, SETTINGS, {})] == [{"a"}, {"b"}]


@pytest.mark.parametrize(
    ("number", "at_once", "batches"),
    [
        (11, 8, [11]),
        (23, 8, [23]),
        (25, 8, [13, 12]),
        (36, 2, [18, 18]),
        (36, 8, [12, 12, 12]),
        (100, 2, [25] * 4),
        (125, 2, [32, 32, 32, 29]),
    ],
)
def test_files_are_shared_evenly_by_the_agents_that_work_at_once(number: int, at_once: int, batches: list[int]) -> None:
    found = [FileToPlan(f"{n:03d}.py", 10) for n in range(number)]
    limits = settings(batch_target_files=40, batch_target_kilobytes=250, analyst_concurrency=at_once)
    assert [batch.files for batch, _ in plan(found, limits, {})] == batches


def test_an_oversize_batch_says_why_it_goes_to_fargate() -> None:
    (batch, _), *_ = plan([FileToPlan("big.sql", 6_000)], SETTINGS, {})
    assert batch.route is Route.FARGATE
    assert batch.reason == (
        "1 file of 6,000 bytes, predicted 0.0 s and 130 MiB: more than the 5,000 bytes that the settings allow a "
        "Lambda function"
    )


def test_a_repository_above_its_limit_is_analysed_on_fargate_throughout_in_fewer_batches() -> None:
    found = [FileToPlan(f"src/{n:03}.py", 500, "python") for n in range(100)]
    small, large = (
        plan(found, SETTINGS, {}),
        plan(found, SETTINGS.model_copy(update={"repository_lambda_megabytes": 0}), {}),
    )
    assert {batch.route for batch, _ in small} == {Route.LAMBDA}
    assert {batch.route for batch, _ in large} == {Route.FARGATE}
    assert len(large) < len(small) / 10
    assert "the repository's 50,000 bytes are more than the 0 for Lambda" in large[0][0].reason

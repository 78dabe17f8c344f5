"""Planned batches: every file exactly once, limits held, neighbours together."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from agents.contracts.snapshot import Route
from agents.roles.scanner.plan import FileToPlan, PlanLimits, plan

LIMITS = PlanLimits(target_files=4, target_bytes=1_000, lambda_bytes=5_000)
files = st.lists(
    st.builds(FileToPlan, path=st.text("ab/", min_size=1, max_size=6), bytes=st.integers(0, 9_000)),
    unique_by=lambda file: file.path,
    max_size=40,
)


@given(files)
def test_every_file_is_in_exactly_one_batch(found: list[FileToPlan]) -> None:
    planned = Counter(path for _, paths in plan(found, LIMITS) for path in paths)
    assert planned == Counter(file.path for file in found)


@given(files)
def test_no_batch_is_above_the_targets_unless_it_is_one_file(found: list[FileToPlan]) -> None:
    size = {file.path: file.bytes for file in found}
    for batch, paths in plan(found, LIMITS):
        assert batch.files == len(paths) <= LIMITS.target_files
        assert batch.bytes == sum(size[path] for path in paths)
        assert batch.bytes <= LIMITS.target_bytes or batch.files == 1
        assert (batch.route is Route.FARGATE) == (batch.bytes > LIMITS.lambda_bytes)


@given(files, st.randoms())
def test_the_order_of_the_archive_does_not_matter(found: list[FileToPlan], random: object) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # the fake, or the tree at hand, has it
    assert plan(found, LIMITS) == plan(shuffled, LIMITS)


def test_files_of_a_folder_stay_together() -> None:
    found = [FileToPlan(f"{folder}/{n}.py", 10) for n in range(4) for folder in ("a", "b")]
    assert [{path[0] for path in paths} for _, paths in plan(found, LIMITS)] == [{"a"}, {"b"}]


def test_an_oversize_batch_says_why_it_goes_to_fargate() -> None:
    (batch, _), *_ = plan([FileToPlan("big.sql", 6_000)], LIMITS)
    assert batch.route is Route.FARGATE
    assert batch.reason == (
        "1 file of 6,000 bytes, predicted 0.0 s and 130 MiB: more than the 5,000 bytes that the settings allow a "
        "Lambda function"
    )


def test_a_repository_above_its_limit_is_analysed_on_fargate_throughout_in_fewer_batches() -> None:
    found = [FileToPlan(f"src/{n:03}.py", 500, "python") for n in range(100)]
    small, large = plan(found, LIMITS), plan(found, replace(LIMITS, repository_lambda_bytes=40_000))
    assert {batch.route for batch, _ in small} == {Route.LAMBDA}
    assert {batch.route for batch, _ in large} == {Route.FARGATE}
    assert len(large) < len(small) / 10
    assert "the repository's 50,000 bytes are more than the 40,000 for Lambda" in large[0][0].reason

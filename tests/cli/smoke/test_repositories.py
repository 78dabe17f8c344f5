"""The smoke run's repositories: the same bytes for one run, new in the next, and just beyond the stack's limits."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from agents.codebase.notes import FOLDER as NOTES
from agents.contracts.snapshot import Route
from agents.roles.intake.core import scan_route
from agents.roles.scanner.plan import FileToPlan, plan
from agents.roles.scanner.repository_route import RepositorySize, route_of
from agents.settings import AgentSettings
from cli.commands.smoke import _announce
from cli.smoke.repositories import (
    BATCHES,
    GAP_FILE,
    ON_DEMAND_FILE,
    REFUSED,
    SCAN,
    SPOT_FILE,
    Sizes,
    write_repositories,
)
from cli.stack.stack_settings import read_settings
from cli.upload.snapshot import Snapshot


def settings(**changes: str) -> AgentSettings:
    return read_settings("dev", changes).for_agents


def written(folder: Path, run: str, **changes: str) -> dict[str, Snapshot]:
    folder.mkdir()
    sizes = Sizes.of(settings(**changes), image=True)
    return {one.repository: one for one in write_repositories(folder, run, sizes)}


def test_one_run_has_the_same_bytes_wherever_it_is_made_and_the_next_run_has_others(tmp_path: Path) -> None:
    quick = {"scanLambdaMegabytes": "1"}
    first, same, other = (
        written(tmp_path / name, run, **quick) for name, run in (("a", "r1"), ("b", "r1"), ("c", "r2"))
    )
    assert {name: one.sha256 for name, one in first.items()} == {name: one.sha256 for name, one in same.items()}
    assert all(one.sha256 != other[name].sha256 for name, one in first.items())


def test_the_archives_are_small_but_for_the_padding_that_the_scans_limit_asks_for(tmp_path: Path) -> None:
    found = written(tmp_path / "a", "r1")
    assert found[BATCHES].bytes < 100_000
    assert found[REFUSED].bytes < 1_000
    assert 50_000_000 < found[SCAN].bytes < 52_000_000
    assert scan_route(found[SCAN].bytes, settings().scan_lambda_megabytes * 1_000_000) is Route.FARGATE


def test_the_router_sends_the_two_large_files_to_fargate_and_the_small_ones_to_lambda(tmp_path: Path) -> None:
    stack = settings()
    found = written(tmp_path / "a", "r1")
    with zipfile.ZipFile(found[BATCHES].archive) as archive:
        sizes = {one.filename: one.file_size for one in archive.infolist()}
    limit = stack.file_limit_kilobytes * 1_000
    batches = plan([FileToPlan(path, size) for path, size in sizes.items() if size <= limit], stack, {})
    routes = {path: batch.route for batch, paths in batches for path in paths}
    assert {path for path, route in routes.items() if route is Route.FARGATE} == {SPOT_FILE, ON_DEMAND_FILE}
    assert Route.LAMBDA in routes.values()
    assert sizes[GAP_FILE] > limit


@pytest.mark.parametrize("changes", [{}, {"repositoryMemoryMegabytes": "512"}, {"repositoryLambdaMegabytes": "3"}])
def test_the_states_of_the_whole_repository_are_predicted_to_need_a_task(
    tmp_path: Path, changes: dict[str, str]
) -> None:
    stack = settings(**changes)
    found = written(tmp_path / "a", "r1", scanLambdaMegabytes="1", **changes)
    with zipfile.ZipFile(found[SCAN].archive) as archive:
        long = [archive.read(one) for one in archive.namelist() if one.startswith(NOTES)]
    size = RepositorySize(len(long), sum(text.count(b"\n") for text in long), sum(map(len, long)))
    assert route_of(size, stack).route is Route.FARGATE
    assert max(map(len, long)) < min(stack.file_limit_kilobytes, stack.batch_lambda_kilobytes) * 1_000
    assert found[SCAN].bytes < 2_100_000  # 2 MB of them are padding


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"batchLambdaKilobytes": "5000", "fileLimitKilobytes": "5000"}, {"on_fargate": 0}),
        ({"gapTolerancePercent": "0"}, {"gap": 0, "small_files": 4}),
        ({"gapTolerancePercent": "20"}, {"small_files": 15}),
    ],
)
def test_what_the_stacks_limits_leave_no_room_for_is_left_out(
    changes: dict[str, str], expected: dict[str, int]
) -> None:
    sizes = Sizes.of(settings(**changes), image=True)
    assert {name: getattr(sizes, name) for name in expected} == expected


def test_the_estimate_of_a_model_on_the_network_is_small_and_stands_beside_the_cap(tmp_path: Path) -> None:
    model = "bedrock:eu.anthropic.claude-haiku-4-5-20251001-v1:0"
    found = written(tmp_path / "a", "r1", scanLambdaMegabytes="1", repositoryMemoryMegabytes="512")
    said: list[str] = []
    _announce(list(found.values()), settings(model=model), said.append)
    (line,) = [one for one in said if one.startswith("estimate: about $")]
    assert 0.01 < float(line.partition("$")[2].partition(" ")[0]) < 1
    assert "at most $20.00 for these sessions" in line


def test_without_an_image_nothing_is_made_for_fargate() -> None:
    sizes = Sizes.of(settings(), image=False)
    assert (sizes.on_fargate, sizes.archive, sizes.empty_lines) == (0, 0, 0)
    assert sizes.gap

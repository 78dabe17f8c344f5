"""Sessions on a new account of the laptop: slower, and without a gap."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from rich.console import Console

from agents.contracts.session import SessionRecord, SessionStatus
from cli.output.progress import view_for
from cli.session import run_outcome_loader
from cli.session.execution_watch import follow
from cli.stack.clients import stack_of
from cli.upload.snapshot import snapshot_of
from cli.upload.submission import execution_of, submit
from local.cloud import LocalCloud
from local.quotas import SETTING
from releases.build import build
from tests.e2e.main_job import write_repository

pytestmark = [pytest.mark.local, pytest.mark.timeout(600)]


@pytest.mark.slow  # 21 s
def test_a_task_beyond_the_quota_is_asked_for_again_until_there_is_room(tmp_path: Path) -> None:
    """Two files, each a task of 6 vCPUs: the second waits for the first's end and becomes no gap."""
    settings = {"batchLambdaKilobytes": "0", "taskCpuUnits": "4096", "taskMemoryMegabytes": "8192"}
    record = _documented(tmp_path, _repository(2), settings, quotas="new")
    assert record.gaps == ()
    assert record.routes.fargate == 2


@pytest.mark.slow  # 26 s
def test_a_session_with_more_batches_than_the_account_runs_at_once_has_no_gap(tmp_path: Path) -> None:
    record = _documented(tmp_path, _repository(24), {}, quotas="new")
    assert record.status is SessionStatus.PUBLISHED
    assert record.gaps == ()


@pytest.mark.slow
@pytest.mark.timeout(3_000)
def test_four_hundred_files_are_documented_on_a_new_account_without_a_gap_and_more_slowly(tmp_path: Path) -> None:
    seconds: dict[str, float] = {}
    for quotas in ("grown", "new"):
        began = time.monotonic()
        record = _documented(tmp_path / quotas, _repository(400), {}, quotas=quotas)
        seconds[quotas] = round(time.monotonic() - began, 1)
        assert record.gaps == ()
        assert record.coverage.files_analysed >= 400
    sys.stderr.write(f"400 files, seconds: {seconds}\n")


def _repository(files: int) -> dict[str, str]:
    return {f"hive/bee_{n}.py": f'def buzz_{n}():\n    """Buzz {n}."""\n    return {n}\n' for n in range(files)}


def _documented(folder: Path, files: Mapping[str, str], settings: Mapping[str, str], quotas: str) -> SessionRecord:
    """A session of the project's own program, a batch a file and forty at once."""
    folder.mkdir(parents=True, exist_ok=True)
    own = {
        "release": build().release,
        "analystConcurrency": "40",
        "batchTargetFiles": "1",
        "fargateSpot": "false",
        **settings,
    }
    with LocalCloud("local", settings={**own, SETTING: quotas}) as cloud:
        stack = stack_of(cloud)
        with snapshot_of(write_repository(folder / "hive", dict(files))) as snapshot:
            execution = execution_of(stack, submit(stack, snapshot))
        quiet = view_for(Console(quiet=True))
        over = follow(stack, execution, quiet, time.monotonic(), sleep=lambda _: time.sleep(0.1))
        return run_outcome_loader.outcome_of(stack, over, snapshot.repository).record

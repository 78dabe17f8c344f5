"""Agents die in mid-work; the session still ends, and tells the truth about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from agents.contracts.analysis import AnalysisPointer
from agents.contracts.session import SessionRecord, SessionStatus
from cli.stack.clients import stack_of
from local.cloud import LocalCloud
from local.ecs.runner import ContainerTask, TaskRunner
from tests.chaos.cloud import (
    IN_TIME,
    document,
    eventually,
    kill,
    killing,
    running_task,
    start,
    stored_analyses,
    write_modules,
)

pytestmark = [pytest.mark.slow, pytest.mark.local, pytest.mark.timeout(420)]

FILES = 120
#: Large enough for a Fargate task of its own.
LARGE = "".join(f"def large_{number}(x):\n    '''Large {number}.'''\n    return x\n\n\n" for number in range(2_200))


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    with start(tmp_path_factory.mktemp("chaos") / "state") as running:
        yield running


@dataclass(frozen=True)
class Tasks:
    """What became of three sessions whose Fargate tasks were killed."""

    once: SessionRecord
    poisoned: SessionRecord
    too_much: SessionRecord
    at_the_kill: Mapping[str, AnalysisPointer]
    stored: Mapping[str, AnalysisPointer]


@pytest.fixture(scope="module")
def tasks(cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Tasks:
    """Three sessions at once: one task is killed in mid-run, and those of one large file as often as they start."""
    folder = tmp_path_factory.mktemp("tasks")
    once = write_modules(folder / "once", FILES, lines=6)
    poisoned, too_much = write_modules(folder / "poisoned", 8), write_modules(folder / "poisoned-all", 1)
    for repository in (poisoned, too_much):
        (repository / "large.py").write_text(f'"""Of {repository.name}."""\n\n{LARGE}')
    with dying(lambda task: _is_poison(cloud, task)), ThreadPoolExecutor(3) as pool:
        sessions = [pool.submit(document, cloud, repository) for repository in (once, poisoned, too_much)]
        task, session_id = eventually(lambda: running_task(cloud, "once"), every=IN_TIME)
        eventually(lambda: stored_analyses(cloud, session_id) or None, every=IN_TIME)
        kill(task)
        at_the_kill = stored_analyses(cloud, session_id)
        first, second, third = (session.result() for session in sessions)
    return Tasks(first, second, third, at_the_kill, stored_analyses(cloud, session_id))


@contextmanager
def dying(doomed: Callable[[ContainerTask], bool]) -> Iterator[None]:
    """Tasks of this kind are killed as soon as they start."""
    start_task = TaskRunner.start

    def start_to_die(runner: TaskRunner, task: ContainerTask) -> None:
        died = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
        start_task(runner, replace(task, command=["python", "-c", died]) if doomed(task) else task)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TaskRunner, "start", start_to_die)
        yield


def _is_poison(cloud: LocalCloud, task: ContainerTask) -> bool:
    session_id, slash, _ = task.environment.get("SWARM_REQUEST", "").partition("/")
    return bool(slash) and stack_of(cloud).store.session(session_id).repository.startswith("poisoned")


def _adds_up(record: SessionRecord) -> bool:
    c = record.coverage
    return c.files_total == c.files_analysed + c.files_reused + c.files_skipped + len(record.gaps)


def test_a_killed_task_is_noticed_and_another_one_finishes(tasks: Tasks) -> None:
    assert tasks.once.status.published, tasks.once.error
    assert (tasks.once.coverage.files_analysed, tasks.once.gaps) == (FILES, ())
    assert (tasks.once.routes.fargate, tasks.once.routes.on_lambda) == (FILES, 0)
    assert _adds_up(tasks.once)


def test_what_a_killed_task_had_stored_is_not_analysed_again(tasks: Tasks) -> None:
    assert tasks.at_the_kill
    assert len(tasks.stored) == FILES
    assert {key: tasks.stored[key] for key in tasks.at_the_kill} == tasks.at_the_kill


def test_a_file_that_kills_every_task_is_one_named_gap(tasks: Tasks) -> None:
    assert tasks.poisoned.status.published, tasks.poisoned.error
    assert [(gap.path, gap.reason) for gap in tasks.poisoned.gaps] == [("large.py", "TaskKilled")]
    # Both poisoned repositories hold the same first module: one session analyses it, the other reuses it.
    coverage = tasks.poisoned.coverage
    assert (coverage.files_total, coverage.files_analysed + coverage.files_reused) == (9, 8)


def test_more_gaps_than_tolerated_is_a_failed_session_that_adds_up(tasks: Tasks) -> None:
    assert tasks.too_much.status is SessionStatus.FAILED
    assert tasks.too_much.error is not None
    assert tasks.too_much.error.name == "TooManyGaps"
    assert (tasks.too_much.coverage.files_total, len(tasks.too_much.gaps)) == (2, 1)
    assert _adds_up(tasks.too_much)


def test_killed_functions_are_tried_again_or_their_work_goes_to_a_task(cloud: LocalCloud, tmp_path: Path) -> None:
    with killing("analyse-batch"), killing("edit"):
        record = document(cloud, write_modules(tmp_path / "killed", 12))

    assert record.status.published, record.error
    assert (record.coverage.files_analysed, record.gaps) == (12, ())
    assert record.routes.fargate == 12
    assert _adds_up(record)


def test_a_function_that_dies_is_followed_by_a_task_and_the_states_after_it_are_tasks_at_once(
    cloud: LocalCloud, tmp_path: Path
) -> None:
    with killing("edit", times=1_000):
        record = document(cloud, write_modules(tmp_path / "outgrown", 12))

    assert record.status.published, record.error
    assert (record.coverage.files_analysed + record.coverage.files_reused, record.gaps) == (12, ())
    passed = set(record.timings.states)
    assert {"Synthesize", "Edit", "EditOversized", "CritiqueOversized", "PublishOversized"} <= passed
    assert not passed & {"SynthesizeOversized", "Critique", "Publish"}


def test_an_editor_that_always_dies_is_a_failure_by_name_and_the_next_run_pays_only_for_the_rest(
    cloud: LocalCloud, tmp_path: Path
) -> None:
    repository = write_modules(tmp_path / "unedited", 12)
    with killing("edit", times=1_000), dying(lambda task: task.environment["SWARM_STATE"] == "Edit"):
        failed = document(cloud, repository)
    again = document(cloud, repository)

    assert failed.status is SessionStatus.FAILED
    assert failed.error is not None
    assert failed.error.name == "TaskKilled"
    assert _adds_up(failed)
    assert again.status.published
    assert again.session_id == failed.session_id
    assert (again.coverage.files_reused, again.coverage.files_analysed) == (12, 0)

"""From a batch whose processes were all killed to the cause, by the steps of docs/runbooks.md."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from cli.commands.logs import LogsRequest, logs
from cli.stack.location import Location
from local.cloud import LocalCloud
from local.ecs.runner import ContainerTask, TaskRunner
from releases.build import build
from tests.chaos.cloud import killing, write_modules
from tests.e2e.model_cloud import Ran, run_on
from tests.e2e.signals import unidentified

pytestmark = [pytest.mark.local, pytest.mark.timeout(600), pytest.mark.slow]  # 20 s

#: Two batches, of which one may be lost.
SETTINGS = {"batchTargetFiles": "5", "gapTolerancePercent": "80"}
#: The container's command, but for the work.
KILLED_AT_WORK = (
    "import os, signal; from agents.shells import fargate_task as task;"
    " task.run_state = lambda *_: os.kill(os.getpid(), signal.SIGKILL); task.main()"
)


@dataclass(frozen=True)
class Lost:
    """A run that lost a batch: a function was killed, and each task that took its place."""

    cloud: LocalCloud
    ran: Ran
    state: Path

    @property
    def page(self) -> dict[str, Any]:
        """What the report's page shows."""
        (text,) = re.findall(
            r'<script type="application/json"[^>]*>(.*?)</script>', self.ran.files["report.html"], re.DOTALL
        )
        return dict(json.loads(text))


@contextmanager
def tasks_killed_at_work() -> Iterator[None]:
    """Each task begins as it always does, and is killed as soon as its state's work begins."""
    start = TaskRunner.start

    def start_to_die(runner: TaskRunner, task: ContainerTask) -> None:
        start(runner, replace(task, command=["python", "-c", KILLED_AT_WORK]))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TaskRunner, "start", start_to_die)
        yield


@pytest.fixture(scope="module")
def lost(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lost]:
    folder = tmp_path_factory.mktemp("lost-batch")
    repository = write_modules(folder / "comb", 8)
    settings = {"release": build().release, **SETTINGS}
    with LocalCloud("local", state=folder / "state", settings=settings) as cloud:
        with killing("analyse-batch"), tasks_killed_at_work():
            ran = run_on(cloud, repository, folder / "out")
        yield Lost(cloud, ran, folder / "state")


def lost_batch(lost: Lost) -> str:
    """Step 1: the batch with an attempt that ended in an error."""
    (batch,) = lost.page["attempts"]
    return str(batch)


def lines_of(lost: Lost, batch: str) -> list[dict[str, Any]]:
    """Step 2: what our code has logged, of what `swarm logs SESSION --batch BATCH --json` prints, as the page says."""
    return [line for line in printed_of(lost, batch) if isinstance(line["line"], dict)]


def printed_of(lost: Lost, batch: str) -> list[dict[str, Any]]:
    answers = io.StringIO()
    request = LogsRequest(lost.page["session"], batch=batch, as_json=True)
    logs(lost.cloud, request, Location(None), Console(quiet=True), Console(file=answers))
    return [json.loads(line) for line in answers.getvalue().splitlines()]


def test_the_report_names_the_lost_batch_and_how_its_last_task_ended(lost: Lost) -> None:
    assert lost.ran.session.status.published, lost.ran.session.error
    assert [gap.reason for gap in lost.ran.session.gaps] == ["TaskKilled"] * 4
    assert {attempt[3] for attempt in lost.page["attempts"][lost_batch(lost)]} == {"TaskKilled"}
    assert "Essential container in task exited (exit code 137)" in json.dumps(lost.page)


def test_its_log_lines_say_that_each_attempt_began_and_none_ended(lost: Lost) -> None:
    lines = lines_of(lost, lost_batch(lost))
    begun = [line for line in lines if line["line"]["message"] == "state begun"]
    assert [line["group"].rpartition("/")[2] for line in begun] == [
        "swarm-local-analyse-batch",
        *["swarm-local-analyse-batch-task"] * (len(begun) - 1),
    ]
    assert len(begun) > 1
    assert [line for line in lines if line["line"]["message"] in {"state done", "state failed"}] == []
    assert unidentified(line["line"] for line in lines) == []


def test_what_lambda_wrote_about_the_killed_function_stands_among_the_lines_of_its_batch(lost: Lost) -> None:
    batch = lost_batch(lost)
    printed = printed_of(lost, batch)
    first = next(line for line in printed if isinstance(line["line"], dict))
    of_lambda = [line for line in printed if isinstance(line["line"], str)]
    assert {(line["group"], line["state"], line["batch"]) for line in of_lambda} == {
        (first["group"], "AnalyseBatch", batch)
    }
    texts = [line["line"] for line in of_lambda]
    assert all(first["line"]["function_request_id"] in text for text in texts)
    assert texts[0].startswith("START ")
    assert [text for text in texts if text.startswith("REPORT ") and "Error Type: Runtime.ExitError" in text]
    assert [text for text in texts if "Runtime exited with error: signal: killed" in text]


def test_no_span_is_of_the_lost_batch(lost: Lost) -> None:
    """The runbook says so: a killed process writes none."""
    spans = (lost.state / "traces" / f"{lost.page['session']}.jsonl").read_text()
    assert "AnalyseBatch" in spans
    assert lost_batch(lost) not in spans

"""A scan on Fargate answers through its exit code alone; each way it can fail has a name all the same."""

from __future__ import annotations

import io
import json
import os
import signal
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agents import keys
from agents.contracts.batch_inference import Inference
from agents.contracts.session import SessionRecord, SessionStatus
from agents.contracts.snapshot import Route
from agents.contracts.states import Capacity, Opening, OpenSessionOutput, RevisionPolicy
from local.cloud import LocalCloud
from local.moto.repairs.ecs import SPOT_INTERRUPTION
from tests.chaos import fargate_cloud as fargate
from tests.chaos.cloud import eventually
from tests.chaos.fargate_cloud import ended, entered, scanners_machine

pytestmark = pytest.mark.local


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with fargate.start_cloud() as started:
        yield started


def payload(session: str) -> dict[str, Any]:
    opened = OpenSessionOutput(
        session_id=session,
        opening=Opening.OPENED,
        scan_route=Route.FARGATE,
        analyst_concurrency=2,
        heartbeat_seconds=10,
        state_seconds=60,
        capacity=Capacity.SPOT,
        inference=Inference.REALTIME,
        on_revision_limit=RevisionPolicy.PUBLISH,
        approve_before_publish=False,
        approval_seconds=60,
    )
    return {"session": opened.model_dump(mode="json")}


def scan(cloud: LocalCloud, container: list[str] | None, archive_key: str = "uploads/demo/none.zip") -> tuple[str, str]:
    """Start the scan of a session that this very execution holds; the session and the execution."""
    machine = scanners_machine(cloud, container)
    name = fargate.session_id()
    execution = machine.arn.replace(":stateMachine:", ":execution:") + f":{name}"
    session = fargate.open_session(cloud, execution, archive_key)
    cloud.client("stepfunctions").start_execution(
        stateMachineArn=machine.arn, name=name, input=json.dumps(payload(session))
    )
    return session, execution


def failure(cloud: LocalCloud, session: str, execution: str) -> tuple[str, str]:
    """The error's name and cause, which execution, session and record agree on."""
    described = ended(cloud, execution)
    assert described["status"] == "FAILED"
    assert "FailSession" in entered(cloud, execution)
    assert fargate.store_of(cloud).session(session).status is SessionStatus.FAILED
    record = SessionRecord.model_validate_json(fargate.blobs_of(cloud).read(keys.record(session)))
    assert record.error is not None
    assert record.error.name == described["error"]
    return record.error.name, record.error.cause


def test_an_error_of_ours_keeps_its_name(cloud: LocalCloud) -> None:
    name, cause = failure(cloud, *scan(cloud, None))
    assert name == "ArchiveCorrupt"
    assert cause == "uploads/demo/none.zip is no longer in the upload bucket"


def test_a_container_that_exits_without_a_word_is_named_by_its_exit_code(cloud: LocalCloud) -> None:
    name, cause = failure(cloud, *scan(cloud, ["python", "-c", "raise SystemExit(3)"]))
    assert name == "TaskExited"
    assert cause == "Essential container in task exited (exit code 3)"


def test_a_container_that_never_ran_is_named(cloud: LocalCloud) -> None:
    name, cause = failure(cloud, *scan(cloud, ["no-such-command"]))
    assert name == "TaskNotStarted"
    assert cause.startswith("CannotStartContainerError: ")


def test_a_container_that_was_killed_for_its_memory_is_named(cloud: LocalCloud) -> None:
    session, execution = scan(cloud, ["python", "-c", "import time; time.sleep(60)"])
    fargate.kill_for_memory(fargate.one_task(cloud, session))
    name, cause = failure(cloud, session, execution)
    assert name == "TaskOutOfMemory"
    assert cause == "OutOfMemoryError: Container killed due to memory usage (exit code 137)"


def test_a_scan_that_is_killed_outright_is_named_by_its_exit_code(cloud: LocalCloud) -> None:
    session, execution = scan(cloud, ["python", "-c", "import time; time.sleep(60)"])
    os.kill(fargate.process_of(fargate.one_task(cloud, session)), signal.SIGKILL)
    assert failure(cloud, session, execution) == ("TaskExited", "Essential container in task exited (exit code 137)")


#: The scan's own shell around work that takes as long as a test wants; a marker file ends the waiting.
SLOW_SCAN = """
import os, time
from agents.shells import fargate_task
scan = fargate_task.run_state
def slow(*given):
    waited = os.path.exists({marker!r})
    open({marker!r}, "w").close()
    if {always} or not waited:
        time.sleep(600)
    return scan(*given)
fargate_task.run_state = slow
fargate_task.main()
"""


def slow_scan(tmp_path: Path, always: bool) -> tuple[list[str], Path]:
    marker = tmp_path / "begun"
    return ["python", "-c", SLOW_SCAN.format(marker=str(marker), always=always)], marker


def take_back(cloud: LocalCloud, session: str, number: int, marker: Path) -> None:
    """Stop the session's so-manieth task once it is at work."""
    task = fargate.one_task(cloud, session, number)
    eventually(lambda: marker.exists() or None)
    marker.unlink()
    cloud.client("ecs").stop_task(cluster=cloud.outputs["cluster_arn"], task=task["taskArn"], reason=SPOT_INTERRUPTION)
    fargate.stopped(cloud, session, number)


@pytest.mark.slow
def test_a_scan_that_is_taken_back_is_done_once_more_and_the_session_goes_on(cloud: LocalCloud, tmp_path: Path) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("demo/one.py", "def one():\n    return 1\n")
    key = "uploads/demo/again.zip"
    cloud.client("s3").put_object(Bucket=cloud.outputs["upload_bucket"], Key=key, Body=archive.getvalue())
    container, marker = slow_scan(tmp_path, always=False)
    session, execution = scan(cloud, container, key)
    task = fargate.one_task(cloud, session)
    eventually(lambda: marker.exists() or None)
    cloud.client("ecs").stop_task(cluster=cloud.outputs["cluster_arn"], task=task["taskArn"], reason=SPOT_INTERRUPTION)
    assert ended(cloud, execution)["status"] == "SUCCEEDED"
    assert [task["containers"][0]["exitCode"] for task in fargate.stopped(cloud, session, 2)] == [143, 0]
    assert entered(cloud, execution).count("ScanOversized") == 2
    assert fargate.store_of(cloud).session(session).status.published


def test_a_scan_that_is_taken_back_twice_fails_the_session_by_that_name(cloud: LocalCloud, tmp_path: Path) -> None:
    container, marker = slow_scan(tmp_path, always=True)
    session, execution = scan(cloud, container)
    for number in (1, 2):
        take_back(cloud, session, number, marker)
    name, cause = failure(cloud, session, execution)
    assert (name, cause) == ("TaskInterrupted", "the task was stopped before its work was done")
    assert len(fargate.tasks_of(cloud, session)) == 2


def test_a_second_scan_that_dies_without_a_word_is_not_taken_for_the_first_one(
    cloud: LocalCloud, tmp_path: Path
) -> None:
    container, marker = slow_scan(tmp_path, always=True)
    session, execution = scan(cloud, container)
    take_back(cloud, session, 1, marker)
    task = fargate.one_task(cloud, session, 2)
    eventually(lambda: marker.exists() or None)
    os.kill(fargate.process_of(task), signal.SIGKILL)
    assert failure(cloud, session, execution) == ("TaskExited", "Essential container in task exited (exit code 137)")

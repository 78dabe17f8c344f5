"""A scan on Fargate answers through its exit code alone; each way it can fail has a name all the same."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from agents import keys
from agents.contracts.session import SessionRecord, SessionStatus
from local import moto_bridge
from local.cloud import LocalCloud
from tests.chaos import fargate_cloud as fargate
from tests.chaos.fargate_cloud import ended, entered, scanners_machine

pytestmark = pytest.mark.local


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with fargate.start_cloud() as started:
        yield started


def payload(session: str) -> dict[str, Any]:
    told = {"session_id": session, "analyst_concurrency": 2, "heartbeat_seconds": 10, "capacity": "spot"}
    return {"session": told | {"opening": "opened", "scan_route": "fargate", "on_revision_limit": "publish"}}


def scan(cloud: LocalCloud, container: list[str] | None) -> tuple[str, str]:
    """Start the scan of a session that this very execution holds; the session and the execution."""
    machine = scanners_machine(cloud, container)
    name = fargate.session_id()
    execution = machine.arn.replace(":stateMachine:", ":execution:") + f":{name}"
    session = fargate.open_session(cloud, execution)
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
    task = fargate.one_task(cloud, session)
    runner = moto_bridge.current().tasks
    assert runner is not None
    runner._kill_for_memory(runner._tasks[task["taskArn"]])
    name, cause = failure(cloud, session, execution)
    assert name == "TaskOutOfMemory"
    assert cause == "OutOfMemoryError: Container killed due to memory usage (exit code 137)"


def test_a_scan_that_is_killed_outright_is_named_by_its_exit_code(cloud: LocalCloud) -> None:
    session, execution = scan(cloud, ["python", "-c", "import time; time.sleep(60)"])
    os.kill(fargate.process_of(fargate.one_task(cloud, session)), signal.SIGKILL)
    assert failure(cloud, session, execution) == ("TaskExited", "Essential container in task exited (exit code 137)")

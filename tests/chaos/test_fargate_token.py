"""Every way a task with a token can end is an outcome with a name. Real containers, the deployed state machine."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.shells.fargate_task import FAILED
from agents.shells.heartbeat import TOKEN_REJECTED
from local.cloud import LocalCloud
from tests.chaos import fargate_cloud as fargate
from tests.chaos.fargate_cloud import ANSWER, analysts_machine, ended, entered, item, open_session, python

pytestmark = [pytest.mark.slow, pytest.mark.local]
SPOT_THEN_GAP = ["ChooseAnalyst", "ChooseCapacity", "AnalyseOversizedBatch", "RecordGap", "BatchDone"]


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with fargate.start_cloud(heartbeatSeconds="10") as started:
        yield started


def test_spot_is_asked_for_first_and_a_finished_task_ends_it(cloud: LocalCloud) -> None:
    session = open_session(cloud)
    execution = analysts_machine(cloud, python(ANSWER)).start(item(session))
    assert ended(cloud, execution)["status"] == "SUCCEEDED"
    (task,) = fargate.tasks_of(cloud, session)
    assert task["capacityProviderName"] == "FARGATE_SPOT"
    assert "AnalyseOnDemand" not in entered(cloud, execution)


def test_without_spot_in_the_settings_the_task_is_on_demand(cloud: LocalCloud) -> None:
    session = open_session(cloud)
    execution = analysts_machine(cloud, python(ANSWER)).start(item(session, capacity="on-demand"))
    assert ended(cloud, execution)["status"] == "SUCCEEDED"
    (task,) = fargate.tasks_of(cloud, session)
    assert (task.get("capacityProviderName"), task["launchType"]) == (None, "FARGATE")


def test_an_interrupted_spot_task_goes_on_as_on_demand(cloud: LocalCloud, tmp_path: Path) -> None:
    session = open_session(cloud)
    told = "sfn.send_task_failure(taskToken=token, error='TaskInterrupted', cause='taken back')"
    first = str(tmp_path / "begun")
    lines = python(
        f"first = not os.path.exists({first!r}); open({first!r}, 'w').close()", f"{told} if first else {ANSWER}"
    )
    execution = analysts_machine(cloud, lines).start(item(session))
    assert ended(cloud, execution)["status"] == "SUCCEEDED"
    assert [task.get("capacityProviderName") for task in fargate.tasks_of(cloud, session)] == ["FARGATE_SPOT", None]


def test_a_container_that_exits_without_an_answer_is_named_by_its_exit_code_and_not_tried_again(
    cloud: LocalCloud,
) -> None:
    session = open_session(cloud)
    execution = analysts_machine(cloud, python("sys.exit(3)")).start(item(session, heartbeat_seconds=600))
    assert ended(cloud, execution)["status"] == "SUCCEEDED"
    assert entered(cloud, execution) == SPOT_THEN_GAP
    assert fargate.lost_batches(cloud, session) == {"b00000": "TaskExited"}
    assert fargate.causes(cloud, session) == {"b00000": "Essential container in task exited (exit code 3)"}
    assert [task["containers"][0]["exitCode"] for task in fargate.stopped(cloud, session)] == [3]


def test_a_container_that_never_starts_is_tried_twice_on_demand(cloud: LocalCloud) -> None:
    session = open_session(cloud)
    execution = analysts_machine(cloud, ["no-such-command"]).start(item(session, heartbeat_seconds=600))
    assert ended(cloud, execution)["status"] == "SUCCEEDED"
    assert fargate.lost_batches(cloud, session) == {"b00000": "TaskNotStarted"}
    assert fargate.causes(cloud, session)["b00000"].startswith("CannotStartContainerError")
    tasks = fargate.tasks_of(cloud, session)
    assert [task.get("capacityProviderName") for task in tasks] == ["FARGATE_SPOT", None, None]
    assert {task["stopCode"] for task in tasks} == {"TaskFailedToStart"}


def memory(megabytes: int, larger: int | None = None) -> dict[str, object]:
    above = None if larger is None else memory(larger)
    return {"cpu_units": 1024, "memory_megabytes": megabytes, "disk_gigabytes": 21, "larger": above}


GREEDY = python("held = bytearray(300 << 20)", "time.sleep(3600)")


def test_a_task_that_runs_out_of_memory_gets_the_next_larger_size_once(cloud: LocalCloud) -> None:
    session = open_session(cloud)
    sizes = {"task": memory(150, larger=200), "heartbeat_seconds": 600}
    execution = analysts_machine(cloud, GREEDY).start(item(session, **sizes))
    assert ended(cloud, execution)["status"] == "SUCCEEDED"
    assert fargate.lost_batches(cloud, session) == {"b00000": "TaskOutOfMemory"}
    tasks = fargate.stopped(cloud, session, 2)
    assert [task["overrides"]["memory"] for task in tasks] == ["150", "200"]
    assert all(task["stoppedReason"].startswith("OutOfMemoryError") for task in tasks)


def test_the_larger_size_is_enough_when_it_is(cloud: LocalCloud) -> None:
    session = open_session(cloud)
    answers_after_150 = python("held = bytearray(300 << 20)", "time.sleep(3)", ANSWER)
    sizes = {"task": memory(150, larger=2048), "heartbeat_seconds": 600}
    execution = analysts_machine(cloud, answers_after_150).start(item(session, **sizes))
    assert ended(cloud, execution)["status"] == "SUCCEEDED"
    assert fargate.lost_batches(cloud, session) == {}
    assert entered(cloud, execution)[2:] == [
        "AnalyseOversizedBatch",
        "ChooseMemory",
        "EnlargeTask",
        "AnalyseOnDemand",
        "BatchDone",
    ]


def test_the_second_of_two_answers_is_refused_and_changes_nothing(cloud: LocalCloud) -> None:
    session = open_session(cloud)
    lines = python(
        ANSWER, "try:", f"    {ANSWER}", "except sfn.exceptions.ClientError:", "    sys.exit(9)", "sys.exit(0)"
    )
    execution = analysts_machine(cloud, lines).start(item(session))
    assert ended(cloud, execution)["status"] == "SUCCEEDED"
    assert fargate.stopped(cloud, session)[0]["containers"][0]["exitCode"] == 9


def test_an_answer_that_comes_too_late_is_refused_and_the_next_attempt_counts(
    cloud: LocalCloud, tmp_path: Path
) -> None:
    session = open_session(cloud)
    first = str(tmp_path / "begun")
    lines = python(
        f"late = not os.path.exists({first!r}); open({first!r}, 'w').close()",
        "time.sleep(12 if late else 0)",
        "try:",
        f"    {ANSWER}",
        "except sfn.exceptions.ClientError as error:",
        "    refused = error.response['Error']['Code'] in ('TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken')",
        "    sys.exit(9 if refused else 1)",
    )
    execution = analysts_machine(cloud, lines).start(item(session, heartbeat_seconds=8))
    assert ended(cloud, execution)["status"] == "SUCCEEDED"
    assert fargate.lost_batches(cloud, session) == {}
    codes = [task["containers"][0]["exitCode"] for task in fargate.stopped(cloud, session, 2)]
    assert codes == [9, 0]


def test_an_agents_error_reaches_the_gap_by_its_class_name(cloud: LocalCloud) -> None:
    session = open_session(cloud)  # whose sources nobody has written
    execution = analysts_machine(cloud).start(item(session, heartbeat_seconds=30))
    assert ended(cloud, execution)["status"] == "SUCCEEDED"
    assert fargate.lost_batches(cloud, session) == {"b00000": "FileUnreadable"}
    (task,) = fargate.stopped(cloud, session)
    assert task["containers"][0]["exitCode"] == FAILED


def test_a_stopped_executions_task_ends_within_one_heartbeat(cloud: LocalCloud) -> None:
    session = open_session(cloud)
    fargate.write_batch(cloud, session, {f"m{n}.py": MODULE for n in range(900)})
    execution = analysts_machine(cloud).start(item(session, heartbeat_seconds=30))
    task = fargate.one_task(cloud, session)
    time.sleep(2.5)
    cloud.client("stepfunctions").stop_execution(executionArn=execution)
    began = time.monotonic()
    (over,) = fargate.stopped(cloud, session)
    assert time.monotonic() - began < 10
    assert over["taskArn"] == task["taskArn"]
    assert over["containers"][0]["exitCode"] == TOKEN_REJECTED


MODULE = '"""A module."""\n\nimport os\n\n\n' + "\n\n".join(
    f'def function_{n}(a: int, b: str) -> str:\n    """Number {n}."""\n    return os.path.join(b, str(a * {n}))\n'
    for n in range(60)
)


def progress(cloud: LocalCloud, keys: list[str], wanted: int) -> None:
    until = time.monotonic() + 150
    while len(fargate.store_of(cloud).analyses(keys)) < wanted:
        assert time.monotonic() < until, f"fewer than {wanted} files are analysed"
        time.sleep(0.02)


def written_lines(cloud: LocalCloud, keys: list[str]) -> list[str]:
    """The analysis key of every line of every blob: a file that was analysed twice is there twice."""
    s3, bucket = cloud.client("s3"), cloud.outputs["context_bucket"]
    found: list[str] = []
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="analyses/"):
        for blob in page.get("Contents", []):
            lines = s3.get_object(Bucket=bucket, Key=blob["Key"])["Body"].read().splitlines()
            found += [key for line in lines if (key := line.split(b'"', 4)[3].decode()) in set(keys)]
    return found


def test_a_task_that_is_taken_back_three_times_goes_on_where_it_was_and_analyses_no_file_twice(
    cloud: LocalCloud,
) -> None:
    session = open_session(cloud)
    keys = fargate.write_batch(cloud, session, {f"m{n}.py": MODULE for n in range(800)})
    execution = analysts_machine(cloud).start(item(session, heartbeat_seconds=30))
    ecs, cluster = cloud.client("ecs"), cloud.outputs["cluster_arn"]
    for number, share in enumerate((0.1, 0.5, 0.9), start=1):
        task = fargate.one_task(cloud, session, number)
        progress(cloud, keys, int(share * len(keys)))
        began = time.monotonic()
        ecs.stop_task(cluster=cluster, task=task["taskArn"], reason="Your Spot Task was interrupted.")
        fargate.stopped(cloud, session, number)
        assert time.monotonic() - began < 30  # the stop timeout is 120 s
    assert ended(cloud, execution)["status"] == "SUCCEEDED"
    # On a fast machine the third task has done the last tenth before the signal reaches it: then it is the last.
    tasks = fargate.stopped(cloud, session, len(fargate.tasks_of(cloud, session)))
    codes = [task["containers"][0]["exitCode"] for task in tasks]
    assert codes in ([143, 143, 143, 0], [143, 143, 0])
    assert [task.get("capacityProviderName") for task in tasks] == ["FARGATE_SPOT", *[None] * (len(codes) - 1)]
    assert sorted(written_lines(cloud, keys)) == sorted(keys)
    assert fargate.lost_batches(cloud, session) == {}


def test_a_task_that_is_killed_outright_costs_no_more_than_what_was_not_stored_yet(cloud: LocalCloud) -> None:
    session = open_session(cloud)
    keys = fargate.write_batch(cloud, session, {f"m{n}.py": MODULE for n in range(200)})
    execution = analysts_machine(cloud).start(item(session, heartbeat_seconds=30))
    task = fargate.one_task(cloud, session)
    progress(cloud, keys, 100)
    os.kill(fargate.process_of(task), signal.SIGKILL)
    kept = fargate.store_of(cloud).analyses(keys)
    assert ended(cloud, execution)["status"] == "SUCCEEDED"
    after = fargate.store_of(cloud).analyses(keys)
    assert {key: after[key] for key in kept} == kept
    assert sorted(after) == sorted(keys)
    assert "AnalyseOnDemand" in entered(cloud, execution)

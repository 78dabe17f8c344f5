"""Every way a task with a token can end is an outcome with a name. Real containers, the deployed state machine."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from agents.shells.fargate_task import FAILED
from agents.shells.heartbeat import TOKEN_REJECTED
from components.fargate_agent import STOP_SECONDS
from local.cloud import LocalCloud
from local.moto.repairs.ecs import SPOT_INTERRUPTION
from tests.chaos import fargate_cloud as fargate
from tests.chaos.cloud import eventually
from tests.chaos.fargate_cloud import (
    ANSWER,
    analysts_machine,
    ended,
    entered,
    item,
    open_session,
    python,
    stopping_agent,
)

pytestmark = [pytest.mark.local, pytest.mark.timeout(600)]
SPOT_THEN_GAP = ["ChooseAnalyst", "ChooseCapacity", "AnalyseOversizedBatch", "ChooseGapName", "RecordGap", "BatchDone"]


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with fargate.start_cloud() as started:
        yield started


def test_spot_is_asked_for_first_and_a_finished_task_ends_it(cloud: LocalCloud) -> None:
    session = open_session(cloud)
    execution = analysts_machine(cloud, python(ANSWER)).start(item(session))
    assert ended(cloud, execution)["status"] == "SUCCEEDED"
    (task,) = fargate.tasks_of(cloud, session)
    assert task["capacityProviderName"] == "FARGATE_SPOT"
    assert "AnalyseOnDemand" not in entered(cloud, execution)


@pytest.mark.slow
def test_without_spot_in_the_settings_the_task_is_on_demand(cloud: LocalCloud) -> None:
    session = open_session(cloud)
    execution = analysts_machine(cloud, python(ANSWER)).start(item(session, capacity="on-demand"))
    assert ended(cloud, execution)["status"] == "SUCCEEDED"
    (task,) = fargate.tasks_of(cloud, session)
    assert (task.get("capacityProviderName"), task["launchType"]) == (None, "FARGATE")


@pytest.mark.slow
def test_an_interrupted_spot_task_goes_on_as_on_demand(cloud: LocalCloud, tmp_path: Path) -> None:
    session = open_session(cloud)
    interrupted = "sfn.send_task_failure(taskToken=token, error='TaskInterrupted', cause='taken back')"
    first = str(tmp_path / "begun")
    lines = python(
        f"first = not os.path.exists({first!r}); open({first!r}, 'w').close()", f"{interrupted} if first else {ANSWER}"
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


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_task_that_runs_out_of_memory_gets_the_next_larger_size_once(cloud: LocalCloud) -> None:
    session = open_session(cloud)
    sizes = {"task": memory(150, larger=200), "heartbeat_seconds": 600}
    execution = analysts_machine(cloud, GREEDY).start(item(session, **sizes))
    assert ended(cloud, execution)["status"] == "SUCCEEDED"
    assert fargate.lost_batches(cloud, session) == {"b00000": "TaskOutOfMemory"}
    tasks = fargate.stopped(cloud, session, 2)
    assert [task["overrides"]["memory"] for task in tasks] == ["150", "200"]
    assert all(task["stoppedReason"].startswith("OutOfMemoryError") for task in tasks)


@pytest.mark.slow  # 16 s
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


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_task_that_lives_and_no_longer_beats_is_followed_by_another(cloud: LocalCloud, tmp_path: Path) -> None:
    session = open_session(cloud)
    first = str(tmp_path / "begun")
    lines = python(
        f"silent = not os.path.exists({first!r}); open({first!r}, 'w').close()",
        "time.sleep(3600 if silent else 0)",
        ANSWER,
    )
    execution = analysts_machine(cloud, lines).start(item(session, heartbeat_seconds=8))
    assert ended(cloud, execution)["status"] == "SUCCEEDED"
    assert fargate.lost_batches(cloud, session) == {}
    assert entered(cloud, execution)[2:] == ["AnalyseOversizedBatch", "AnalyseOnDemand", "BatchDone"]
    assert fargate.tasks_of(cloud, session)[0]["lastStatus"] == "RUNNING"  # nobody stops it but the reaper


def test_an_agents_error_reaches_the_gap_by_its_class_name(cloud: LocalCloud) -> None:
    session = open_session(cloud)  # whose sources nobody has written
    execution = analysts_machine(cloud).start(item(session, heartbeat_seconds=30))
    assert ended(cloud, execution)["status"] == "SUCCEEDED"
    assert fargate.lost_batches(cloud, session) == {"b00000": "FileUnreadable"}
    (task,) = fargate.stopped(cloud, session)
    assert task["containers"][0]["exitCode"] == FAILED


def test_a_stopped_executions_task_ends_within_one_heartbeat(cloud: LocalCloud, tmp_path: Path) -> None:
    session = open_session(cloud)
    fargate.write_batch(cloud, session, modules(1))
    execution = analysts_machine(cloud, stopping_agent(tmp_path, [0])).start(item(session, heartbeat_seconds=30))
    eventually(lambda: (tmp_path / "0").exists() or None)
    cloud.client("stepfunctions").stop_execution(executionArn=execution)
    (over,) = fargate.stopped(cloud, session)
    # It ended itself, at the first beat that was refused, and beats every 10 s; nobody stopped it.
    assert over["containers"][0]["exitCode"] == TOKEN_REJECTED


def modules(count: int) -> dict[str, str]:
    """Sources of Python modules, no two alike."""
    return {
        f"m{n:03d}.py": f'"""Module {n}."""\n\n\ndef f_{n}(a: int) -> int:\n    """Number {n}."""\n    return a * {n}\n'
        for n in range(count)
    }


FILES = 400
#: At 10 %, 50 % and 90 %; each just after a checkpoint (40 files), where `kill -9` loses nothing.
STOPS = (40, 200, 360)


def written_lines(cloud: LocalCloud, keys: list[str]) -> list[str]:
    """The analysis key of every line of every blob: a file whose analysis was stored twice is there twice."""
    s3, bucket = cloud.client("s3"), cloud.outputs["context_bucket"]
    found: list[str] = []
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="analyses/"):
        for blob in page.get("Contents", []):
            lines = s3.get_object(Bucket=bucket, Key=blob["Key"])["Body"].read().splitlines()
            found += [key for line in lines if (key := line.split(b'"', 4)[3].decode()) in set(keys)]
    return found


def _present(path: Path) -> bool | None:
    return path.exists() or None


def end_by(how: signal.Signals, cloud: LocalCloud, task: Mapping[str, Any]) -> None:
    """`kill -9`, or SIGTERM as Spot's interruption sends it."""
    if how is signal.SIGKILL:
        os.kill(fargate.process_of(task), how)
    else:
        ecs, cluster = cloud.client("ecs"), cloud.outputs["cluster_arn"]
        ecs.stop_task(cluster=cluster, task=task["taskArn"], reason=SPOT_INTERRUPTION)


KILL, TERM = signal.SIGKILL, signal.SIGTERM


@pytest.mark.parametrize(
    "ends",
    [
        (KILL, TERM, KILL),
        pytest.param((TERM, TERM, TERM), marks=pytest.mark.slow),
        pytest.param((KILL, KILL, KILL), marks=pytest.mark.slow),
    ],
    ids=lambda ends: "-".join(how.name for how in ends),
)
def test_a_task_that_is_killed_at_10_50_and_90_percent_goes_on_where_it_was_and_analyses_no_file_twice(
    cloud: LocalCloud, tmp_path: Path, ends: Sequence[signal.Signals]
) -> None:
    session, sources = open_session(cloud), modules(FILES)
    keys = fargate.write_batch(cloud, session, sources)
    # A heartbeat longer than the test: it is the end itself that is noticed, not the silence after it.
    execution = analysts_machine(cloud, stopping_agent(tmp_path, STOPS)).start(item(session, heartbeat_seconds=600))
    for number, (stop, how) in enumerate(zip(STOPS, ends, strict=True), start=1):
        task = fargate.one_task(cloud, session, number)
        eventually(partial(_present, tmp_path / str(stop)), 120)
        began = time.monotonic()
        end_by(how, cloud, task)
        fargate.stopped(cloud, session, number)
        assert time.monotonic() - began < STOP_SECONDS
    assert ended(cloud, execution)["status"] == "SUCCEEDED"
    tasks = fargate.stopped(cloud, session, 4)
    assert [task["containers"][0]["exitCode"] for task in tasks] == [*(128 + how for how in ends), 0]
    assert [task.get("capacityProviderName") for task in tasks] == ["FARGATE_SPOT", None, None, None]
    assert (tmp_path / "analysed").read_text().split() == sorted(sources)
    assert sorted(written_lines(cloud, keys)) == sorted(keys)
    assert fargate.lost_batches(cloud, session) == {}


@pytest.mark.slow
def test_a_task_that_is_killed_outright_costs_no_more_than_what_was_not_stored_yet(
    cloud: LocalCloud, tmp_path: Path
) -> None:
    session, sources = open_session(cloud), modules(100)
    keys = fargate.write_batch(cloud, session, sources)
    execution = analysts_machine(cloud, stopping_agent(tmp_path, [70])).start(item(session, heartbeat_seconds=600))
    task = fargate.one_task(cloud, session)
    eventually(lambda: (tmp_path / "70").exists() or None, 120)
    kept = fargate.store_of(cloud).analyses(keys)
    end_by(KILL, cloud, task)
    assert ended(cloud, execution)["status"] == "SUCCEEDED"
    after = fargate.store_of(cloud).analyses(keys)
    assert len(kept) == 40
    assert {key: after[key] for key in kept} == kept
    assert sorted(after) == sorted(keys)
    times = Counter((tmp_path / "analysed").read_text().split())
    assert sorted(times) == sorted(sources)
    assert sum(times.values()) - len(times) == 30  # those between the checkpoint and the end, and nothing else

"""Promises of local.ecs.runner: how an ECS task starts, ends and is stopped, with real processes."""

from __future__ import annotations

import json
import os
import queue
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.ecs import runner
from local.ecs.runner import CONTAINER_EXITED, OUT_OF_MEMORY, ContainerTask, TaskExit, TaskRunner

pytestmark = pytest.mark.local

ARN = "arn:aws:ecs:eu-central-1:123456789012:task/swarm/0123456789abcdef"
BEGIN = "import pathlib, signal, sys, time; begin = lambda: pathlib.Path('begun').touch(); "


class Cloud:
    """A task runner and what it reported."""

    def __init__(self, folder: Path) -> None:
        self.code = folder / "code"
        self.code.mkdir()
        self.exits: queue.SimpleQueue[TaskExit] = queue.SimpleQueue()
        self.runner = TaskRunner({"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, folder / "cloud", self.exits.put)

    def start(self, *command: str, stop_timeout_seconds: float = 30, memory_mb: int = 512) -> ContainerTask:
        task = ContainerTask(
            arn=ARN,
            name="analyst",
            command=command,
            environment={"SWARM_STATE": "AnalyseBatch"},
            memory_mb=memory_mb,
            code=self.code,
            stop_timeout_seconds=stop_timeout_seconds,
        )
        self.runner.start(task)
        return task

    def python(self, source: str, **options: float) -> ContainerTask:
        stop_timeout_seconds = options.get("stop_timeout_seconds", 30.0)
        memory_mb = int(options.get("memory_mb", 512))
        command = ("python", "-c", BEGIN + source)
        return self.start(*command, stop_timeout_seconds=stop_timeout_seconds, memory_mb=memory_mb)

    def wait_until_begun(self) -> None:
        until = time.monotonic() + 60
        while not (self.code / "begun").exists():
            assert time.monotonic() < until, "the task did not begin"
            time.sleep(0.01)

    def exit(self) -> TaskExit:
        return self.exits.get(timeout=60)


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    made = Cloud(tmp_path)
    with made.runner:
        yield made


@pytest.mark.parametrize("code", [0, 3])
def test_a_container_that_ends_reports_its_exit_code(cloud: Cloud, code: int) -> None:
    cloud.python(f"sys.exit({code})")

    assert cloud.exit() == TaskExit(ARN, code, CONTAINER_EXITED)
    assert cloud.runner.running() == []


def test_a_running_task_is_listed(cloud: Cloud) -> None:
    cloud.python("time.sleep(20)")

    assert cloud.runner.running() == [ARN]
    with pytest.raises(ValueError, match="running already"):
        cloud.python("pass")


def test_a_task_sees_what_ecs_gives_and_nothing_of_the_callers_shell(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OF_THE_CALLER", "secret")
    (cloud.code / "of_the_image.py").write_text("NAME = 'found on PYTHONPATH'")

    task = cloud.python("import os, json, of_the_image; print(json.dumps({**os.environ, 'image': of_the_image.NAME}))")

    assert cloud.exit().exit_code == 0
    seen = json.loads(cloud.runner.log_of(task).read_text())
    assert "OF_THE_CALLER" not in seen
    assert seen["SWARM_STATE"] == "AnalyseBatch"
    assert seen["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1"
    assert seen["AWS_REGION"] == "eu-central-1"
    assert seen["image"] == "found on PYTHONPATH"
    assert seen["HOME"] != os.environ.get("HOME")


def test_a_stopped_task_may_end_by_itself_on_sigterm(cloud: Cloud) -> None:
    task = cloud.python(
        "signal.signal(signal.SIGTERM, lambda *_: (print('saved'), sys.exit(7))); begin(); time.sleep(20)"
    )
    cloud.wait_until_begun()

    cloud.runner.stop(ARN, "Your Spot Task was interrupted.")

    assert cloud.exit() == TaskExit(ARN, 7, "Your Spot Task was interrupted.")
    assert cloud.runner.log_of(task).read_text() == "saved\n"


def test_a_stopped_task_that_does_not_listen_is_killed_after_its_stop_timeout(cloud: Cloud) -> None:
    cloud.python("signal.signal(signal.SIGTERM, signal.SIG_IGN); begin(); time.sleep(20)", stop_timeout_seconds=0.3)
    cloud.wait_until_begun()

    began = time.monotonic()
    cloud.runner.stop(ARN)

    assert cloud.exit() == TaskExit(ARN, 137, "Task stopped by user")
    assert 0.3 <= time.monotonic() - began < 15  # the task itself would sleep for 20


def test_a_task_that_holds_too_much_memory_is_killed(cloud: Cloud) -> None:
    if not Path("/proc/self/statm").exists():
        pytest.skip("memory is sampled from /proc")
    cloud.python("held = bytearray(200 << 20); time.sleep(20)", memory_mb=100)

    assert cloud.exit() == TaskExit(ARN, 137, OUT_OF_MEMORY)


def test_memory_of_a_tasks_own_children_counts(cloud: Cloud) -> None:
    if not any(Path("/proc/self/task").glob("*/children")):
        pytest.skip("this kernel does not list children")
    child = "import time; held = bytearray(200 << 20); time.sleep(20)"
    cloud.python(f"import subprocess; subprocess.run([sys.executable, '-c', {child!r}])", memory_mb=100)

    assert cloud.exit() == TaskExit(ARN, 137, OUT_OF_MEMORY)


def test_a_command_that_does_not_exist_stops_the_task_without_an_exit_code(cloud: Cloud) -> None:
    cloud.start("no-such-command")

    ended = cloud.exit()

    assert ended.exit_code is None
    assert ended.reason.startswith("CannotStartContainerError: ")
    assert "no-such-command" in ended.reason


def test_a_container_without_a_command_stops_and_the_next_one_runs(cloud: Cloud) -> None:
    cloud.start()
    assert cloud.exit().exit_code is None

    cloud.python("sys.exit(0)")
    assert cloud.exit().exit_code == 0


def test_stopping_an_unknown_task_is_nothing(cloud: Cloud) -> None:
    cloud.runner.stop("arn:aws:ecs:eu-central-1:123456789012:task/swarm/ffff")

    assert cloud.exits.empty()


@pytest.mark.parametrize(("heeds", "exit_code"), [(True, 143), (False, 137)], ids=["SIGTERM", "SIGKILL"])
def test_closing_ends_and_reports_every_task(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, heeds: bool, exit_code: int
) -> None:
    """A task may settle what it has asked a model; one that does not end is killed."""
    monkeypatch.setattr(runner, "_LAST_CALLS_SECONDS", 60.0 if heeds else 0.2)
    cloud = Cloud(tmp_path)
    deaf = "" if heeds else "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    cloud.python(f"{deaf}begin(); time.sleep(90)")
    cloud.wait_until_begun()

    cloud.runner.close()

    assert cloud.exits.get(timeout=10) == TaskExit(ARN, exit_code, "Task stopped by user")
    assert cloud.runner.running() == []

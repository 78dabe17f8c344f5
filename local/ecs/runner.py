"""ECS tasks as processes: the container's command, its variables, its exit code and why it stopped."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from local.processes.child_processes import Process, Processes, ProcessKeeperGone, ProcessNotStarted
from local.processes.memory import MemoryWatch

#: How long tasks may take to end by themselves when the cloud closes: calls to a model are finished and settled.
_LAST_CALLS_SECONDS = 8.0
CONTAINER_EXITED = "Essential container in task exited"
OUT_OF_MEMORY = "OutOfMemoryError: Container killed due to memory usage"


@dataclass(frozen=True)
class ContainerTask:
    """A task's one container; `environment` has the overrides merged in, `code` goes on PYTHONPATH."""

    arn: str
    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    memory_mb: int
    code: Path
    stop_timeout_seconds: float = 30


@dataclass(frozen=True)
class TaskExit:
    """A task's end; without an exit code it never started."""

    arn: str
    exit_code: int | None
    reason: str


class _RunningTask:
    def __init__(self, task: ContainerTask) -> None:
        self.task = task
        self.process: Process | None = None
        self.reason = CONTAINER_EXITED
        self.ended = threading.Event()
        self.stopping: threading.Thread | None = None


class TaskRunner:
    """Every task of one laptop cloud; `on_exit` is called once per task, on a thread of its own."""

    def __init__(
        self,
        base_environment: Mapping[str, str],
        workdir: Path,
        on_exit: Callable[[TaskExit], None],
        processes: Processes | None = None,
    ) -> None:
        self._base_environment = dict(base_environment)
        self._logs, self._homes = workdir / "logs", workdir / "tasks"
        self._logs.mkdir(parents=True, exist_ok=True)
        self._on_exit = on_exit
        self._owns_processes = processes is None
        self._processes = Processes() if processes is None else processes
        self._memory = MemoryWatch()
        self._lock = threading.Lock()
        self._tasks: dict[str, _RunningTask] = {}
        self._closed = False

    def start(self, task: ContainerTask) -> None:
        """Start a task; a command that cannot be executed is a task that stopped, as in ECS.

        Raises:
            ValueError: a task of this ARN is running already.
            ProcessKeeperGone: no process can be started any more, nor the function that would answer for the task.
        """
        running = _RunningTask(task)
        with self._lock:
            if task.arn in self._tasks:
                raise ValueError(f"the task is running already: {task.arn}")
            self._tasks[task.arn] = running
        home = self._home_of(task)
        home.mkdir(parents=True, exist_ok=True)
        command = [sys.executable if word == "python" and not at else word for at, word in enumerate(task.command)]
        try:
            process = self._processes.start(
                command,
                self._environment(task, home),
                task.code,
                self.log_of(task),
                on_end=lambda status: self._spawn(self._end, running, status),
            )
        except ProcessKeeperGone:
            with self._lock:
                del self._tasks[task.arn]
            raise
        except ProcessNotStarted as failure:
            running.reason = f"CannotStartContainerError: {failure}"
            self._spawn(self._end, running, None)
            return
        with self._lock:
            running.process = process
            stop_asked = running.stopping is not None
            if task.arn in self._tasks:  # else it has ended already
                self._memory.watch(process.pid, task.memory_mb, lambda: self._kill_for_memory(running))
        if self._closed:
            process.signal(signal.SIGKILL)
        elif stop_asked:
            process.signal(signal.SIGTERM)

    def stop(self, arn: str, reason: str = "Task stopped by user") -> None:
        """Ask a task to end: SIGTERM now, SIGKILL after its stop timeout. Returns at once; unknown ARNs are ignored."""
        with self._lock:
            running = self._tasks.get(arn)
            if running is None or running.stopping is not None:
                return
            running.reason = reason
            running.stopping = threading.Thread(target=self._stop, args=(running,), name=f"stop {arn}", daemon=True)
        running.stopping.start()

    def running(self) -> Sequence[str]:
        """The ARNs of the tasks that have not ended."""
        with self._lock:
            return list(self._tasks)

    def log_of(self, task: ContainerTask) -> Path:
        """Where the task's output goes."""
        return self._logs / f"{_file_name(task)}.log"

    def close(self) -> None:
        """End every task, by SIGKILL after a few seconds' grace; `on_exit` is called for each before this returns."""
        with self._lock:
            self._closed = True
            remaining = list(self._tasks.values())
        for running in remaining:
            running.reason = "Task stopped by user" if running.reason == CONTAINER_EXITED else running.reason
            if running.process is not None:
                running.process.signal(signal.SIGTERM)
        deadline = time.monotonic() + _LAST_CALLS_SECONDS
        for running in remaining:
            if not running.ended.wait(max(0.0, deadline - time.monotonic())) and running.process is not None:
                running.process.signal(signal.SIGKILL)
        for running in remaining:
            running.ended.wait(10)
        self._memory.close()
        if self._owns_processes:
            self._processes.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _home_of(self, task: ContainerTask) -> Path:
        return self._homes / _file_name(task)

    def _environment(self, task: ContainerTask, home: Path) -> dict[str, str]:
        """What Fargate and the image give, then the laptop cloud's variables, then the task's own."""
        region = task.arn.split(":")[3] if task.arn.count(":") >= 5 else "us-east-1"
        return {
            "AWS_EXECUTION_ENV": "AWS_ECS_FARGATE",
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "HOME": str(home),
            "TMPDIR": str(home),
            "LANG": "C.UTF-8",
            "PYTHONUNBUFFERED": "1",  # as the image does: a killed task's last words are in its log
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"]),
            "PYTHONPATH": str(task.code),
            **self._base_environment,
            **task.environment,
        }

    def _stop(self, running: _RunningTask) -> None:
        if running.process is not None:
            running.process.signal(signal.SIGTERM)
        if not running.ended.wait(running.task.stop_timeout_seconds) and running.process is not None:
            running.process.signal(signal.SIGKILL)

    def _kill_for_memory(self, running: _RunningTask) -> None:
        running.reason = OUT_OF_MEMORY
        if running.process is not None:
            running.process.signal(signal.SIGKILL)

    def _end(self, running: _RunningTask, status: int | None) -> None:
        with self._lock:
            self._tasks.pop(running.task.arn, None)
        if running.process is not None:
            self._memory.forget(running.process.pid)
        shutil.rmtree(self._home_of(running.task), ignore_errors=True)
        exit_code = status if status is None or status >= 0 else 128 - status  # a shell's and Docker's convention
        try:
            self._on_exit(TaskExit(running.task.arn, exit_code, running.reason))
        finally:
            running.ended.set()

    @staticmethod
    def _spawn(target: Callable[[_RunningTask, int | None], None], running: _RunningTask, status: int | None) -> None:
        """Run the callback on a separate thread: the listener of processes must not wait for it."""
        threading.Thread(target=target, args=(running, status), name=f"end {running.task.arn}", daemon=True).start()


def _file_name(task: ContainerTask) -> str:
    return re.sub(r"[^A-Za-z0-9._-]", "-", f"{task.name}-{task.arn.rsplit('/', 1)[-1]}")

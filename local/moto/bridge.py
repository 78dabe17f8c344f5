"""Between moto's books and the laptop's processes and disk: moto calls the bridge of the cloud that is running."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local.ecs.runner import ContainerTask, TaskExit, TaskRunner
from local.lambda_.pool import FunctionPool
from local.log_lines import last_bytes, put_lines, task_stream
from local.moto.functions import prepare
from local.moto.task_ends import announce_end, record_end
from local.privileges import CloudKeys
from local.processes.child_processes import ProcessKeeperGone, ProcessNotStarted
from local.quotas import GROWN, Quotas
from local.state.store import ChangedItem, StateStore, changed_keys


class Bridge:
    """Runs functions and tasks, keeps items and objects."""

    def __init__(
        self, functions: FunctionPool, state: StateStore, code: Path, keys: CloudKeys, quotas: Quotas = GROWN
    ) -> None:
        self.quotas = quotas
        self.calls = 0  # of functions, under way
        self._counting = threading.Lock()
        self.functions = functions
        self.state = state
        self.code = code
        self.keys = keys
        self.tasks: TaskRunner | None = None
        self.running: dict[str, Any] = {}
        self._units: dict[str, tuple[int, bool]] = {}
        self._streams: dict[str, tuple[str, str, Path]] = {}
        self.closed = False
        self.deliveries = ThreadPoolExecutor(max_workers=4, thread_name_prefix="event-bridge")

    def invoke(self, function: Any, payload: bytes) -> tuple[bytes, bool]:
        """The answer of one version of a function, by moto's record of it, and whether it is an error.

        A process that could not be started is reported as an error of the function: moto would report another error.
        """
        try:
            version = prepare(self.functions, function)
            invocation = self.functions.invoke(function.function_name, payload, version=version)
        except ProcessNotStarted as failure:
            return error_body(type(failure).__name__, str(failure)), True
        return invocation.payload, bool(invocation.error)

    @contextmanager
    def admitted(self) -> Iterator[bool]:
        """Whether the account may run one call more; while it is inside, it counts."""
        with self._counting:
            admitted = self.calls < self.quotas.concurrent_executions
            self.calls += admitted
        try:
            yield admitted
        finally:
            with self._counting:
                self.calls -= admitted

    def task_units(self, spot: bool) -> int:
        """The CPU units of the tasks that run, of Spot or of On-Demand."""
        return sum(units for units, on_spot in list(self._units.values()) if on_spot == spot)

    def start_task(self, task: Any, definition: Any) -> None:
        """Run the first container's command with its environment and RunTask's overrides. Raises ProcessKeeperGone."""
        if self.tasks is None:
            raise RuntimeError("the local cloud runs no tasks")
        container = definition.container_definitions[0]
        overrides = _override_of(task.overrides, container["name"])
        environment = {pair["name"]: pair["value"] for pair in container.get("environment") or []}
        environment |= {pair["name"]: pair["value"] for pair in overrides.get("environment") or []}
        role = getattr(definition, "task_role_arn", None) or ""  # moto sets it only if given
        environment |= self.keys.variables_of_role(role)
        self.running[task.task_arn] = task
        strategy = getattr(task, "capacity_provider_strategy", None) or []
        spot = any(provider.get("capacityProvider") == "FARGATE_SPOT" for provider in strategy)
        self._units[task.task_arn] = (cpu_units(task.overrides, definition), spot)
        started = ContainerTask(
            arn=task.task_arn,
            name=container["name"],
            command=list(container.get("command") or []),
            environment=environment,
            stop_timeout_seconds=int(container.get("stopTimeout") or 30),
            memory_mb=int(overrides.get("memory") or container.get("memory") or definition.memory or 512),
            code=self.code,
        )
        self._streams[task.task_arn] = (*task_stream(definition, task.task_arn), self.tasks.log_of(started))
        try:
            self.tasks.start(started)
        except ProcessKeeperGone:
            self.running.pop(task.task_arn, None)
            self._units.pop(task.task_arn, None)
            raise

    def stop_task(self, arn: str, reason: str) -> None:
        """SIGTERM, and SIGKILL when the stop timeout is over."""
        if self.tasks is not None:
            self.tasks.stop(arn, reason)

    def task_exited(self, exited: TaskExit) -> None:
        """Write the end into moto's books and announce it, unless it is the cloud that ends."""
        self._units.pop(exited.arn, None)
        task = self.running.pop(exited.arn, None)
        group, stream, log = self._streams.pop(exited.arn, ("", "", Path()))
        if task is None:
            return
        if group and log.exists():
            put_lines(task._account_id, task.region_name, group, stream, last_bytes(log))
        record_end(task, exited.exit_code, exited.reason)
        if not self.closed:
            announce_end(task)

    def items_changed(self, backend: Any, action: str, request: Mapping[str, Any]) -> None:
        """Keep what moto now holds under every key that a request has written, in one transaction."""
        changed = []
        for table_name, key in changed_keys(backend, action, request):
            item = backend.get_item(table_name, key)
            attributes = None if item is None else item.to_json()["Attributes"]
            changed.append(ChangedItem(backend.get_table(table_name).name, key, attributes))
        self.state.keep_items(changed)

    def object_changed(self, backend: Any, bucket: str, key: str) -> None:
        """Keep what moto now holds under a key."""
        self.state.keep_object(
            bucket, key, backend.buckets[bucket].keys.get(key) if bucket in backend.buckets else None
        )

    def close(self) -> None:
        """Let no delivery outlive the cloud."""
        self.closed = True
        self.deliveries.shutdown(wait=False, cancel_futures=True)


def cpu_units(overrides: Mapping[str, Any] | None, definition: Any) -> int:
    """What a task counts in the account's quota, 1024 a vCPU: the override's CPU, else the task definition's."""
    return int((overrides or {}).get("cpu") or getattr(definition, "cpu", None) or 0)


def _override_of(overrides: Mapping[str, Any] | None, name: str) -> Mapping[str, Any]:
    listed = (overrides or {}).get("containerOverrides") or []
    return next((override for override in listed if override.get("name") == name), {})


def unique_name() -> str:
    """An execution's name as EventBridge gives one."""
    return str(uuid.uuid4())


def error_body(kind: str, message: str) -> bytes:
    """A function's error as Lambda words it."""
    return json.dumps({"errorType": kind, "errorMessage": message}).encode("utf-8")


_current: list[Bridge] = []


def use(bridge: Bridge | None) -> None:
    """Make this cloud's bridge the one moto calls; None when the cloud is closed."""
    _current[:] = [] if bridge is None else [bridge]


def current() -> Bridge:
    """The running cloud's bridge. Raises RuntimeError when no cloud runs."""
    if not _current:
        raise RuntimeError("no local cloud is running")
    return _current[0]

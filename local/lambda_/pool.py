"""Lambda without Docker: functions run in warm processes of the official runtime client.

At most `workers` calls run at once, over all functions; a call that finds no room waits for it, where Lambda would
answer 429. Room goes to a caller of a function that has an idle process first, unless another has waited for more than
a second. At most `spare` more processes than that are alive; the least recently used idle one makes room for another
function. The limit is strict: a function that synchronously calls functions of the same pool can fill it with waiting
callers, and then only timeouts free them. Our agents never call each other.

With `ahead`, functions that begin warm are started one after the other as they are registered, as by Lambda's
provisioned concurrency: they load their code while the cloud is being built. A call that comes meanwhile waits for it.
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Self

from local.lambda_.environment import LATEST, Function
from local.lambda_.errors import REQUEST_LIMIT_BYTES, FunctionUnknown, PoolClosed, RequestTooLarge
from local.lambda_.function_code import FunctionCode
from local.lambda_.log import FunctionLog
from local.lambda_.runtime_api import InvocationRequest
from local.lambda_.waiting import Deployed, Waiter
from local.lambda_.worker import Invocation, Worker, WorkerInfo, WorkerLost
from local.lambda_.worker_starter import WorkerStarter
from local.processes.child_processes import Processes, ProcessNotStarted

__all__ = ["Function", "FunctionPool", "FunctionUnknown", "Invocation", "PoolClosed", "RequestTooLarge", "WorkerInfo"]

_PATIENCE_SECONDS = 1.0  # for which a free process may pass over another function's waiting caller
_LAST_CALLS_SECONDS = 8.0  # that busy processes may take to end: calls to a model are finished
_START_UP_SECONDS = 10.0  # for which a process that starts ahead of its first call may keep the next one waiting


class FunctionPool:
    """Every function of one laptop cloud and their warm processes."""

    def __init__(
        self,
        workdir: Path,
        base_environment: Mapping[str, str],
        workers: int,
        processes: Processes | None = None,
        spare: int = 0,
        ahead: bool = False,
        credentials: Callable[[str], Mapping[str, str]] | None = None,
        publish: Callable[[str, bytes], None] | None = None,
    ) -> None:
        """`credentials` and `processes`: see WorkerStarter. `publish` gets a function's name and what a call logged."""
        if workers < 1:
            raise ValueError("a pool needs at least one worker")
        self._code, self._logs, scratch = FunctionCode(workdir / "code"), workdir / "logs", workdir / "workers"
        for folder in (self._logs, scratch):
            folder.mkdir(parents=True, exist_ok=True)
        self._publish = publish or (lambda _, __: None)
        self._limit = workers
        self._spare = spare
        self._starts_ahead = ahead
        self._starter = WorkerStarter(scratch, base_environment, credentials, processes)
        self._lock = threading.Lock()
        self._call_ended = threading.Condition(self._lock)
        self._deployed: dict[tuple[str, str], Deployed] = {}  # by name and version
        self._idle: list[Worker] = []  # least recently used first
        self._busy: set[Worker] = set()
        self._running = 0  # calls that have a process, or are granted one
        self._slots_taken = 0  # processes, or what is granted one
        self._evictions = 0  # slots that are being freed for a waiter
        self._waiters: list[Waiter] = []  # longest waiting first
        self._closed = False
        self._ahead = ThreadPoolExecutor(max_workers=1, thread_name_prefix="start-ahead")
        self._begun_ahead: Deployed | None = None  # its process is being started, and has no call yet

    def register(self, function: Function) -> None:
        """Deploy a version of a function, in the place of an earlier one of both. Raises zipfile.BadZipFile."""
        task_root = self._code.place(function.code)
        log = FunctionLog(self._logs / f"{function.name}.log", function.version, partial(self._publish, function.name))
        deployed = Deployed(function, task_root, log)
        with self._lock:
            self._deployed[function.key] = deployed
            outdated = [worker for worker in self._idle if worker.function.key == function.key]
            self._idle = [worker for worker in self._idle if worker not in outdated]
        for worker in outdated:
            self._retire(worker)
        if self._starts_ahead and function.begins_warm:
            self._ahead.submit(self._start_ahead, deployed)

    def await_warm(self) -> None:
        """Wait until every function that begins warm has done so, or has failed to."""
        self._ahead.submit(int).result()

    def deployed(self, name: str, version: str) -> Function | None:
        """The function that a call of this version runs; None if there is none so far."""
        return found.function if (found := self._deployed.get((name, version))) else None

    def invoke(
        self, name: str, payload: bytes, context: Mapping[str, object] | None = None, version: str = LATEST
    ) -> Invocation:
        """Call a function and wait for its end; `context` is the client context. Many threads may call at once.

        Raises FunctionUnknown, RequestTooLarge or PoolClosed; the function's own failures are in the Invocation.
        """
        if len(payload) > REQUEST_LIMIT_BYTES:
            raise RequestTooLarge
        request_id, client_context = str(uuid.uuid4()), None if context is None else json.dumps(context)
        while True:
            deployed = self._find(name, version)
            function = deployed.function
            work = InvocationRequest(request_id, payload, function.arn, function.timeout_seconds, client_context)
            worker = self._acquire(deployed)
            try:
                return worker.invoke(work, deployed.log)
            except WorkerLost:
                continue
            finally:
                self._release(worker)

    def workers(self) -> Sequence[WorkerInfo]:
        """The living processes."""
        with self._lock:
            return [WorkerInfo(each.function.name, each.pid) for each in [*self._idle, *self._busy] if each.usable]

    def close(self) -> None:
        """End every process within seconds; running calls end with an ExitError, waiting ones with PoolClosed."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            idle, self._idle, busy = self._idle, [], list(self._busy)
            for waiter in self._waiters:
                waiter.granted.set()
            self._waiters.clear()
        self._ahead.shutdown(wait=False, cancel_futures=True)
        for worker in busy:
            worker.ask_to_end()
        for worker in idle:
            worker.close()
        with self._call_ended:
            self._call_ended.wait_for(lambda: not self._busy, timeout=_LAST_CALLS_SECONDS)
            for worker in self._busy:
                worker.interrupt()
            self._call_ended.wait_for(lambda: not self._busy, timeout=5)
        self._starter.close()
        self._code.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _find(self, name: str, version: str) -> Deployed:
        with self._lock:
            if self._closed:
                raise PoolClosed("the laptop cloud is closed")
            if (name, version) not in self._deployed:
                raise FunctionUnknown(f"Function not found: {name}:{version}")
            return self._deployed[name, version]

    def _acquire(self, deployed: Deployed) -> Worker:
        waiter = Waiter(deployed)
        with self._lock:
            self._waiters.append(waiter)
            evicted = self._grant()
            large = self._take_large(deployed.function)
        self._close_all(evicted)
        for each in large:
            self._retire(each)
        waiter.granted.wait()
        if self._closed and waiter.worker is None:
            raise PoolClosed("the laptop cloud is closed")
        return waiter.worker if waiter.worker is not None else self._start(deployed)

    def _start(self, deployed: Deployed) -> Worker:
        """Start a process in a slot that is granted already, and give the slot back if that fails."""
        try:
            worker = self._starter.start(deployed)
        except BaseException:
            self._free_slot(ended_calls=1)
            raise
        with self._lock:
            self._busy.add(worker)
            closed = self._closed
        if closed:
            worker.interrupt()
        return worker

    def _start_ahead(self, deployed: Deployed) -> None:
        """Start a process before its first call, where there is room and none of its function lives."""
        function = deployed.function
        with self._lock:
            alive = any(worker.function is function for worker in (*self._idle, *self._busy))
            if alive or self._closed or self._slots_taken >= self._limit + self._spare:
                return
            self._slots_taken += 1
            self._begun_ahead = deployed
        worker = None
        with suppress(ProcessNotStarted, OSError):  # its first call will report it
            worker = self._starter.start(deployed)
        with self._lock:
            self._begun_ahead = None
            wanted = worker is not None and not self._closed and self._deployed.get(function.key) is deployed
            if worker is not None and wanted:
                self._idle.insert(0, worker)
                evicted = self._grant()
        if worker is None:
            self._free_slot()
        elif wanted:
            self._close_all(evicted)
            worker.await_start_up(_START_UP_SECONDS)
        else:
            self._retire(worker)

    def _release(self, worker: Worker) -> None:
        with self._lock:
            self._busy.discard(worker)
            self._running -= 1
            self._call_ended.notify_all()
            current = self._deployed.get(worker.function.key)
            keep = worker.usable and not self._closed and current is not None and current.function is worker.function
            large = self._take_large(worker.function)
            if keep:
                self._idle.append(worker)
                evicted = self._grant()
        for each in large:
            self._retire(each)
        if keep:
            self._close_all(evicted)
        else:
            self._retire(worker)

    def _take_large(self, function: Function) -> Sequence[Worker]:
        """Idle processes of other functions that hold much memory, taken under the lock, to be retired.

        The state machine has gone on from those functions, and their documents would stay in memory.
        """
        large = [each for each in self._idle if each.function is not function and each.holds_much]
        self._idle = [each for each in self._idle if each not in large]
        return large

    def _retire(self, worker: Worker) -> None:
        worker.close()
        self._free_slot()

    def _free_slot(self, ended_calls: int = 0) -> None:
        with self._lock:
            self._slots_taken -= 1
            self._running -= ended_calls
            evicted = self._grant()
        self._close_all(evicted)

    def _close_all(self, evicted: Sequence[Worker]) -> None:
        """End evicted processes before their slots are filled: the limit is one of living processes."""
        for worker in evicted:
            worker.close()
            with self._lock:
                self._evictions -= 1
            self._free_slot()

    def _grant(self) -> Sequence[Worker]:
        """Give waiters what is free, under the lock; returns idle workers whose slots other functions wait for."""
        now = time.monotonic()
        impatient = [each for each in self._waiters if now - each.since > _PATIENCE_SECONDS]
        for waiter in impatient or list(self._waiters):
            worker = self._take_idle(waiter.deployed.function) if self._running < self._limit else None
            if worker is not None:
                self._busy.add(worker)
                waiter.worker = worker
                self._give(waiter)
        soon = next((each for each in self._waiters if each.deployed is self._begun_ahead), None)
        others = [each for each in self._waiters if each is not soon]
        while others and self._running < self._limit and self._slots_taken < self._limit + self._spare:
            self._slots_taken += 1
            self._give(others.pop(0))
        self._idle.sort(key=lambda worker: worker.usable)  # stable: the dead go first, then the least recently used
        room = min(len(others), self._limit - self._running)
        wanted = max(0, min(room - self._evictions, len(self._idle)))
        evicted, self._idle = self._idle[:wanted], self._idle[wanted:]
        self._evictions += wanted
        return evicted

    def _give(self, waiter: Waiter) -> None:
        self._running += 1
        self._waiters.remove(waiter)
        waiter.granted.set()

    def _take_idle(self, function: Function) -> Worker | None:
        """The most recently used idle worker of this very version."""
        for index in range(len(self._idle) - 1, -1, -1):
            if self._idle[index].function is function and self._idle[index].usable:
                return self._idle.pop(index)
        return None

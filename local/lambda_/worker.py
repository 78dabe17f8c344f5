"""One warm process of one function: awslambdaric with a Runtime API of its own, given one call at a time."""

from __future__ import annotations

import queue
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.lambda_ import errors as function_errors
from local.lambda_.environment import Function, worker_environment
from local.lambda_.log import FunctionLog, Report
from local.lambda_.runtime_api import InvocationAnswered, InvocationRequest, NextRequested, RuntimeApi
from local.processes.child_processes import Processes, ProcessNotStarted
from local.processes.memory import MemoryWatch, holds_much

#: Lambda gives a start-up 10 s and then lets it begin again on the call's own time.
_START_UP_SECONDS = 10.0


class WorkerLost(Exception):
    """The process ended before it had seen the call: nothing was done, so another worker may take it."""


@dataclass(frozen=True)
class Invocation:
    """A call's outcome; `error` is the X-Amz-Function-Error header, `log` the log's last 4 KB."""

    payload: bytes
    error: str | None
    log: str
    request_id: str
    duration_ms: float
    cold: bool


@dataclass(frozen=True)
class _ProcessEnded:
    status: int


@dataclass(frozen=True)
class _Outcome:
    payload: bytes
    error: str | None = None
    verdict: str = ""
    status: str = ""


@dataclass(frozen=True)
class WorkerInfo:
    """A living process of the pool."""

    function: str
    pid: int


class Worker:
    """A process of a function; used by one thread at a time."""

    def __init__(
        self,
        function: Function,
        task_root: Path,
        base_environment: Mapping[str, str],
        processes: Processes,
        memory: MemoryWatch,
        folder: Path,
    ) -> None:
        self.function = function
        self._memory = memory
        self._events: queue.SimpleQueue[NextRequested | InvocationAnswered | _ProcessEnded] = queue.SimpleQueue()
        self._ready = False
        self._doomed = False
        self._out_of_memory = False
        self._much: bool | None = None  # unknown since its last call
        self._calls = 0
        self._scratch = Path(tempfile.mkdtemp(dir=folder, prefix=f"{function.name[:40]}-"))
        self._output = self._scratch.with_suffix(".output")
        self._api = RuntimeApi(self._hear)
        self._began = time.perf_counter()
        self._started_up_at = 0.0
        self._started_up = threading.Event()
        try:
            self._process = processes.start_module(
                "runtime_start",
                [function.handler],
                worker_environment(function, task_root, self._scratch, self._api.address, base_environment),
                task_root,
                self._output,
                on_end=lambda status: self._hear(_ProcessEnded(status)),
            )
        except ProcessNotStarted:
            self._clear()
            raise
        memory.watch(self._process.pid, function.memory_mb, self._kill_for_memory)

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    @property
    def usable(self) -> bool:
        """Whether the process may be given another call."""
        return not self._doomed and self._process.status is None

    @property
    def holds_much(self) -> bool:
        """Whether it has kept much memory of its calls; asked while it is idle."""
        if self._much is None:  # to look takes milliseconds of the system, and an idle process holds what it held
            self._much = holds_much(self.pid)
        return self._much

    def await_start_up(self, seconds: float) -> None:
        """Wait until the process first asks for work, or ends."""
        self._started_up.wait(seconds)

    def invoke(self, work: InvocationRequest, log: FunctionLog) -> Invocation:
        """Give the process one call and wait for its end. Raises WorkerLost."""
        cold = self._calls == 0
        self._calls += 1
        self._much = None
        outcome = None if self._ready else self._start_up(work)
        init_ms = ((self._started_up_at or time.perf_counter()) - self._began) * 1000 if cold else None
        began = time.perf_counter()
        if outcome is None:
            self._api.give(work)
            outcome = self._await_answer(work, cold)
        duration_ms = (time.perf_counter() - began) * 1000
        peak_mb = self._memory.peak_bytes(self.pid) >> 20
        report = Report(duration_ms, self.function.memory_mb, peak_mb, init_ms, outcome.status)
        tail = log.write(work.request_id, self._output, outcome.verdict, report)
        return Invocation(outcome.payload, outcome.error, tail, work.request_id, duration_ms, cold)

    def close(self) -> None:
        """Kill the process and clear its folder away."""
        self._doomed = True
        self._memory.forget(self._process.pid)
        if self._process.status is None:
            self._process.kill()
        self._clear()

    def ask_to_end(self) -> None:
        """SIGTERM under a running call, which then ends with an ExitError: what it has paid for may still arrive."""
        self._process.signal(signal.SIGTERM)

    def interrupt(self) -> None:
        """Kill the process under a running call, which then ends with an ExitError."""
        self._process.signal(signal.SIGKILL)

    def _hear(self, event: NextRequested | InvocationAnswered | _ProcessEnded) -> None:
        """From the thread that serves the process, or from the one that sees it end."""
        if not self._started_up.is_set():
            self._started_up_at = time.perf_counter()
            self._started_up.set()
        self._events.put(event)

    def _start_up(self, work: InvocationRequest) -> _Outcome | None:
        """Wait until the process asks for work, or say why it never will."""
        deadline = self._began + _START_UP_SECONDS + work.timeout_seconds
        event = self._next_event(deadline)
        if isinstance(event, NextRequested):
            self._ready = True
            return None
        if isinstance(event, InvocationAnswered):
            self._doomed = True
            self._process.wait(1)  # it prints its reason and exits by itself
            return _Outcome(function_errors.start_up_failed(work.request_id, event.payload), function_errors.UNHANDLED)
        return self._no_answer(work, event)

    def _await_answer(self, work: InvocationRequest, cold: bool) -> _Outcome:
        deadline = time.perf_counter() + work.timeout_seconds
        while True:
            event = self._next_event(deadline)
            if isinstance(event, NextRequested):
                continue
            if isinstance(event, InvocationAnswered):
                if event.request_id == work.request_id:
                    return self._answer(event)
                continue
            if event is not None and not cold and not self._api.has_seen(work.request_id):
                self._doomed = True
                raise WorkerLost
            return self._no_answer(work, event)

    def _answer(self, event: InvocationAnswered) -> _Outcome:
        if event.too_large:
            self._doomed = True  # the client cannot get over a refused answer
            return _Outcome(function_errors.response_too_large(), function_errors.UNHANDLED)
        return _Outcome(event.payload, function_errors.UNHANDLED if event.failed else None)

    def _no_answer(self, work: InvocationRequest, event: _ProcessEnded | None) -> _Outcome:
        self._doomed = True
        if event is None:
            self._process.kill()
            payload = function_errors.timed_out(work.request_id, work.timeout_seconds)
            stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            verdict = f"{stamp} {work.request_id} Task timed out after {work.timeout_seconds:.2f} seconds\n\n"
            return _Outcome(payload, function_errors.UNHANDLED, verdict, "Status: timeout")
        reason = function_errors.exit_reason(event.status)
        verdict = f"RequestId: {work.request_id} Error: {reason}\nRuntime.ExitError\n"
        status = f"Status: error\tError Type: Runtime.{'OutOfMemory' if self._out_of_memory else 'ExitError'}"
        return _Outcome(
            function_errors.exited(work.request_id, event.status), function_errors.UNHANDLED, verdict, status
        )

    def _next_event(self, deadline: float) -> NextRequested | InvocationAnswered | _ProcessEnded | None:
        try:
            return self._events.get(timeout=max(0.0, deadline - time.perf_counter()))
        except queue.Empty:
            return None

    def _kill_for_memory(self) -> None:
        self._out_of_memory = True
        self._process.signal(signal.SIGKILL)

    def _clear(self) -> None:
        self._api.close()
        self._output.unlink(missing_ok=True)
        shutil.rmtree(self._scratch, ignore_errors=True)

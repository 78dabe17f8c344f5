"""The real program's cloud for many sessions of one test file, and hands that kill what runs in it."""

from __future__ import annotations

import itertools
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from rich.console import Console

from agents import keys
from agents.contracts.analysis import AnalysisPointer
from agents.contracts.session import SessionRecord
from agents.contracts.snapshot import Manifest
from agents.errors import BlobMissing
from cli.output.progress import view_for
from cli.session import run_outcome_loader
from cli.session.execution_watch import follow
from cli.stack.clients import stack_of
from cli.upload.snapshot import snapshot_of
from cli.upload.submission import execution_of, submit
from local.cloud import LocalCloud
from local.lambda_.runtime_api import InvocationRequest
from local.lambda_.worker import Worker
from local.moto import bridge as moto_bridge
from local.privileges import Ledger
from local.privileges.calls import Call
from releases.build import build

FoundT = TypeVar("FoundT")
#: Seconds between two looks of a hand that must strike in the middle of something.
IN_TIME = 0.002

SETTINGS = {
    "gapTolerancePercent": "20",
    "batchTargetFiles": "200",
    "batchTargetKilobytes": "100",
    "batchLambdaKilobytes": "20",
    # Agents that work at once share a small repository: its batches would be too small for Fargate.
    "analystConcurrency": "1",
}


def start(state: Path) -> LocalCloud:
    """The program as `swarm run` starts it, with small batches."""
    # A warm process for every function: one session after the other uses them.
    return LocalCloud("local", state=state, settings={"release": build().release, **SETTINGS}, workers=12)


def document(cloud: LocalCloud, repository: Path) -> SessionRecord:
    """Upload a repository and follow its session to the end, as `swarm run` does."""
    stack = stack_of(cloud)
    with snapshot_of(repository) as snapshot:
        execution = execution_of(stack, submit(stack, snapshot))
        ended = follow(
            stack, execution, view_for(Console(quiet=True)), time.monotonic(), sleep=lambda _: time.sleep(0.1)
        )
        return run_outcome_loader.outcome_of(stack, ended, snapshot.repository).record


def write_modules(root: Path, count: int, lines: int = 3, start_at: int = 0) -> Path:
    """A repository of Python modules, no two alike."""
    root.mkdir(parents=True, exist_ok=True)
    for number in range(start_at, start_at + count):
        body = "".join(
            f"def step_{line}(x):\n    '''Step {line}.'''\n    return x + {number}\n\n\n" for line in range(lines)
        )
        (root / f"module_{number:03d}.py").write_text(f'"""Module {number} of {root.parent.name}."""\n\n\n{body}')
    return root


def eventually(found: Callable[[], FoundT | None], seconds: float = 60, every: float = 0.05) -> FoundT:
    """The first thing that is found, looked for `every` so many seconds.

    A look takes processor time from the cloud, which is in this process: only who must strike in time looks more often.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        thing = found()
        if thing is not None:
            return thing
        time.sleep(every)
    raise AssertionError(f"nothing to kill within {seconds} s")


def running_task(cloud: LocalCloud, repository: str) -> tuple[int, str] | None:
    """The process of a task that analyses a batch of this repository just now, and its session."""
    store, runner = stack_of(cloud).store, moto_bridge.current().tasks
    for running in list(runner._tasks.values()) if runner is not None else []:
        session_id, slash, _ = running.task.environment.get("SWARM_REQUEST", "").partition("/")
        if slash and running.process is not None and store.session(session_id).repository == repository:
            return running.process.pid, session_id
    return None


def stored_analyses(cloud: LocalCloud, session_id: str) -> Mapping[str, AnalysisPointer]:
    """Where the analyses of a session's files are stored so far, by key."""
    stack = stack_of(cloud)
    try:
        manifest = Manifest.model_validate_json(stack.blobs.read(keys.manifest(session_id)))
    except BlobMissing:
        return {}
    return stack.store.analyses(entry.analysis_key for entry in manifest.documented if entry.analysis_key)


@contextmanager
def killing(function: str, times: int = 1) -> Iterator[None]:
    """Kill the process of a function in the middle of its next calls, each as soon as it has asked AWS for something.

    Before that it may not have read its call, which then goes to another process as if nothing had happened.
    """
    left = itertools.repeat(None, times)
    original, original_ask = Worker._await_answer, Ledger.ask
    asked: Counter[str] = Counter()

    def ask(ledger: Ledger, role: str, calls: Iterable[Call]) -> Any:
        asked[role] += 1
        return original_ask(ledger, role, calls)

    def await_answer(worker: Worker, work: InvocationRequest, cold: bool) -> Any:
        if worker.function.name.endswith(function) and next(left, StopIteration) is None:
            role = worker.function.role.rpartition("/")[2]
            before = asked[role]
            eventually(lambda: worker.pid if asked[role] > before else None, every=IN_TIME)
            kill(worker.pid)
        return original(worker, work, cold)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Worker, "_await_answer", await_answer)
        patch.setattr(Ledger, "ask", ask)
        yield


def kill(pid: int) -> None:
    """The signal that nothing can catch."""
    os.kill(pid, signal.SIGKILL)

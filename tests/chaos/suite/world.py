"""One local cloud with a stub model for many runs, and what a run leaves behind."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import pytest
from rich.console import Console

from agents import keys
from agents.aws.items import ContextTable
from agents.aws.ledger_reading import account_keys
from agents.contracts.reaping import ReapInput
from agents.contracts.session import SessionRecord
from cli.commands.reap import ask_reaper
from cli.output.progress import view_for
from cli.session import run_outcome_loader
from cli.session.execution_watch import EndedExecution, follow
from cli.session.store import StackSessionStore
from cli.stack.clients import Stack, stack_of
from cli.upload.snapshot import Snapshot, snapshot_of
from cli.upload.submission import execution_of, submit
from local.cloud import LocalCloud
from local.moto import bridge as moto_bridge
from releases.build import build
from tests.chaos.cloud import write_modules
from tests.chaos.suite.clocks import settable
from tests.chaos.suite.model import MODEL_TIMEOUT_SECONDS, ChaosModel
from tests.chaos.suite.tap import Tap
from tests.local.living import alive, all_gone, descendants
from workflow import definition

#: A run that is not over by then hangs: that is a finding, whatever the machine's speed.
LONGEST_SECONDS = 300
#: local/builder.py loads its imports, or builds a cloud, and then ends: after seconds, on a busy machine a minute.
GRACE_SECONDS = 120
PRICES = (1.0, 2.0)
#: The name of the cloud's environment.
ENVIRONMENT = "local"


@dataclass
class Run:
    """One repository, the executions of its snapshot, and how each ended."""

    repository: Path
    executions: list[str] = field(default_factory=list)
    ended: list[EndedExecution] = field(default_factory=list)
    records: list[SessionRecord] = field(default_factory=list)

    @property
    def session_id(self) -> str:
        """The session's id; empty if none was opened."""
        return next((each.state.session_id for each in self.ended if each.state.session_id), "")


class World:
    """A cloud, its model and its tap; one run at a time."""

    def __init__(self) -> None:
        self._undo = ExitStack()
        folder = TemporaryDirectory(prefix="swarm-chaos-", ignore_cleanup_errors=True)
        self.folder = Path(self._undo.enter_context(folder))
        self.tap = Tap()
        self.patch = self._undo.enter_context(pytest.MonkeyPatch.context())
        gated, tap = LocalCloud._gated, self.tap
        self.patch.setattr(LocalCloud, "_gated", lambda cloud, application: tap.around(gated(cloud, application)))
        load = definition.load
        self.patch.setattr(definition, "load", lambda: self.change(_hurried(load())))
        self.model = self._undo.enter_context(ChaosModel())
        self.reaps = True
        self._runs = 0
        self._began = int(time.time())
        self._not_ours = set(descendants(os.getpid()))
        #: Processes that a cloud has started and that were alive after its end.
        self.outlived: list[int] = []
        self.state = self.folder / "state"
        #: Where functions look for their clock, see clocks.py.
        self.clocks = self.folder / "clocks"
        self.clocks.mkdir()
        settable(self.patch, self.clocks)
        self.cloud: LocalCloud
        self.on_start: Callable[[World], None] = lambda _: None
        #: Changes the definition of the state machine that the cloud is built with.
        self.change: Callable[[dict[str, Any]], dict[str, Any]] = lambda machine: machine

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._close()
        self._undo.close()

    @contextmanager
    def without_cloud(self) -> Iterator[None]:
        """End the cloud as `swarm local down` does, and start another one afterwards from what is kept by then."""
        self._close()
        try:
            yield
        finally:
            self._start()

    def _close(self) -> None:
        family = set(descendants(os.getpid())) - self._not_ours
        self.cloud.close()
        if not all_gone(family, GRACE_SECONDS):
            self.outlived += sorted(filter(alive, family))

    def settings(self) -> dict[str, str]:
        """What every cloud of this world is set to, release and model apart."""
        return {
            "modelPrices": f"{self.model.model}={PRICES[0]}/{PRICES[1]}",
            "modelTimeoutSeconds": str(MODEL_TIMEOUT_SECONDS),
            "gapTolerancePercent": "60",
            "batchTargetFiles": "2",
            "batchLambdaKilobytes": "4",
            "heartbeatSeconds": "10",
        }

    def _start(self) -> None:
        settings = {"release": build().release, "model": self.model.model, **self.settings()}
        self.cloud = LocalCloud(ENVIRONMENT, state=self.state, settings=settings, workers=12)
        self.on_start(self)

    @property
    def stack(self) -> Stack:
        """The clients of the cloud that runs now."""
        return stack_of(self.cloud)

    def repository(self, files: int, lines: int) -> Path:
        """A new one, no file like that of another run."""
        self._runs += 1
        return write_modules(self.folder / f"repository{self._runs:03d}", files, lines, start_at=self._runs * 10)

    def run(self, repository: Path, deliveries: int = 1) -> Run:
        """Upload it so many times at once, and follow every execution to its end."""
        run = Run(repository)
        with snapshot_of(repository) as snapshot:
            self.upload(run, snapshot, deliveries)
            self.finish(run)
        return run

    def upload(self, run: Run, snapshot: Snapshot, deliveries: int = 1) -> None:
        """Upload the snapshot; the executions that the trigger starts are the run's."""
        submissions = [submit(self.stack, snapshot) for _ in range(deliveries)]
        for submission in submissions:
            execution = execution_of(self.stack, submission)
            if execution not in run.executions:
                run.executions.append(execution)

    def finish(self, run: Run, reaps: bool = True) -> None:
        """Follow each execution that is not followed yet; the reaper runs afterwards, as every five minutes."""
        for execution in run.executions[len(run.ended) :]:
            run.ended.append(follow(self.stack, execution, view_for(Console(quiet=True)), time.monotonic(), _patient()))
        if self.reaps and reaps:
            self.reap()
        for ended in run.ended:
            run.records.append(run_outcome_loader.outcome_of(self.stack, ended, run.repository.name).record)

    def reap(self) -> None:
        """Call the reaper as its schedule does."""
        ask_reaper(self.cloud, ReapInput())

    def bill(self) -> float:
        """US dollars of every answer that the model has sent."""
        billed = self.model.billed
        return (PRICES[0] * billed["prompt_tokens"] + PRICES[1] * billed["completion_tokens"]) / 1e6

    def executions(self, run: Run) -> list[Any]:
        """Step Functions' descriptions of the run's executions, the one that began first before the others."""
        described = [self.stack.states.describe_execution(executionArn=arn) for arn in run.executions]
        return sorted(described, key=lambda execution: execution["startDate"])

    def failed_attempts(self, run: Run) -> int:
        """How often a task of the run's executions failed, whatever became of it; tasks of a Map are not counted."""
        pages = self.stack.states.get_paginator("get_execution_history").paginate
        events = [event for arn in run.executions for page in pages(executionArn=arn) for event in page["events"]]
        return sum(event["type"] == "TaskFailed" for event in events)

    def busy(self) -> Mapping[str, Any]:
        """What works in the cloud just now; empty when nothing does."""
        bridge = moto_bridge.current()
        machine = self.stack.state_machine_arn
        listed = self.stack.states.list_executions(stateMachineArn=machine, statusFilter="RUNNING")["executions"]
        working = {
            "tasks": list(bridge.tasks.running()) if bridge.tasks else [],
            "calls": bridge.calls,
            "processes": [worker.function.name for worker in bridge.functions._busy],
            "executions": [each["executionArn"] for each in listed],
            "sessions": [session.session_id for session in self.stack.store.running_sessions()],
        }
        return {name: found for name, found in working.items() if found}

    def ledger_items(self, session_id: str) -> list[Mapping[str, Any]]:
        """Every item of the session's ledger."""
        return list(StackSessionStore(self.cloud).ledger(session_id))

    def ledgers_of_days(self) -> Mapping[int, list[Mapping[str, Any]]]:
        """The items of each day's account, which all sessions of the cloud share, by the day since 1970."""
        table = ContextTable(self.cloud.client("dynamodb"), str(self.cloud.outputs["context_table"]))
        # A function whose clock is wrong pays from the day before or after.
        days = range(self._began // keys.DAY_SECONDS - 1, int(time.time()) // keys.DAY_SECONDS + 2)
        accounts = {day: account_keys(keys.day_ledger_item(ENVIRONMENT, day)) for day in days}
        return {day: list(table.get_many(account)) for day, account in accounts.items()}


def _hurried(machine: dict[str, Any]) -> dict[str, Any]:
    """The state machine with as many attempts, a second apart at most: AWS's minutes of patience prove nothing here."""
    for state in definition.states(machine):
        for rule in state.body.get("Retry", []):
            rule |= {"IntervalSeconds": 1, "BackoffRate": 1.0, "MaxDelaySeconds": 2}
    return machine


def _patient() -> Callable[[float], None]:
    until = time.monotonic() + LONGEST_SECONDS

    def sleep(_: float) -> None:
        if time.monotonic() > until:
            raise TimeoutError(f"the execution is not over after {LONGEST_SECONDS} s")
        time.sleep(0.1)

    return sleep

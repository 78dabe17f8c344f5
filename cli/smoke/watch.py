"""Follows a smoke run's sessions to their end, interrupts one Spot task, and gathers the stack's records."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError
from pydantic import ValidationError

from agents import keys
from agents.contracts.reaping import ReapInput
from agents.contracts.session import ErrorRecord, SessionRecord
from agents.contracts.snapshot import Manifest
from agents.errors import BlobMissing
from agents.settings import REQUEST_VARIABLE
from agents.text.causes import readable_cause
from cli.commands.reap import ReaperFailed, ask_reaper
from cli.session import execution_history as history
from cli.session.execution_watch import events_of
from cli.smoke.facts import SPOT, SmokeFacts, SmokeSession, TaskFact, task_fact
from cli.smoke.repositories import BATCHES
from cli.smoke.verdicts import fargate_batches
from cli.stack.clients import Cloud, Stack

_POLL_SECONDS = 0.3
#: DescribeTasks takes no more tasks.
_DESCRIBED_AT_ONCE = 100
#: What ECS writes beside the interrupted task.
_INTERRUPTION = "swarm smoke interrupts this task, as Fargate Spot would"


@dataclass(frozen=True)
class Patience:
    """How long the run waits for its sessions, in seconds."""

    seconds: float
    sleep: Callable[[float], None] = time.sleep


class Watch:
    """The sessions of one run, by repository."""

    def __init__(self, cloud: Cloud, stack: Stack, executions: Mapping[str, str], say: Callable[[str], None]) -> None:
        self._cloud, self._stack, self._executions, self._say = cloud, stack, executions, say
        self._ecs, self._cluster = cloud.client("ecs"), str(cloud.outputs["cluster_arn"])
        self._tasks: dict[str, TaskFact] = {}
        self._interrupted: set[str] = set()
        self._ended: dict[str, SmokeSession] = {}
        self._reached: dict[str, str] = {}
        self._started = time.monotonic()

    def until_all_ended(self, patience: Patience) -> SmokeFacts:
        """Wait; what still runs when patience is over is cancelled, after its records were read."""
        while True:
            sessions = {name: self._ended.get(name) or self._session(name) for name in self._executions}
            self._find_tasks()
            self._interrupt(sessions[BATCHES])
            running = [session for session in sessions.values() if session.running]
            # A task answers its token before its container ends; only its exit code shows that it did its work.
            own = {session.session_id for session in sessions.values()}
            ending = any(task.session in own and task.status != "STOPPED" for task in self._tasks.values())
            late = time.monotonic() - self._started > patience.seconds
            if (running or ending) and not late:
                patience.sleep(_POLL_SECONDS)
                continue
            for session in running:
                self._cancel(session)
            return SmokeFacts(sessions, tuple(self._tasks.values()), frozenset(self._interrupted))

    def _session(self, name: str) -> SmokeSession:
        """What is known of the session now; it is read no more once its execution has ended."""
        status = self._stack.states.describe_execution(executionArn=self._executions[name])["status"]
        events = events_of(self._stack, self._executions[name])
        reached = history.state_of(events)
        session_now = self._facts(status, events, reached.session_id)
        if not session_now.running:
            self._ended[name] = session_now
        self._report(name, f"is at {', '.join(reached.states) or 'its start'}" if session_now.running else "has ended")
        return session_now

    def _facts(self, status: str, events: list[dict[str, Any]], session: str) -> SmokeSession:
        outcomes, lost = self._stack.store.batches(session) if session else ((), ())
        manifest = _manifest(self._stack, session) if session else None
        return SmokeSession(
            session_id=session,
            status=status,
            states=tuple(span.state for span in history.spans(events)),
            errors=_errors(events),
            planned=manifest.batches if manifest else (),
            outcomes=outcomes,
            lost=lost,
            record=_record(self._stack, session) if session else None,
        )

    def _find_tasks(self) -> None:
        """Describe the cluster's tasks, those of other sessions too; one that has stopped is described no more."""
        arns: list[str] = []
        for status in ("RUNNING", "STOPPED"):
            pages = self._ecs.get_paginator("list_tasks").paginate(cluster=self._cluster, desiredStatus=status)
            arns += [arn for page in pages for arn in page["taskArns"]]
        stopped = {task.arn for task in self._tasks.values() if task.status == "STOPPED"}
        changing = [arn for arn in dict.fromkeys(arns) if arn not in stopped]
        for first in range(0, len(changing), _DESCRIBED_AT_ONCE):
            some = changing[first : first + _DESCRIBED_AT_ONCE]
            for task in self._ecs.describe_tasks(cluster=self._cluster, tasks=some)["tasks"]:
                fact = task_fact(task, REQUEST_VARIABLE)
                self._tasks[fact.arn] = fact

    def _interrupt(self, session: SmokeSession) -> None:
        """Stop the second large batch's Spot task once: it is continued On-Demand, as after an interruption."""
        planned = [batch.batch_id for batch in fargate_batches(session)]
        if self._interrupted or len(planned) < 2:
            return
        for task in self._tasks.values():
            ours = task.session == session.session_id and task.batch == planned[1]
            if ours and task.capacity == SPOT and task.status != "STOPPED":
                self._say(f"interrupting the Spot task of {task.request}, to see it continued On-Demand")
                self._ecs.stop_task(cluster=self._cluster, task=task.arn, reason=_INTERRUPTION)
                self._interrupted.add(task.arn)
                return

    def _report(self, name: str, where: str) -> None:
        if self._reached.get(name) != where:
            self._reached[name] = where
            self._say(f"{time.monotonic() - self._started:6.1f} s  {name} {where}")

    def _cancel(self, session: SmokeSession) -> None:
        if not session.session_id:
            return
        try:
            ask_reaper(self._cloud, ReapInput(session_id=session.session_id, cancel=True))
        except (ReaperFailed, ClientError) as error:
            self._say(f"session {session.session_id} could not be cancelled: {error}")
        else:
            self._say(f"session {session.session_id} was cancelled: this run's time is over")


def _errors(events: list[dict[str, Any]]) -> list[ErrorRecord]:
    """The errors of all tries, in their order."""
    records = []
    for event in events:
        for name, details in event.items():
            if name.endswith("EventDetails") and isinstance(details, dict) and details.get("error"):
                cause = readable_cause(str(details.get("cause") or ""))
                records.append(ErrorRecord(name=str(details["error"]), cause=cause))
    return records


def _manifest(stack: Stack, session: str) -> Manifest | None:
    try:
        return Manifest.model_validate_json(stack.blobs.read(keys.manifest(session)))
    except (BlobMissing, ValidationError):
        return None


def _record(stack: Stack, session: str) -> SessionRecord | None:
    try:
        return SessionRecord.model_validate_json(stack.blobs.read(keys.record(session)))
    except (BlobMissing, ValidationError):
        return None

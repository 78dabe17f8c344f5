"""What a smoke run's sessions and tasks came to, as the stack's own records say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents.contracts.session import BatchOutcome, ErrorRecord, LostBatch, SessionRecord
from agents.contracts.snapshot import PlannedBatch

SPOT, ON_DEMAND = "Spot", "On-Demand"


@dataclass(frozen=True)
class TaskFact:
    """One task as ECS describes it. `request` is its session, or session and batch; without an exit code no container
    of it has ended. `family` is its task definition's, such as `swarm-dev-scan-task`."""

    arn: str
    request: str
    capacity: str
    status: str
    exit_code: int | None = None
    reason: str = ""
    family: str = ""

    @property
    def session(self) -> str:
        """The session that it works for."""
        return self.request.partition("/")[0]

    @property
    def batch(self) -> str:
        """The batch that it analyses; empty for a scan, and for a state that reads the whole repository."""
        return self.request.partition("/")[2]

    @property
    def did_its_work(self) -> bool:
        """Whether its container ended well."""
        return self.exit_code == 0


def task_fact(described: Mapping[str, Any], variable: str) -> TaskFact:
    """A task of DescribeTasks; `variable` is the environment variable with its request."""
    overrides = described.get("overrides", {}).get("containerOverrides") or [{}]
    request = next(
        (setting["value"] for setting in overrides[0].get("environment") or [] if setting["name"] == variable), ""
    )
    container = (described.get("containers") or [{}])[0]
    return TaskFact(
        arn=described["taskArn"],
        request=request,
        capacity=SPOT if described.get("capacityProviderName") == "FARGATE_SPOT" else ON_DEMAND,
        status=described.get("lastStatus", ""),
        exit_code=container.get("exitCode"),
        reason=container.get("reason") or described.get("stoppedReason") or "",
        family=described.get("taskDefinitionArn", "").rpartition("/")[2].partition(":")[0],
    )


@dataclass(frozen=True)
class SmokeSession:
    """One session: its execution's status and states, what it planned, what became of the batches, its record.

    `errors` are those that the execution's history has, retried ones too, newest last.
    """

    session_id: str = ""
    status: str = ""
    states: Sequence[str] = ()
    errors: Sequence[ErrorRecord] = ()
    planned: Sequence[PlannedBatch] = ()
    outcomes: Sequence[BatchOutcome] = ()
    lost: Sequence[LostBatch] = ()
    record: SessionRecord | None = None

    @property
    def running(self) -> bool:
        """Whether its execution has not ended."""
        return self.status in {"", "RUNNING"}

    @property
    def error(self) -> ErrorRecord | None:
        """Why it failed: the record's reason, else the history's last."""
        if self.record is not None and self.record.error is not None:
            return self.record.error
        return self.errors[-1] if self.errors and self.status != "SUCCEEDED" else None


@dataclass(frozen=True)
class SmokeFacts:
    """Everything that a verdict is made of. `interrupted` are the ARNs of the tasks that the run stopped itself."""

    sessions: Mapping[str, SmokeSession]
    tasks: Sequence[TaskFact] = ()
    interrupted: frozenset[str] = frozenset()

    def session(self, repository: str) -> SmokeSession:
        """The repository's session; nothing is known of one that was not submitted."""
        return self.sessions.get(repository, SmokeSession())

"""The child executions of a map run: each is listed, described and counted as an execution of its own.

The interpreter runs a child inside the map's own execution and keeps no record of it.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from moto.stepfunctions.parser.asl.eval.program_state import (
    ProgramEnded,
    ProgramError,
    ProgramStopped,
    ProgramTimedOut,
)

_ENDS = {ProgramEnded: "SUCCEEDED", ProgramError: "FAILED", ProgramStopped: "ABORTED", ProgramTimedOut: "TIMED_OUT"}
_COUNTED = {"succeeded": "SUCCEEDED", "failed": "FAILED", "timedOut": "TIMED_OUT", "aborted": "ABORTED"}
_lock = threading.Lock()


@dataclass
class MapRunChild:
    """One child execution. A redriven one keeps its name and its start."""

    map_run: str
    machine: str
    name: str
    started: datetime
    given: Any = None
    status: str = "RUNNING"
    stopped: datetime | None = None
    output: Any = None
    error: str | None = None
    cause: str | None = None
    redrives: int = 0
    redriven: datetime | None = None

    @property
    def arn(self) -> str:
        """Such as `…:execution:documentation/files:NAME`: the machine's with the map's label, and a name of its own."""
        return f"{self.machine.replace(':stateMachine:', ':execution:')}:{self.name}"

    @property
    def listed(self) -> dict[str, Any]:
        """As ListExecutions answers; items are never batched here, so that a child has one."""
        found: dict[str, Any] = {
            "executionArn": self.arn,
            "stateMachineArn": self.machine,
            "name": self.name,
            "status": self.status,
            "startDate": self.started,
            "mapRunArn": self.map_run,
            "itemCount": 1,
            "redriveCount": self.redrives,
        }
        found |= {"stopDate": self.stopped} if self.stopped else {}
        return found | ({"redriveDate": self.redriven} if self.redriven else {})

    @property
    def described(self) -> dict[str, Any]:
        """As DescribeExecution answers; a child is redriven with its map run alone."""
        found = {name: value for name, value in self.listed.items() if name != "itemCount"}
        found |= {"input": json.dumps(self.given), "inputDetails": {"included": True}}
        if self.status == "SUCCEEDED":
            found |= {"output": json.dumps(self.output), "outputDetails": {"included": True}}
        found |= {name: value for name, value in (("error", self.error), ("cause", self.cause)) if value is not None}
        redrivable = self.status not in {"RUNNING", "SUCCEEDED"}
        return found | {"redriveStatus": "REDRIVABLE_BY_MAP_RUN" if redrivable else "NOT_REDRIVABLE"}


@dataclass
class Children:
    """Those of one map run, by their item's place; what has not started is counted and not listed, as on AWS."""

    by_index: dict[int, MapRunChild] = field(default_factory=dict)
    #: How many items the map run has, known from the first child on.
    items: int = 0


def children_of(record: Any) -> Children:
    """The children of moto's record of a map run."""
    with _lock:
        found: Children = vars(record).setdefault("children", Children())
        return found


def begin(record: Any, index: int, items: int) -> MapRunChild:
    """Note that a child runs now; one that has ended before is redriven."""
    children, now = children_of(record), datetime.now(UTC)
    with _lock:
        children.items = items
        child = children.by_index.get(index)
        if child is None:
            child = MapRunChild(record.map_run_arn, record.map_state_machine_arn, str(uuid.uuid4()), now)
            children.by_index[index] = child
        else:
            child.redrives, child.redriven = child.redrives + 1, now
            child.stopped = child.error = child.cause = None
            child.status = "RUNNING"
        return child


def end(child: MapRunChild, state: Any, output: Any) -> None:
    """Note the end of a child by the state of its program; what the program itself could not end has failed."""
    failed = state.error or {} if isinstance(state, ProgramError) else {}
    with _lock:
        child.stopped = datetime.now(UTC)
        child.status = _ENDS.get(type(state), "FAILED")
        child.output = output if child.status == "SUCCEEDED" else None
        child.error, child.cause = failed.get("error"), failed.get("cause")


def counts_of(record: Any) -> dict[str, int]:
    """How many children are in which state; those that never started are over once their map run is."""
    children, over = children_of(record), record.stop_date is not None
    with _lock:
        seen, total = Counter(child.status for child in children.by_index.values()), children.items
    waiting = total - sum(seen.values())
    counts = {name: seen[status] for name, status in _COUNTED.items()}
    counts["aborted"] += waiting if over else 0
    return counts | {
        "pending": 0 if over else waiting,
        "running": seen["RUNNING"],
        "total": total,
        "resultsWritten": seen["SUCCEEDED"],
        "failuresNotRedrivable": 0,
        "pendingRedrive": 0,
    }


def child_named(backend: Any, arn: str) -> MapRunChild | None:
    """The child of that ARN, of whatever map run; a state machine's name has no slash in it."""
    if "/" not in arn:
        return None
    pools = (execution.exec_worker.env.map_run_record_pool_manager for execution in backend._get_executions())
    children = (child for pool in pools for record in pool.get_all() for child in children_of(record).by_index.values())
    return next((child for child in children if child.arn == arn), None)

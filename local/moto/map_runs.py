"""What a map run has finished, so that a redriven one runs only the rest. On AWS, too, only unsuccessful children run.

On AWS a Standard child goes on where it failed; here it starts at its beginning, with the same input.
"""

from __future__ import annotations

import threading
from typing import Any

from moto.stepfunctions.parser.api import MapRunStatus
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.itemprocessor.map_run_record import (
    ExecutionCounter,
    ItemCounter,
    MapRunRecord,
)

#: Map runs that go on, by the ARN of the redriven execution, until its Map state asks for them.
_going_on: dict[str, MapRunRecord] = {}
_lock = threading.Lock()


def finished_children(record: MapRunRecord) -> dict[int, Any]:
    """The outputs of the children that have succeeded, by their item's index."""
    with _lock:
        finished: dict[int, Any] = vars(record).setdefault("finished", {})
        return finished


def go_on(execution: str, record: MapRunRecord) -> None:
    """Let the execution's next map run be this one again, with the same ARN."""
    record.status, record.stop_date = MapRunStatus.RUNNING, None
    record.item_counter, record.execution_counter = ItemCounter(), ExecutionCounter()
    with _lock:
        _going_on[execution] = record


def map_run(**named: Any) -> MapRunRecord:
    """The map run that goes on, or a new one."""
    with _lock:
        record = _going_on.pop(named["execution_arn"], None)
    return record or MapRunRecord(**named)


def count_finished(record: MapRunRecord) -> None:
    """Count a child that had succeeded before."""
    for counter in (record.item_counter, record.execution_counter):
        for figure in (counter.total, counter.succeeded, counter.results_written):
            figure.count()

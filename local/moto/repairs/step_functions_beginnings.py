"""An execution is listed before it has begun: what moto answers about it until then, an error 500, has another answer.

Whoever waits for an upload's execution lists the executions all the time, and met one of these now and then.
"""

from __future__ import annotations

from typing import Any

from moto.stepfunctions.parser.backend.execution import Execution

from local.moto.replacements import replaces


def _status(self: Any) -> str:
    """It is RUNNING; moto has no status for it."""
    return str(self.exec_status.value) if self.exec_status is not None else "RUNNING"


replaces(Execution, "status")(property(_status))  # type: ignore[type-var]  # a property is no callable
_original_history = Execution.to_history_output


@replaces(Execution, "to_history_output")
def _history(self: Any) -> Any:
    """It has no event yet; moto asks what would run it."""
    return {"events": []} if self.exec_worker is None else _original_history(self)

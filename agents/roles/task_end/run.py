"""Answers the token of a task that has stopped: a dead container is noticed in a second, not by its silence.

Every task's end comes here, also of those that have answered: their tokens refuse a second answer.
"""

from __future__ import annotations

from agents.contracts.reaping import ReportTaskEndInput, ReportTaskEndOutput
from agents.errors import TaskTokenRejected
from agents.ports import Ports
from agents.roles.task_end.core import cause_of, name_of
from agents.settings import AgentSettings


def run(request: ReportTaskEndInput, ports: Ports, _: AgentSettings) -> ReportTaskEndOutput:
    """Tell the state machine of what the task died, unless it knows."""
    task = ports.tasks.ended(request.task_arn)
    if task is None:
        return ReportTaskEndOutput()
    if not task.task_token:
        return ReportTaskEndOutput(session_id=task.session_id)
    try:
        ports.executions.fail_task(task.task_token, name_of(task), cause_of(task))
    except TaskTokenRejected:
        return ReportTaskEndOutput(session_id=task.session_id)
    return ReportTaskEndOutput(session_id=task.session_id, error=name_of(task))

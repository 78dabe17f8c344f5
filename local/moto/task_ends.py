"""How the end of an ECS task is written into moto's state and announced on EventBridge."""

from __future__ import annotations

from datetime import UTC, datetime

from moto.ecs.models import Task

from local.moto.events import task_stopped


def record_end(task: Task, exit_code: int | None, reason: str) -> None:
    """Write a task's end into moto's state; an exit code of None is a task that never started."""
    for container in task.containers:
        container.exit_code = container.exitCode = exit_code
        container.last_status = "STOPPED"
    task.desired_status = "STOPPED"
    task.stop_code = getattr(task, "stop_code", None) or (
        "TaskFailedToStart" if exit_code is None else "EssentialContainerExited"
    )
    task.stopped_reason = task.stopped_reason or reason or "Essential container in task exited"
    task.stopped_at = datetime.now(UTC)
    task.last_status = "STOPPED"


def announce_end(task: Task) -> None:
    """Send EventBridge the event of a stopped task; moto sends no events of tasks."""
    from moto.events.models import events_backends  # here: it is costly, and many clouds have no rule

    described = {
        "taskArn": task.task_arn,
        "clusterArn": task.cluster_arn,
        "lastStatus": task.last_status,
        "desiredStatus": task.desired_status,
        "stopCode": task.stop_code,
        "stoppedReason": task.stopped_reason,
        "containers": [{"exitCode": each.exit_code, "lastStatus": each.last_status} for each in task.containers],
        "overrides": task.overrides,
    }
    event = task_stopped(described, region=task.region_name, account=task._account_id)
    for rule in list(events_backends[task._account_id][task.region_name].event_buses["default"].rules.values()):
        rule.send_to_targets({**event, "ingestion-time": 0.0})

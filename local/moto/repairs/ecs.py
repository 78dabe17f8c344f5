"""ECS tasks that really run: moto keeps the books, the bridge runs the container's command."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.exceptions import ECSException, InvalidParameterException
from moto.ecs.models import EC2ContainerServiceBackend
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.moto_api import state_manager

from agents.settings import PREFIX
from local.moto import bridge as moto_bridge
from local.moto.replacements import replaces
from local.processes.child_processes import ProcessKeeperGone

#: What ECS gives as the reason when Fargate Spot takes a task back.
SPOT_INTERRUPTION = "Your Spot Task was interrupted."
#: The reason in `failures` when RunTask finds the account's vCPUs used up.
NOT_STARTED = "You've reached the limit on the number of vCPUs you can run concurrently"
_original_run = EC2ContainerServiceBackend.run_task
#: A task is counted before the next one is asked for.
_starting = threading.RLock()
_original_answer = EC2ContainerServiceResponse.run_task
_original_stop = EC2ContainerServiceBackend.stop_task


def transitions_by_hand() -> None:
    """Keep moto from moving a task on to STOPPED when it is described; `.sync` would succeed without having run it.

    moto moves it at once by default: https://github.com/getmoto/moto/pull/6857.
    """
    state_manager.set_transition("ecs::task", {"progression": "manual", "times": 10**9})


@replaces(EC2ContainerServiceBackend, "run_task")
def _run_task(
    self: Any, cluster_str: str, task_definition_str: str, count: int, overrides: Any, *args: Any, **kwargs: Any
) -> list[Any]:
    """moto invents a task and starts nothing."""
    refuse_other_work(overrides or {})
    tasks: list[Any] = _original_run(self, cluster_str, task_definition_str, count, overrides, *args, **kwargs)
    # The backend's last argument, which moto's task does not keep; the quotas of Spot and On-Demand are two.
    strategy = args[6] if len(args) > 6 else kwargs.get("capacity_provider_strategy")
    for task in tasks:
        task.capacity_provider_strategy = strategy
        task.created_at = task.started_at = datetime.now(UTC)
        for container in task.containers:
            container.exit_code = container.exitCode = None
            container.last_status = "RUNNING"
        try:
            moto_bridge.current().start_task(task, self.describe_task_definition(task.task_definition_arn))
        except ProcessKeeperGone as gone:
            # A refusal, since of a task that stops at once nobody could tell the state machine; by ECS's name for an
            # account in which nothing starts any more, so that no retrier waits for better times.
            raise ECSException("BlockedException", str(gone)) from gone
    return tasks


def refuse_other_work(overrides: Mapping[str, Any]) -> None:
    """A task does what its definition says: whoever may run it hands it a request, and no command of their own.

    The state machine never overrides a command. On AWS a container is the border around whatever runs in it; here it
    is a process of the person's, and variables like PATH or PYTHONPATH would choose its program as well as a command.

    Raises:
        InvalidParameterException: the overrides choose what runs.
    """
    for override in overrides.get("containerOverrides") or []:
        if override.get("command"):
            raise InvalidParameterException(
                "containerOverrides.command: the cloud on this machine runs the command of the task definition alone"
            )
        foreign = sorted({pair["name"] for pair in override.get("environment") or [] if not _is_ours(pair["name"])})
        if foreign:
            raise InvalidParameterException(
                f"containerOverrides.environment: {', '.join(foreign)}: the cloud on this machine takes variables "
                f"that begin with {PREFIX} alone; put others into the task definition"
            )


def _is_ours(variable: str) -> bool:
    return variable.startswith(PREFIX)


def _definition_of(response: Any) -> str:
    return str(response._get_param("taskDefinition"))


@replaces(EC2ContainerServiceResponse, "run_task")
def _answer_run_task(self: Any) -> ActionResult:
    """RunTask answers 200 with `failures` where capacity or quota is missing; moto's quota has no end."""
    bridge = moto_bridge.current()
    spot = any(
        provider.get("capacityProvider") == "FARGATE_SPOT"
        for provider in self._get_param("capacityProviderStrategy") or []
    )
    units = moto_bridge.cpu_units(
        self._get_param("overrides"), self.ecs_backend.describe_task_definition(_definition_of(self))
    )
    with _starting:
        if not bridge.quotas.admits_task(units, bridge.task_units(spot)):
            return ActionResult({"tasks": [], "failures": [{"reason": NOT_STARTED}]})
        answer: ActionResult = _original_answer(self)
        return answer


@replaces(EC2ContainerServiceBackend, "stop_task")
def _stop_task(self: Any, cluster_str: str, task_str: str, reason: str) -> Any:
    """moto marks the task STOPPED on the spot; on AWS it is stopping until its containers have gone."""
    wanted = task_str.split("/")[-1]
    for tasks in self.tasks.values():
        for task in tasks.values():
            if task.task_arn.endswith(wanted) and task.last_status != "STOPPED":
                task.desired_status = "STOPPED"
                # Nobody takes a laptop back: a test that says so in ECS's words stands for Spot.
                task.stop_code = "SpotInterruption" if reason == SPOT_INTERRUPTION else "UserInitiated"
                task.stopped_reason = reason or "Task stopped by user"
                moto_bridge.current().stop_task(task.task_arn, task.stopped_reason)
                return task
    return _original_stop(self, cluster_str, task_str, reason)

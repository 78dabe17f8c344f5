"""Gives the end of a task the name that the state machine decides by. Pure."""

from __future__ import annotations

from agents.contracts.reaping import StoppedTask
from agents.errors import TaskExited, TaskInterrupted, TaskKilled, TaskNotStarted, TaskOutOfMemory

#: What ECS calls a task that it took back itself, Fargate Spot above all, or that somebody stopped.
_TAKEN_BACK = frozenset({"SpotInterruption", "TerminationNotice", "UserInitiated"})
#: Exit codes of SIGKILL and SIGTERM: nothing inside the container ends with these by itself.
_KILLED, _TERMINATED = 137, 143


def name_of(task: StoppedTask) -> str:
    """The error's name. Memory comes first: ECS stops such a container with SIGKILL, like one that it takes back."""
    if "outofmemory" in task.reason.lower():
        return TaskOutOfMemory.__name__
    if task.stop_code in _TAKEN_BACK or task.exit_code == _TERMINATED:
        return TaskInterrupted.__name__
    if task.exit_code is None:
        return TaskNotStarted.__name__
    return TaskKilled.__name__ if task.exit_code == _KILLED else TaskExited.__name__


def cause_of(task: StoppedTask) -> str:
    """ECS's own words and the exit code."""
    words = task.reason or task.stop_code or "the task has stopped"
    return words if task.exit_code is None else f"{words} (exit code {task.exit_code})"

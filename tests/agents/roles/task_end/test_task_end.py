"""A task that ended without answering is answered for, by the name that says whether to try again."""

from __future__ import annotations

import pytest

from agents.contracts.reaping import ReportTaskEndInput, ReportTaskEndOutput, StoppedTask
from agents.roles.task_end.core import cause_of, name_of
from agents.roles.task_end.run import run
from tests.agents.fakes import SESSION_ID, FakePorts, fake_ports, settings

EXITED = "Essential container in task exited"
OUT_OF_MEMORY = "OutOfMemoryError: Container killed due to memory usage"
SPOT = "Your Spot Task was interrupted."


def task(stop_code: str, reason: str, exit_code: int | None, answers_by: str = "token") -> StoppedTask:
    return StoppedTask(
        session_id=SESSION_ID, task_token=answers_by, stop_code=stop_code, reason=reason, exit_code=exit_code
    )


@pytest.mark.parametrize(
    ("stop_code", "reason", "exit_code", "name"),
    [
        ("EssentialContainerExited", EXITED, 0, "TaskExited"),
        ("EssentialContainerExited", EXITED, 3, "TaskExited"),
        ("EssentialContainerExited", EXITED, 139, "TaskExited"),
        ("EssentialContainerExited", EXITED, 137, "TaskKilled"),
        ("EssentialContainerExited", f"{EXITED}; {OUT_OF_MEMORY}", 137, "TaskOutOfMemory"),
        ("EssentialContainerExited", OUT_OF_MEMORY, 1, "TaskOutOfMemory"),
        ("EssentialContainerExited", EXITED, 143, "TaskInterrupted"),
        ("SpotInterruption", SPOT, 137, "TaskInterrupted"),
        ("SpotInterruption", SPOT, None, "TaskInterrupted"),
        ("TerminationNotice", "maintenance", 137, "TaskInterrupted"),
        ("UserInitiated", "Task stopped by user", 137, "TaskInterrupted"),
        ("TaskFailedToStart", "CannotPullContainerError: no such image", None, "TaskNotStarted"),
        ("", "", None, "TaskNotStarted"),
    ],
)
def test_every_way_to_end_has_a_name(stop_code: str, reason: str, exit_code: int | None, name: str) -> None:
    assert name_of(task(stop_code, reason, exit_code)) == name


def test_the_cause_is_what_ecs_says_and_the_exit_code() -> None:
    assert cause_of(task("EssentialContainerExited", EXITED, 3)) == f"{EXITED} (exit code 3)"
    assert cause_of(task("TaskFailedToStart", "", None)) == "TaskFailedToStart"


def reported(ports: FakePorts, arn: str = "task") -> ReportTaskEndOutput:
    return run(ReportTaskEndInput(task_arn=arn), ports, settings("ReportTaskEnd"))


def test_the_state_machine_hears_of_it_at_once() -> None:
    ports = fake_ports()
    ports.tasks.ends["task"] = task("EssentialContainerExited", EXITED, 3)
    assert reported(ports) == ReportTaskEndOutput(session_id=SESSION_ID, error="TaskExited")
    assert ports.executions.answered == {"token": ("TaskExited", f"{EXITED} (exit code 3)")}


def test_a_task_that_has_answered_keeps_its_answer_however_often_its_end_is_reported() -> None:
    ports = fake_ports()
    ports.tasks.ends["task"] = task("EssentialContainerExited", EXITED, 0)
    ports.executions.answered["token"] = ("its own", "answer")
    for _ in range(2):  # EventBridge delivers at least once
        assert reported(ports) == ReportTaskEndOutput(session_id=SESSION_ID)
    assert ports.executions.answered == {"token": ("its own", "answer")}


def test_a_scan_answers_by_its_exit_code_and_a_task_of_others_is_nobodys_affair() -> None:
    ports = fake_ports()
    ports.tasks.ends["scan"] = task("EssentialContainerExited", EXITED, 3, answers_by="")
    assert reported(ports, "scan") == ReportTaskEndOutput(session_id=SESSION_ID)
    assert reported(ports, "unknown") == ReportTaskEndOutput()
    assert ports.executions.answered == {}

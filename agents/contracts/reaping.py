"""What is left when something ended without answering: a task's failure in the store, sessions, running tasks."""

from __future__ import annotations

from pydantic import Field, model_validator

from agents.contracts.base import Contract, SessionId


class StoredText(Contract):
    """A string attribute, as DynamoDB answers it."""

    S: str


class StoredFailure(Contract):
    """The item in which a scan task left its error."""

    error: StoredText
    cause: StoredText


class TaskFailureReport(Contract):
    """GetItem's answer; without an Item the task could not tell."""

    Item: StoredFailure | None = None


class RunningTask(Contract):
    """An ECS task of ours that runs, or is about to."""

    arn: str
    session_id: str


class StoppedTask(Contract):
    """An ECS task of ours that has ended, in ECS's own words; without an exit code its container never ran."""

    session_id: str
    task_token: str = Field(default="", description="empty where the exit code is the answer, as of a scan")
    stop_code: str = ""
    reason: str = ""
    exit_code: int | None = None


class ReportTaskEndInput(Contract):
    """A task that has stopped, as the rule's input transformer names it."""

    task_arn: str


class ReportTaskEndOutput(Contract):
    """The error reported to the state machine; empty when it had its answer, or waits for none."""

    session_id: str = ""
    error: str = ""


class Ending(Contract):
    """How an execution ended, as far as AWS knows: an error's name, empty if it gave none, and its cause."""

    error: str = ""
    cause: str = ""


class ReapInput(Contract):
    """What to look after: every session, or one. To cancel a session is to stop its execution first."""

    session_id: SessionId | None = None
    cancel: bool = False

    @model_validator(mode="after")
    def only_one_session_is_cancelled(self) -> ReapInput:
        if self.cancel and self.session_id is None:
            raise ValueError("name the session to cancel: all of them at once cannot be meant")
        return self


class ReapOutput(Contract):
    """What was found over and ended; lists are for people and hold at most a hundred names."""

    ended_sessions: tuple[str, ...] = ()
    stopped_tasks: tuple[str, ...] = ()
    sessions: int = Field(default=0, description="sessions ended")
    tasks: int = Field(default=0, description="tasks stopped")
    returned_usd: float = Field(default=0, description="what was still held back for the sessions that were ended")
    oldest_session_seconds: float = Field(default=0, description="age of the oldest session that is RUNNING")
    approval_wait_seconds: float = Field(default=0, description="the longest that a session has waited for a person")

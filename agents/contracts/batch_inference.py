"""A Bedrock batch inference job: what submitting one leaves for the states after it, and for the reaper."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from agents.contracts.base import Contract, RepositoryText, SessionId


class JobStatus(StrEnum):
    """Where a job stands, in AWS's own words."""

    SUBMITTED = "Submitted"
    VALIDATING = "Validating"
    SCHEDULED = "Scheduled"
    IN_PROGRESS = "InProgress"
    STOPPING = "Stopping"
    COMPLETED = "Completed"
    PARTIALLY_COMPLETED = "PartiallyCompleted"
    FAILED = "Failed"
    STOPPED = "Stopped"
    EXPIRED = "Expired"

    @property
    def over(self) -> bool:
        """Whether the job will change no more."""
        return self in {
            JobStatus.COMPLETED,
            JobStatus.PARTIALLY_COMPLETED,
            JobStatus.FAILED,
            JobStatus.STOPPED,
            JobStatus.EXPIRED,
        }


class JobProgress(Contract):
    """What AWS says of a job."""

    status: JobStatus
    message: RepositoryText = ""
    processed: int = Field(default=0, ge=0, description="records that a model has read, answered or not")


class JobReservation(Contract):
    """What the budget ledger holds back for a job; the fields of a Reservation."""

    lease: str
    usd: float
    expires_at: int


class BatchJob(Contract):
    """A session's job. It is written before the job is asked for, so that a retried submit asks for the same one."""

    session_id: SessionId
    execution: str = Field(description="ARN of the execution that submits it: another one submits its own")
    name: str = Field(description="the job's name, and its token: AWS makes one job of it however often it is asked")
    records: int = Field(ge=0)
    most_usd: float = Field(ge=0, description="what it can cost at most")
    submitted_at: int = Field(description="seconds since 1970")
    deadline: int = Field(description="seconds since 1970; what is not answered by then is asked in realtime")
    arn: str = Field(default="", description="empty until AWS has answered")
    held: JobReservation | None = Field(default=None, description="None when it is settled")
    reason: RepositoryText = Field(default="", description="why some files, or all, are not in the job")
    status: str = Field(default="", description="where it stood when it was collected")
    answered: int = Field(default=0, ge=0, description="files that it analysed")
    usd: float = Field(default=0, ge=0, description="what it cost")
    collected: bool = False


class Inference(StrEnum):
    """How the analyst's model is asked."""

    REALTIME = "realtime"
    BATCH = "batch"


class PollVerdict(StrEnum):
    """What BatchInferenceGate does next."""

    WAIT = "wait"
    COLLECT = "collect"
    REALTIME = "realtime"


class SubmitBatchInferenceInput(Contract):
    """Which session to submit a job for, and which execution asks."""

    session_id: SessionId
    execution: str


class SubmitBatchInferenceOutput(Contract):
    """Where the job stands: the loop's own counter, clock and bound travel with it. Times in seconds since 1970."""

    verdict: PollVerdict
    polls: int = Field(ge=0)
    wait_seconds: int = Field(ge=1)
    checked_at: int
    deadline: int
    reason: RepositoryText = Field(default="", max_length=500, description="for people")


class CheckBatchInferenceInput(Contract):
    """Which session's job to look at, and how often it was looked at before."""

    session_id: SessionId
    polls: int = Field(ge=0)


CheckBatchInferenceOutput = SubmitBatchInferenceOutput


class CollectBatchInferenceInput(Contract):
    """Which session's job to collect; one that is not over is stopped."""

    session_id: SessionId


class CollectBatchInferenceOutput(Contract):
    """Counts of the job; its analyses are in the store."""

    status: str = Field(description="the job's, in AWS's words; empty if there was none")
    records: int
    analysed: int

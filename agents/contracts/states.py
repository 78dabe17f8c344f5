"""The typed input and output of every state: a session id, pointers, counts and verdicts, nothing else."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import ConfigDict, Field

from agents.contracts.approval import AwaitApprovalOutput
from agents.contracts.approval import ExpireApprovalOutput as ExpireApprovalOutput
from agents.contracts.base import Contract, RepositoryText, SessionId
from agents.contracts.batch_inference import CollectBatchInferenceOutput, Inference, SubmitBatchInferenceOutput
from agents.contracts.draft import LAST_REVISION, Verdict
from agents.contracts.reaping import TaskFailureReport
from agents.contracts.session import SessionStatus
from agents.contracts.snapshot import Route, TaskSize
from agents.contracts.waves import LoadPlanOutput, Plan, WarmPromptCacheOutput, Wave
from agents.contracts.waves import WarmPromptCacheInput as WarmPromptCacheInput

BATCH_ID = r"^b[0-9]{5}$"


class UploadedObject(Contract):
    """The object of an S3 `Object Created` event; the fields we do not read are let through."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    key: str
    size: int = Field(ge=0)
    version_id: str = Field(default="", alias="version-id")


class UploadDetail(Contract):
    """The detail of an S3 `Object Created` event."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    object: UploadedObject


class Opening(StrEnum):
    """How OpenSession ended."""

    OPENED = "opened"
    DUPLICATE = "duplicate"
    SUPERSEDED = "superseded"


class Capacity(StrEnum):
    """Where Fargate tasks of analysts are tried first."""

    SPOT = "spot"
    ON_DEMAND = "on-demand"


class RevisionPolicy(StrEnum):
    """What happens to the best draft when the revisions are used up."""

    PUBLISH = "publish"
    ASK = "ask"
    FAIL = "fail"


class OpenSessionInput(Contract):
    """Who uploaded what, and which execution asks."""

    execution: str
    detail: UploadDetail


class OpenSessionOutput(Contract):
    """The session, and the settings that steer the state machine."""

    session_id: SessionId
    opening: Opening
    scan_route: Literal[Route.LAMBDA, Route.FARGATE]
    analyst_concurrency: int = Field(ge=1)
    heartbeat_seconds: int = Field(ge=1)
    state_seconds: int = Field(ge=1, description="timeout of a state whose function may run for lambdaSeconds")
    capacity: Capacity
    inference: Inference
    on_revision_limit: RevisionPolicy
    approve_before_publish: bool = Field(description="a person must approve; true once a person has sent a draft back")
    approval_seconds: int = Field(ge=1, description="how long a draft waits for a person")


class ScanInput(Contract):
    """Which session to scan. ScanOversized takes the same."""

    session_id: SessionId


class ScanOutput(Contract):
    """Counts of the scan; the manifest and the plan lie under the session's keys."""

    session_id: SessionId
    files: int
    batches: int


class AnalyseBatchInput(Contract):
    """One planned batch. AnalyseOversizedBatch and AnalyseOnDemand take the same."""

    session_id: SessionId
    batch_id: str = Field(pattern=BATCH_ID)
    route: Route


class AnalyseBatchOutput(Contract):
    """Counts of one batch; the analyses are in the store."""

    batch_id: str
    analysed: int
    gaps: int


class MapItem(Contract):
    """The state of one child execution of AnalyseFiles."""

    session_id: SessionId
    batch_id: str = Field(pattern=BATCH_ID)
    route: Route
    heartbeat_seconds: int
    state_seconds: int
    capacity: Capacity
    expires_at: str
    task: TaskSize
    pointer: str = Field(description="`session_id/batch_id`: all that fits a container override")
    failure: FailureState | None = None
    outcome: AnalyseBatchOutput | None = None


# A task gets the fields of its state's request in this order, with slashes between them: `request_of_pointer`.
class ReviewInput(Contract):
    """Which session to review: SecurityAgentInput and PerformanceAgentInput are this."""

    session_id: SessionId


class ReviewOutput(Contract):
    """Counts of one review."""

    reviewed: bool
    findings: int


SecurityAgentInput = ReviewInput
SecurityAgentOutput = ReviewOutput
PerformanceAgentInput = ReviewInput
PerformanceAgentOutput = ReviewOutput


class SynthesizeInput(Contract):
    """Which session to merge."""

    session_id: SessionId


class SynthesizeOutput(Contract):
    """Counts of the merged picture."""

    modules: int
    gaps: int


class EditInput(Contract):
    """Which session, and the revision before this one (0 before the first)."""

    session_id: SessionId
    previous_revision: int = Field(ge=0, le=LAST_REVISION - 1)


class EditOutput(Contract):
    """The revision that was written, and how many of its pages are new."""

    revision: int = Field(ge=1, le=LAST_REVISION)
    pages: int
    rewritten: int


class CritiqueInput(Contract):
    """Which draft to judge."""

    session_id: SessionId
    revision: int = Field(ge=1, le=LAST_REVISION)


class CritiqueOutput(Contract):
    """The judgement that RevisionGate reads."""

    revision: int = Field(ge=1, le=LAST_REVISION)
    verdict: Verdict
    score: int
    open_findings: int
    best_revision: int = Field(ge=1, le=LAST_REVISION)


class PublishInput(Contract):
    """Which draft becomes the site."""

    session_id: SessionId
    revision: int = Field(ge=1, le=LAST_REVISION)
    verdict: Verdict


class PublishOutput(Contract):
    """How the session ends."""

    status: SessionStatus
    pages: int


class CloseSessionInput(Contract):
    """How the session ended well, and which execution ends it."""

    session_id: SessionId
    execution: str
    status: SessionStatus


class CloseSessionOutput(Contract):
    """The result of the execution: what a person asks first."""

    session_id: SessionId
    status: SessionStatus
    files_total: int
    gaps: int
    dropped_claims: int = Field(default=0, description="claims of models that were not published")
    opened_at: int = Field(default=0, description="seconds since 1970")


class FailSessionInput(Contract):
    """Why the session failed, as the catcher saw it, and which execution ends it."""

    session_id: SessionId
    execution: str
    error: str
    cause: RepositoryText


FailSessionOutput = CloseSessionOutput


class FailureState(Contract):
    """What a catcher leaves in `$.failure`: AWS's own names."""

    Error: str
    Cause: str


class ReviewsState(Contract):
    """Both reviews, side by side."""

    security: ReviewOutput
    performance: ReviewOutput


class FirstDraft(Contract):
    """What stands in `$.draft` before the first revision."""

    revision: int = 0


class ExecutionPayload(Contract):
    """The payload that travels through the state machine: every JSONPath of the file exists here.

    A test holds the file's paths against these fields; nothing constructs it at run time.
    """

    detail: UploadDetail
    session: OpenSessionOutput
    scan: ScanOutput
    stored: LoadPlanOutput
    plan: Plan
    batch_inference: SubmitBatchInferenceOutput
    collected: CollectBatchInferenceOutput
    warmed: WarmPromptCacheOutput
    cold: FailureState
    wave: Wave
    reviews: ReviewsState
    synthesis: SynthesizeOutput
    draft: EditOutput
    critique: CritiqueOutput
    approval: AwaitApprovalOutput
    published: PublishOutput
    closed: CloseSessionOutput
    failure: FailureState
    reported: TaskFailureReport
    again: FailureState
    outgrown: FailureState
    unrecorded: FailureState


MapItem.model_rebuild()

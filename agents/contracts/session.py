"""The session: its item in the context store, its status, and the record it leaves behind."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from agents.contracts.base import Contract, RepositoryText, SessionId
from agents.contracts.snapshot import Gap, Route
from agents.contracts.usage import Spending, Usage
from agents.text.causes import readable_cause


class SessionStatus(StrEnum):
    """The status of a session. RUNNING and AWAITING_APPROVAL are the only ones that are not final."""

    RUNNING = "RUNNING"
    PUBLISHED = "PUBLISHED"
    PUBLISHED_WITH_FINDINGS = "PUBLISHED_WITH_FINDINGS"
    AWAITING_APPROVAL = "AWAITING_APPROVAL"
    REJECTED = "REJECTED"
    FAILED = "FAILED"
    SUPERSEDED = "SUPERSEDED"

    @property
    def open(self) -> bool:
        """Whether an execution works on it or waits for a person."""
        return self in {SessionStatus.RUNNING, SessionStatus.AWAITING_APPROVAL}

    @property
    def published(self) -> bool:
        """Whether there is a site to read."""
        return self in {SessionStatus.PUBLISHED, SessionStatus.PUBLISHED_WITH_FINDINGS}


class Origin(Contract):
    """Where the snapshot is at its code host; all of it is empty for an archive that a person uploaded."""

    repository: RepositoryText = Field(default="", max_length=600, description="with its owner, as in acme/engine")
    ref: RepositoryText = Field(
        default="", max_length=1_200, description="Git's full name, refs/heads/… or refs/tags/…"
    )
    commit: str = Field(default="", pattern=r"^([0-9a-f]{40}|[0-9a-f]{64})?$")


class Session(Contract):
    """A session's own item in the context store."""

    session_id: SessionId
    status: SessionStatus
    repository: RepositoryText
    archive_key: str
    archive_version: str = ""
    archive_bytes: int = Field(ge=0)
    execution: str = Field(description="ARN of the execution that holds the claim")
    model: str
    release: str
    version: int = Field(default=0, ge=0, description="of the state machine; 0 where AWS names none")
    opened_at: int = Field(description="seconds since 1970")
    origin: Origin = Origin()
    superseded: bool = Field(default=False, description="its execution is stopped for a newer commit, or about to be")


class DroppedClaims(Contract):
    """How many claims of a role's model were dropped: sentences, notes, findings and diagrams."""

    count: int = Field(ge=0)


class Pace(Contract):
    """Files, bytes and seconds of analysis in one language, summed over every batch so far."""

    files: int = Field(default=0, ge=0)
    bytes: int = Field(default=0, ge=0)
    seconds: float = Field(default=0, ge=0)

    def __add__(self, other: Pace) -> Pace:
        return Pace(
            files=self.files + other.files, bytes=self.bytes + other.bytes, seconds=self.seconds + other.seconds
        )


class BatchOutcome(Contract):
    """The outcome of one batch. The last attempt wins, so a batch that was escalated to Fargate counts once."""

    batch_id: str
    route: Route
    analysed: int = Field(ge=0)
    gaps: tuple[Gap, ...] = ()
    usage: Usage = Usage()
    began_at: float = Field(
        default=0, ge=0, description="the last attempt, seconds since 1970; 0 where nobody noted it"
    )
    seconds: float = Field(default=0, ge=0)
    dropped_claims: int = Field(default=0, ge=0, description="claims of a model that its files do not support")
    unpaid: tuple[str, ...] = Field(default=(), description="paths beyond the budget, analysed by the extractive model")


class LostBatch(Contract):
    """A batch that RecordGap recorded: every file of it without an analysis is a gap with this reason."""

    batch_id: str
    error: str
    cause: Annotated[RepositoryText, AfterValidator(readable_cause)]


class RecordModel(BaseModel):
    """A part of session.json; closed, so that the file's schema is these classes."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class RepositoryRecord(RecordModel):
    """The snapshot in figures."""

    name: str
    files: int = 0
    bytes: int = 0
    languages: dict[str, int] = Field(default_factory=dict)


class Coverage(RecordModel):
    """How much was documented. files_total = analysed + reused + skipped + gaps, always.

    Symbols are those of code; `symbols_documented` have their author's documentation, `symbols_noted`
    only a note of ours.
    """

    files_total: int = 0
    files_analysed: int = 0
    files_reused: int = 0
    files_skipped: int = 0
    symbols_total: int = 0
    symbols_documented: int = 0
    symbols_noted: int = 0


class Routes(RecordModel):
    """Files by where they were analysed."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)

    on_lambda: int = Field(default=0, alias="lambda")
    fargate: int = 0
    batch_inference: int = 0


class UsageRecord(RecordModel):
    """The session's spend as its ledger has it, and the cap it ran under.

    `usd` is settled. `in_flight_usd` is reserved by requests without an answer so far, `unsettled_usd` was reserved by
    requests whose process died: each is the most that they can add to `usd` on the provider's bill.
    """

    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    usd: float = 0.0
    cap_usd: float = 0.0
    in_flight_requests: int = 0
    in_flight_usd: float = 0.0
    unsettled_requests: int = 0
    unsettled_usd: float = 0.0

    @classmethod
    def of(cls, spending: Spending, cap_usd: float) -> UsageRecord:
        """The ledger's figures."""
        parts = spending.model_dump(exclude={"settled", "stop_reason"})
        return cls(**spending.settled.model_dump(exclude={"reused"}), **parts, cap_usd=cap_usd)


class Timings(RecordModel):
    """Seconds, from the execution's history; a state entered several times is summed."""

    wall_s: float = 0.0
    states: dict[str, float] = Field(default_factory=dict)


class Payload(RecordModel):
    """The largest input or output of any state, and whose it was."""

    max_bytes: int = 0
    max_state: str = ""


class ErrorRecord(RecordModel):
    """Why a session failed."""

    name: str
    cause: str


class ApprovalRecord(RecordModel):
    """What was decided about one draft: by whom, when (seconds since 1970), and why."""

    revision: int
    decision: str
    decided_by: str
    decided_at: int
    comment: str = ""


class SessionRecord(RecordModel):
    """session.json. What closes the session fills all but timings, payload and events: those come from the history."""

    session_id: str
    status: SessionStatus
    repository: RepositoryRecord
    coverage: Coverage = Coverage()
    gaps: tuple[Gap, ...] = ()
    routes: Routes = Routes()
    revisions: int = 0
    score: int | None = None
    model: str = ""
    dropped_claims: dict[str, int] = Field(default_factory=dict)
    usage: UsageRecord = UsageRecord()
    timings: Timings = Timings()
    payload: Payload = Payload()
    events: int = 0
    release: str = ""
    version: int = 0
    approvals: tuple[ApprovalRecord, ...] = ()
    error: ErrorRecord | None = None

    @model_validator(mode="after")
    def files_add_up(self) -> SessionRecord:
        c = self.coverage
        if c.files_total != c.files_analysed + c.files_reused + c.files_skipped + len(self.gaps):
            raise ValueError(f"files do not add up: {c} with {len(self.gaps)} gaps")
        return self

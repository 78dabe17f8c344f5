"""The session: its item in the context store, its status, and the record it leaves behind."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from agents.contracts.analysis import AnalysisPointer
from agents.contracts.base import Contract, RepositoryText, SessionId
from agents.contracts.snapshot import Gap, Manifest, ManifestEntry, Route
from agents.contracts.usage import Spending, Usage


class SessionStatus(StrEnum):
    """Where a session stands; RUNNING is the only one that is not an end or a wait."""

    RUNNING = "RUNNING"
    PUBLISHED = "PUBLISHED"
    PUBLISHED_WITH_FINDINGS = "PUBLISHED_WITH_FINDINGS"
    AWAITING_APPROVAL = "AWAITING_APPROVAL"
    REJECTED = "REJECTED"
    FAILED = "FAILED"

    @property
    def published(self) -> bool:
        """Whether there is a site to read."""
        return self in {SessionStatus.PUBLISHED, SessionStatus.PUBLISHED_WITH_FINDINGS}


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
    opened_at: int = Field(description="seconds since 1970")


class DroppedClaims(Contract):
    """How many sentences, notes, findings and diagrams of a role's model the snapshot disproved."""

    count: int = Field(ge=0)


class Pace(Contract):
    """What analysing the files of one language took, summed up over every batch so far."""

    files: int = Field(default=0, ge=0)
    bytes: int = Field(default=0, ge=0)
    seconds: float = Field(default=0, ge=0)

    def __add__(self, other: Pace) -> Pace:
        return Pace(
            files=self.files + other.files, bytes=self.bytes + other.bytes, seconds=self.seconds + other.seconds
        )


class BatchOutcome(Contract):
    """What became of one batch; the last attempt wins, so an escalated batch counts once, as Fargate."""

    batch_id: str
    route: Route
    analysed: int = Field(ge=0)
    gaps: tuple[Gap, ...] = ()
    usage: Usage = Usage()
    seconds: float = Field(default=0, ge=0)
    dropped_claims: int = Field(default=0, ge=0, description="statements and notes of a model that its files disproved")
    unpaid: tuple[str, ...] = Field(default=(), description="paths described without a model for want of money")


def plain_cause(cause: str) -> str:
    """A catcher's `Cause` for people, at most 2,000 characters.

    Lambda wraps the message in JSON with a stack trace, and ECS gives a stopped task's whole description.
    """
    try:
        wrapped = json.loads(cause)
    except ValueError:
        return cause[:2000]
    if not isinstance(wrapped, dict):
        return cause[:2000]
    message = wrapped.get("errorMessage") or _why_stopped(wrapped)
    return (message if isinstance(message, str) else cause)[:2000]


def _why_stopped(task: Mapping[str, object]) -> str | None:
    """Why an ECS task stopped, with its container's exit code if it ever ran."""
    reason, containers = task.get("StoppedReason"), task.get("Containers")
    if not isinstance(reason, str):
        return None
    first = containers[0] if isinstance(containers, list) and containers else {}
    code = first.get("ExitCode") if isinstance(first, dict) else None
    return reason if code is None else f"{reason} (exit code {code})"


class LostBatch(Contract):
    """A batch that RecordGap wrote down: every file of it without an analysis is a gap with this reason."""

    batch_id: str
    error: str
    cause: Annotated[RepositoryText, AfterValidator(plain_cause)]


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
    error: ErrorRecord | None = None

    @model_validator(mode="after")
    def files_add_up(self) -> SessionRecord:
        c = self.coverage
        if c.files_total != c.files_analysed + c.files_reused + c.files_skipped + len(self.gaps):
            raise ValueError(f"files do not add up: {c} with {len(self.gaps)} gaps")
        return self


def dropped_claims_by_role(struck: Mapping[str, int], outcomes: Iterable[BatchOutcome]) -> dict[str, int]:
    """What was struck of each role: its revisions and attempts together, the analyst's from its batches too."""
    total: Counter[str] = Counter(analyst=sum(outcome.dropped_claims for outcome in outcomes))
    for role, count in struck.items():
        total[role.partition("-")[0]] += count
    return dict(sorted(total.items()))


def repository_record(manifest: Manifest) -> RepositoryRecord:
    """The snapshot in figures: languages count the files that are not skipped."""
    return RepositoryRecord(
        name=manifest.repository,
        files=len(manifest.entries),
        bytes=sum(entry.bytes for entry in manifest.entries),
        languages=dict(Counter(entry.language for entry in manifest.entries if entry.skipped is None).most_common()),
    )


def gaps_of(
    manifest: Manifest,
    analysed: Mapping[str, AnalysisPointer],
    outcomes: Iterable[BatchOutcome],
    lost: Iterable[LostBatch],
) -> tuple[Gap, ...]:
    """Every file that should have an analysis and has none, each with the best reason known.

    `analysed` is keyed by analysis key. The store decides, not what a state reported: a batch that failed after it
    had stored ten files has no gap for those ten.
    """
    named = {gap.path: gap for outcome in outcomes for gap in outcome.gaps}
    by_batch = {batch.batch_id: batch for batch in lost}

    def gap(entry: ManifestEntry) -> Gap | None:
        if entry.skipped is not None or (entry.analysis_key is not None and entry.analysis_key in analysed):
            return None
        if entry.gap is not None:
            return entry.gap
        if entry.path in named:
            return named[entry.path]
        batch = by_batch.get(entry.batch_id or "")
        if batch is not None:
            return Gap(path=entry.path, reason=batch.error, detail=batch.cause)
        return Gap(path=entry.path, reason="AnalysisMissing", detail="no analysis and no recorded reason")

    return tuple(found for entry in manifest.entries if (found := gap(entry)) is not None)


def coverage_of(manifest: Manifest, analysed: Mapping[str, AnalysisPointer]) -> Coverage:
    """Coverage counted from the store's analyses, keyed by analysis key."""
    done = [entry for entry in manifest.documented if entry.analysis_key in analysed]
    pointers = [analysed[entry.analysis_key] for entry in done if entry.analysis_key is not None]
    return Coverage(
        files_total=len(manifest.entries),
        files_analysed=sum(1 for entry in done if not entry.reused),
        files_reused=sum(1 for entry in done if entry.reused),
        files_skipped=sum(1 for entry in manifest.entries if entry.skipped is not None),
        symbols_total=sum(pointer.symbols_total for pointer in pointers),
        symbols_documented=sum(pointer.symbols_documented for pointer in pointers),
        symbols_noted=sum(pointer.symbols_noted for pointer in pointers),
    )

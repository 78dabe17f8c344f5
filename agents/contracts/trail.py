"""The trail of a stack's releases, and what a canary is judged by."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from agents.contracts.base import Contract, SessionId

#: `promoted`: a stack's release was prepared here. `passed-on`: the stack's own release was promoted to another stack.
#: `rolled-back`: a person led the stack back to this release. `canary-began`: this release gets a share of the new
#: sessions. `rolled-out`: it gets all. `went-back`: the canary of `before` ended by itself, and this release gets all.
TrailEvent = Literal["promoted", "passed-on", "rolled-back", "canary-began", "rolled-out", "went-back"]
#: Those of them that DecideCanary decides.
CanaryDecision = Literal["canary-began", "rolled-out", "went-back"]
#: After one of these, no canary of the version that it names, or of an older one, begins again.
JUDGED: tuple[TrailEvent, ...] = ("rolled-back", "rolled-out", "went-back")


#: A version is judged by so many sessions: more than a comparison needs, and few enough for one answer of DynamoDB.
NEWEST_SESSIONS = 200


class Routing(Contract):
    """Where the state machine's alias leads: all sessions to `former`, or a share of them to `new`.

    `newest` is the newest version there is, `judged` the newest about which a canary or a person has decided.
    """

    former: int = Field(ge=1)
    new: int | None = None
    percent: int = Field(default=0, ge=0, le=100)
    since: float = Field(description="when the alias was changed last, in seconds since 1970")
    newest: int = Field(ge=1)
    judged: int = Field(default=0, ge=0)


class SessionFigures(Contract):
    """What one closed session says about the version of the state machine that it ran on."""

    session_id: SessionId
    version: int = Field(ge=1)
    opened_at: int = Field(description="seconds since 1970")
    failed: bool = False
    files_analysed: int = Field(default=0, ge=0)
    files_reused: int = Field(default=0, ge=0)
    gaps: int = Field(default=0, ge=0)
    analysts_usd: float = Field(default=0, ge=0)
    others_usd: float = Field(default=0, ge=0)
    analysts_dropped_claims: int = Field(default=0, ge=0)
    others_dropped_claims: int = Field(default=0, ge=0)
    analysts_seconds: float = Field(default=0, ge=0)
    score: int | None = None


class VersionFigures(Contract):
    """The sessions of one version in figures; a figure is None where no session gives one."""

    version: int = Field(ge=1)
    release: str = ""
    sessions: int = Field(default=0, ge=0, description="sessions that have ended, failed ones included")
    failed: int = Field(default=0, ge=0, description="executions that failed or timed out")
    gap_share: float | None = None
    usd_per_file: float | None = None
    dropped_claims_per_file: float | None = None
    seconds_per_file: float | None = None
    score: float | None = None


class CanaryFigures(Contract):
    """What a decision about a canary was made by: the share of new sessions, both versions, and each alarm."""

    percent: int = Field(ge=0, le=100)
    former: VersionFigures
    new: VersionFigures
    alarms: tuple[str, ...] = ()


class TrailEntry(BaseModel):
    """One entry. `before` is the release that the stack ran, `at` milliseconds since 1970, `by` an ARN.

    `version` is the newest version of the state machine at that time, where the event is about one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    event: TrailEvent
    release: str
    before: str = ""
    other_stack: str = ""
    at: int
    by: str = ""
    container_image: str = ""
    contract_version: int = Field(default=0, ge=0)
    version: int = Field(default=0, ge=0)
    canary: CanaryFigures | None = None


class DecideCanaryInput(Contract):
    """Nothing: the schedule's call."""


class DecideCanaryOutput(Contract):
    """What was decided, and why, in sentences."""

    action: Literal["nothing", "begin", "wait", "go back", "roll out"]
    reasons: tuple[str, ...] = ()

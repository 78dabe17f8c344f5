"""What the platform tells other programs: the detail of its events. docs/events.md is for those who read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from agents.contracts.base import Contract, RepositoryText, SessionId
from agents.contracts.session import SessionStatus
from agents.contracts.trail import CanaryDecision, CanaryFigures

EventId: TypeAlias = Annotated[
    str, Field(pattern=r"^e[0-9a-f]{20}$", description="the same however often the event is sent")
]
#: The `source` of every event.
SOURCE = "serverless-swarm"
#: The `detail-type` of an event, by what became of the session. Every status has one.
DETAIL_TYPES: Mapping[SessionStatus, str] = {
    SessionStatus.RUNNING: "Session Started",
    SessionStatus.AWAITING_APPROVAL: "Session Awaiting Approval",
    SessionStatus.PUBLISHED: "Session Published",
    SessionStatus.PUBLISHED_WITH_FINDINGS: "Session Published",
    SessionStatus.REJECTED: "Session Rejected",
    SessionStatus.FAILED: "Session Failed",
    SessionStatus.SUPERSEDED: "Session Superseded",
}
#: The `detail-type` of an event about a release, by what was decided.
RELEASE_DETAIL_TYPES: Mapping[CanaryDecision, str] = {
    "canary-began": "Canary Began",
    "went-back": "Canary Went Back",
    "rolled-out": "Release Rolled Out",
}


class EventPointers(Contract):
    """Where more is: keys of the context bucket, empty where there is no such object."""

    bucket: str
    record: str = Field(default="", description="session.json, once the session has ended")
    site: str = Field(default="", description="the built site, a zip, once it is published")
    site_source: str = Field(default="", description="the site's Markdown, a zip, once it is published")


class SessionEvent(Contract):
    """One change of a session's status. New fields keep the version; a field is removed or renamed under a new one.

    An event may arrive more than once, and before or after others of its session: `event_id` names it, `status` and
    `occurred_at` order it.
    """

    schema_version: Literal["1"] = "1"
    event_id: EventId
    session_id: SessionId
    status: SessionStatus = Field(description="RUNNING for a session that has started")
    occurred_at: int = Field(description="seconds since 1970")
    environment: str
    repository: RepositoryText
    ref: RepositoryText = Field(default="", description="`refs/heads/…` or `refs/tags/…`; empty for an upload by hand")
    commit: str = Field(default="", description="Git's hash in full; empty for an upload by hand")
    execution: str = Field(description="ARN of the Step Functions execution")
    release: str
    model: str = Field(description="of every role without a model of its own, without its address")
    usd: float = Field(default=0, description="spent on models so far, settled")
    cap_usd: float = Field(description="the most that the session may spend")
    revision: int | None = Field(default=None, description="the draft that waits for a decision")
    expires_at: int | None = Field(default=None, description="when approvalDefault decides, in seconds since 1970")
    score: int | None = Field(default=None, description="the critic's, of the best draft")
    files: int | None = Field(default=None, description="files of the snapshot, once the session has ended")
    gaps: int | None = Field(default=None, description="files that no model described, once the session has ended")
    error: str = Field(
        default="", description="the error's name, of a session without a site; session.json has its cause"
    )
    pointers: EventPointers

    @property
    def detail_type(self) -> str:
        """The event's `detail-type`."""
        return DETAIL_TYPES[self.status]

    @property
    def resources(self) -> tuple[str, ...]:
        """The ARNs that the event is about."""
        return (self.execution,)


class ReleaseEvent(Contract):
    """One decision about a new version of the state machine, with the figures that it was made by."""

    schema_version: Literal["1"] = "1"
    event_id: EventId
    decision: CanaryDecision
    occurred_at: int = Field(description="seconds since 1970")
    environment: str
    release: str = Field(description="to which the decision leads: the new one, or the former one after `went-back`")
    before: str = Field(default="", description="the other release")
    version: int = Field(ge=1, description="the new version of the state machine")
    canary: CanaryFigures = Field(
        description="`percent`, the share of a canary; the figures of both versions, `former` and `new`; `alarms`"
    )

    @property
    def detail_type(self) -> str:
        """The event's `detail-type`."""
        return RELEASE_DETAIL_TYPES[self.decision]

    @property
    def resources(self) -> tuple[str, ...]:
        """No ARN: the environment says which stack it is."""
        return ()

"""session.json: the session's record from the store, completed with what only the execution's history knows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from agents.contracts.draft import Critique
from agents.contracts.ladder import LadderStep, shortage
from agents.contracts.reruns import Reruns
from agents.contracts.review import Review
from agents.contracts.session import (
    BatchOutcome,
    ErrorRecord,
    LostBatch,
    RepositoryRecord,
    Session,
    SessionRecord,
    SessionStatus,
    UsageRecord,
)
from agents.contracts.site_settings import Language
from agents.contracts.snapshot import ManifestEntry, PlannedBatch
from agents.contracts.structure import Topic
from agents.contracts.usage import Spending, Usage
from agents.errors import Superseded
from cli.session import execution_history as history
from cli.session.batch_attempts import Attempt
from cli.session.execution_history import Event

#: What stands behind a role in the name of a usage: a revision, or a batch's early end.
_ROLE = re.compile(r"^[a-z]+")


@dataclass(frozen=True)
class RunOutcome:
    """Everything that the report and the summary show."""

    record: SessionRecord
    events: Sequence[Event]
    batches: Sequence[BatchOutcome] = ()
    planned: Sequence[PlannedBatch] = ()
    entries: Sequence[ManifestEntry] = ()
    reviews: Sequence[Review] = ()
    reruns: Reruns | None = None
    duplicate: bool = False
    steps: Sequence[LadderStep] = ()
    lost: Sequence[LostBatch] = ()
    usages: Mapping[str, Usage] = field(default_factory=dict)
    critiques: Sequence[Critique] = ()
    attempts: Mapping[str, Sequence[Attempt]] = field(default_factory=dict)
    unread: Sequence[str] = ()
    language: Language = "en"

    @property
    def shortage(self) -> tuple[str, ...]:
        """What had no model's answer because the budget was used up, as sentences."""
        documented = [entry for entry in self.entries if entry.analysis_key is not None]
        return shortage(documented, self.steps)

    @property
    def usage_by_role(self) -> Mapping[str, Usage]:
        """What each role reported: the analyst's usage is in its batches, that of the others has items."""
        by_role: dict[str, Usage] = defaultdict(Usage)
        for batch in self.batches:
            by_role["analyst"] += batch.usage
        for name, usage in self.usages.items():
            role = _ROLE.match(name)
            by_role[role.group() if role else name] += usage
        return {role: usage for role, usage in sorted(by_role.items()) if usage != Usage()}

    @property
    def findings(self) -> str:
        """How many findings the reviews have; a topic without a review is named."""
        counts = {review.topic: len(review.findings) for review in self.reviews if review.reviewed}
        missing = " and ".join(f"{topic.value} not reviewed" for topic in Topic if topic not in counts)
        return ", ".join(part for part in (f"{sum(counts.values()):,}" if counts else "", missing) if part)


def completed(record: SessionRecord, events: Sequence[Event]) -> SessionRecord:
    """The record with timings, payload and events; without a history, as it is."""
    if not events:
        return record
    figures = {"timings": history.timings(events), "payload": history.payload(events), "events": len(events)}
    return record.model_copy(update=figures)


def failed(
    record: SessionRecord | None, events: Sequence[Event], repository: str, model: str, release: str, cap_usd: float
) -> SessionRecord:
    """The record of an execution that failed or was stopped: what was recorded, else the little that is certain."""
    error = history.error(events) or ErrorRecord(name="States.Runtime", cause="the execution ended without a reason")
    if record is not None:
        reason = record.error or error
        return completed(record.model_copy(update={"status": _status_of(reason), "error": reason}), events)
    return completed(
        SessionRecord(
            session_id=history.state_of(events).session_id,
            status=_status_of(error),
            repository=RepositoryRecord(name=repository),
            model=model,
            usage=UsageRecord(cap_usd=cap_usd),
            release=release,
            error=error,
        ),
        events,
    )


def running(session: Session, events: Sequence[Event], cap_usd: float) -> SessionRecord:
    """The record of a session that is still running, or waits for a person: what is certain so far."""
    record = SessionRecord(
        session_id=session.session_id,
        status=session.status,
        repository=RepositoryRecord(name=session.repository),
        model=session.model,
        usage=UsageRecord(cap_usd=cap_usd),
        release=session.release,
    )
    return completed(record, events)


def _status_of(error: ErrorRecord) -> SessionStatus:
    """What the reaper makes of it, or has made: an execution that was stopped for a newer commit has not failed."""
    return SessionStatus.SUPERSEDED if error.name == Superseded.__name__ else SessionStatus.FAILED


def with_spending(record: SessionRecord, spending: Spending) -> SessionRecord:
    """The record with the ledger's figures of now, which may be younger; an expired ledger leaves the record's own."""
    if spending == Spending():
        return record
    return record.model_copy(update={"usage": UsageRecord.of(spending, record.usage.cap_usd)})


def as_json(record: SessionRecord) -> str:
    """session.json's text."""
    return record.model_dump_json(by_alias=True, indent=2) + "\n"

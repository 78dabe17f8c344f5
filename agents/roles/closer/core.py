"""Composes a session's record: every file accounted for, whether the session ended well or not. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from agents.contracts.analysis import AnalysisPointer
from agents.contracts.approval import Approval, DraftDecision
from agents.contracts.draft import Critique
from agents.contracts.session import (
    ApprovalRecord,
    BatchOutcome,
    Coverage,
    ErrorRecord,
    LostBatch,
    RepositoryRecord,
    Routes,
    Session,
    SessionRecord,
    SessionStatus,
    UsageRecord,
)
from agents.contracts.snapshot import Manifest, Route
from agents.contracts.trail import SessionFigures
from agents.contracts.usage import Spending
from agents.session.figures import coverage_of, dropped_claims_by_role, gaps_of, repository_record
from agents.text.causes import readable_cause

Analyses: TypeAlias = Mapping[str, AnalysisPointer]


@dataclass(frozen=True)
class SessionFacts:
    """What a session left behind. `manifest` is None when it failed before there was one."""

    manifest: Manifest | None = None
    analyses: Analyses = field(default_factory=dict)
    outcomes: Sequence[BatchOutcome] = ()
    lost: Sequence[LostBatch] = ()
    spending: Spending = field(default_factory=Spending)
    critiques: Sequence[Critique] = ()
    approvals: Sequence[Approval] = ()
    dropped_claims: Mapping[str, int] = field(default_factory=dict)


def failure(name: str, cause: str) -> ErrorRecord:
    """Why a session failed, its cause without Lambda's stack trace."""
    return ErrorRecord(name=name, cause=readable_cause(cause))


def record(
    session: Session, status: SessionStatus, facts: SessionFacts, cap_usd: float, error: ErrorRecord | None = None
) -> SessionRecord:
    """The session's record, without what only the execution's history knows."""
    manifest = facts.manifest
    return SessionRecord(
        session_id=session.session_id,
        status=status,
        repository=repository_record(manifest) if manifest else RepositoryRecord(name=session.repository),
        coverage=coverage_of(manifest, facts.analyses) if manifest else Coverage(),
        gaps=gaps_of(manifest, facts.analyses, facts.outcomes, facts.lost) if manifest else (),
        routes=_routes(facts),
        revisions=len(facts.critiques),
        score=max((critique.score for critique in facts.critiques), default=None),
        model=session.model,
        dropped_claims=dropped_claims_by_role(facts.dropped_claims, facts.outcomes),
        usage=UsageRecord.of(facts.spending, cap_usd),
        release=session.release,
        version=session.version,
        approvals=tuple(approval_record(a, a.decision) for a in facts.approvals if a.decision),
        error=error,
    )


def figures(session: Session, written: SessionRecord, facts: SessionFacts) -> SessionFigures:
    """What the session says about the version of the state machine that it ran on."""
    dropped = dict(written.dropped_claims)
    analysts_usd = sum(outcome.usage.usd for outcome in facts.outcomes)
    return SessionFigures(
        session_id=session.session_id,
        version=session.version,
        opened_at=session.opened_at,
        failed=written.status == SessionStatus.FAILED,
        files_analysed=written.coverage.files_analysed,
        files_reused=written.coverage.files_reused,
        gaps=len(written.gaps),
        analysts_usd=analysts_usd,
        # The ledger rounds, and settles what outcomes of lost batches do not say.
        others_usd=max(0.0, written.usage.usd - analysts_usd),
        analysts_dropped_claims=dropped.pop("analyst", 0),
        others_dropped_claims=sum(dropped.values()),
        analysts_seconds=sum(outcome.seconds for outcome in facts.outcomes),
        score=written.score,
    )


def approval_record(approval: Approval, decision: DraftDecision) -> ApprovalRecord:
    """A decision as session.json has it."""
    return ApprovalRecord(
        revision=approval.revision,
        decision=decision.decision.value,
        decided_by=decision.decided_by,
        decided_at=decision.decided_at,
        comment=decision.comment,
    )


def _routes(facts: SessionFacts) -> Routes:
    """Files by where they were analysed; an escalated batch counts once, by its last attempt."""
    files: Counter[Route] = Counter()
    for outcome in facts.outcomes:
        files[outcome.route] += outcome.analysed
    return Routes(
        on_lambda=files[Route.LAMBDA], fargate=files[Route.FARGATE], batch_inference=files[Route.BATCH_INFERENCE]
    )

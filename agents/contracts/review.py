"""The security and performance agents' typed findings."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from agents.contracts.base import Contract, Lines, RepositoryPath, RepositoryText, SpokenText
from agents.contracts.structure import Evidence, Topic


class Severity(StrEnum):
    """How bad a finding is, worst first in SEVERITIES."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


SEVERITIES = tuple(Severity)


class EvidenceAt(Contract):
    """An evidence with its file, which an analysis does not hold."""

    path: RepositoryPath
    evidence: Evidence


class ReviewBrief(Contract):
    """A reviewer's question: the evidence to judge."""

    topic: Topic
    evidence: tuple[EvidenceAt, ...]


class Finding(Contract):
    """A judged place: severity, line, reason, and what to do."""

    rule: str
    severity: Severity
    path: RepositoryPath
    lines: Lines
    symbol: RepositoryText
    title: SpokenText
    reason: SpokenText
    advice: SpokenText
    excerpt: RepositoryText


class ReviewReply(Contract):
    """A model's judgement; evidence that is harmless gets no finding."""

    findings: tuple[Finding, ...]


class Disagreement(Contract):
    """Two judgements of the same lines that do not agree; the worse one is the finding."""

    path: RepositoryPath
    lines: Lines
    worse: SpokenText
    milder: SpokenText


class Review(Contract):
    """One reviewer's result. `reviewed` is False when the reviewer itself failed, with the reason in `detail`."""

    topic: Topic
    reviewed: bool
    detail: RepositoryText = ""
    evidence: int = 0
    findings: tuple[Finding, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    model: str = Field(default="", description="who judged")

"""Builds a reviewer's questions, and verifies the replies against the evidence. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from agents.codebase.claims.index import SnapshotEvidence, SnapshotIndex
from agents.codebase.claims.statements import distinct_objections, material_of
from agents.codebase.claims.verified import Verified
from agents.contracts.analysis import Analysis
from agents.contracts.review import (
    SEVERITIES,
    Disagreement,
    EvidenceAt,
    Finding,
    Review,
    ReviewBrief,
    ReviewReply,
    Severity,
)
from agents.contracts.structure import Topic
from agents.questions.limits import EVIDENCE_OF_QUESTION

#: Pieces of evidence judged in one session; above it, evidence of the most frequent rules is left out first.
EVIDENCE_LIMIT = 2000
_ARE = ("is", "are")


@dataclass(frozen=True)
class CombinedReview:
    """The verified findings of all questions, worst first; claims dropped, findings merged, and disagreements."""

    findings: tuple[Finding, ...]
    dropped_claims: int = 0
    merged: int = 0
    disagreements: tuple[Disagreement, ...] = ()


def evidence_of(topic: Topic, analyses: Mapping[str, Analysis]) -> tuple[EvidenceAt, ...]:
    """The topic's evidence in every documented file, in order of path and line; `analyses` are keyed by path."""
    return tuple(
        EvidenceAt(path=path, evidence=evidence)
        for path in sorted(analyses)
        for evidence in analyses[path].structure.evidence
        if evidence.topic is topic
    )


def most_telling(evidence: Sequence[EvidenceAt]) -> tuple[EvidenceAt, ...]:
    """EVIDENCE_LIMIT pieces at most, those of rare rules first, still in order of path and line."""
    if len(evidence) <= EVIDENCE_LIMIT:
        return tuple(evidence)
    often = Counter(at.evidence.rule for at in evidence)
    rarest = sorted(range(len(evidence)), key=lambda n: (often[evidence[n].evidence.rule], n))[:EVIDENCE_LIMIT]
    return tuple(evidence[n] for n in sorted(rarest))


def briefs(topic: Topic, evidence: Sequence[EvidenceAt]) -> Iterator[ReviewBrief]:
    """The questions to ask, each with EVIDENCE_OF_QUESTION pieces of evidence at most."""
    for start in range(0, len(evidence), EVIDENCE_OF_QUESTION):
        yield ReviewBrief(topic=topic, evidence=tuple(evidence[start : start + EVIDENCE_OF_QUESTION]))


def snapshot_evidence(brief: ReviewBrief, index: SnapshotIndex) -> SnapshotEvidence:
    """What the sentences of a reply are compared with."""
    return SnapshotEvidence(index, material_of(brief))


def objections(brief: ReviewBrief, reply: ReviewReply, snapshot: SnapshotEvidence) -> tuple[str, ...]:
    """The objections to a reply: findings without evidence, and sentences that the snapshot contradicts."""
    places = _by_place(brief)
    problems = []
    for finding in reply.findings:
        if _place(finding) not in places:
            problems.append(f"there is no evidence of {finding.rule} at {finding.lines.cite(finding.path)}")
        problems += [
            snapshot.objection_to_text(text) for text in (finding.title, finding.reason, finding.advice or "-")
        ]
    return distinct_objections(problems)


def verify(
    brief: ReviewBrief, reply: ReviewReply, snapshot: SnapshotEvidence | None = None
) -> Verified[tuple[Finding, ...]]:
    """The findings that have evidence, and whose sentences the snapshot supports.

    Symbol and excerpt are taken from the evidence, so a model cannot move a finding or show a masked secret. Advice
    that names something that does not exist is removed from its finding, and counts as a dropped claim.
    """
    places = _by_place(brief)
    snapshot = snapshot or snapshot_evidence(brief, SnapshotIndex({}, {}))
    findings: list[Finding] = []
    dropped = 0
    for finding in reply.findings:
        at = places.get(_place(finding))
        if at is None or snapshot.objection_to_text(finding.title) or snapshot.objection_to_text(finding.reason):
            dropped += 1
            continue
        advice = finding.advice
        if advice and snapshot.objection_to_text(advice):
            dropped += 1
            advice = ""
        findings.append(finding.with_changes(symbol=at.evidence.symbol, excerpt=at.evidence.excerpt, advice=advice))
    return Verified(tuple(findings), dropped)


_Place: TypeAlias = tuple[str, str, int, int]


def _place(finding: Finding) -> _Place:
    return finding.path, finding.rule, finding.lines.start, finding.lines.end


def _by_place(brief: ReviewBrief) -> dict[_Place, EvidenceAt]:
    return {(at.path, at.evidence.rule, at.evidence.lines.start, at.evidence.lines.end): at for at in brief.evidence}


def combine(parts: Iterable[Verified[tuple[Finding, ...]]]) -> CombinedReview:
    """All parts in one: the same rule in the same symbol of a file is one finding, at its first and worst place.

    A habit that a file has in many places, which is what a rule of low severity is about, is one finding for the file.
    """
    verified = list(parts)
    ordered = sorted((finding for part in verified for finding in part.claims), key=_worst_first)
    first: dict[tuple[str, str, str], Finding] = {}
    places: dict[tuple[str, str, str], list[int]] = {}
    for finding in ordered:
        key = (finding.path, finding.rule, finding.symbol)
        if finding.severity is Severity.LOW and key not in first:
            key = (finding.path, finding.rule, "")
        first.setdefault(key, finding)
        places.setdefault(key, []).append(finding.lines.start)
    findings = tuple(_with_places(finding, places[key]) for key, finding in first.items())
    return CombinedReview(
        findings,
        dropped_claims=sum(part.dropped for part in verified),
        merged=len(ordered) - len(findings),
        disagreements=tuple(disagreements(ordered)),
    )


def disagreements(findings: Iterable[Finding]) -> Iterator[Disagreement]:
    """Judgements of the same lines that differ in severity, each pair once; findings come worst first."""
    worst: dict[_Place, Finding] = {}
    seen: set[tuple[_Place, Severity]] = set()
    for finding in findings:
        place = _place(finding)
        worse = worst.setdefault(place, finding)
        if worse.severity is not finding.severity and (place, finding.severity) not in seen:
            seen.add((place, finding.severity))
            yield Disagreement(path=finding.path, lines=finding.lines, worse=_judged(worse), milder=_judged(finding))


def _judged(finding: Finding) -> str:
    return f"{finding.severity.value}: {finding.title}"


def review(
    topic: Topic, evidence: int, judged: int, judgement: CombinedReview, model: str = "", lost: str = ""
) -> Review:
    """The result. Its detail says how much was not judged, dropped or merged, and `lost`, which questions failed."""
    details = []
    if judged < evidence:
        details.append(f"{judged} of {evidence} pieces of evidence were judged, those of rare rules first")
    if judgement.dropped_claims:
        details.append(f"{judgement.dropped_claims} claims without evidence were left out")
    if judgement.merged:
        repeated = "1 finding repeats" if judgement.merged == 1 else f"{judgement.merged} findings repeat"
        details.append(f"{repeated} another in the same place and {_ARE[judgement.merged > 1]} counted with it")
    if lost:
        details.append(lost)
    return Review(
        topic=topic,
        reviewed=True,
        detail="; ".join(details),
        evidence=evidence,
        findings=judgement.findings,
        disagreements=judgement.disagreements,
        model=model,
    )


def _worst_first(finding: Finding) -> tuple[int, str, int, str]:
    return SEVERITIES.index(finding.severity), finding.path, finding.lines.start, finding.rule


def _with_places(finding: Finding, lines: Sequence[int]) -> Finding:
    """The finding, with the lines of those merged into it named in its reason."""
    others = [line for line in dict.fromkeys(lines) if line != finding.lines.start]
    if not others:
        return finding
    numbers = ", ".join(str(line) for line in sorted(others)[:5]) + (" and further ones" if len(others) > 5 else "")
    where = f"The same holds for line{'s' if len(others) > 1 else ''} {numbers}."
    return finding.with_changes(reason=f"{finding.reason} {where}")

"""Builds what a reviewer is asked, and holds its reply against the evidence. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from agents.codebase.claims.index import Proof, SnapshotIndex
from agents.codebase.claims.statements import material_of
from agents.codebase.claims.statements import objections as objections_of
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
from agents.contracts.snapshot import Manifest
from agents.contracts.structure import Topic
from agents.questions.limits import EVIDENCE_OF_QUESTION

#: Evidence judged in one session; beyond it the rules that fire most often give way first.
EVIDENCE_LIMIT = 2000


@dataclass(frozen=True)
class Verified:
    """The findings that evidence stands behind, worst first, and how many had none."""

    findings: tuple[Finding, ...]
    struck: int
    merged: int
    disagreements: tuple[Disagreement, ...] = ()


def evidence_of(topic: Topic, manifest: Manifest, analyses: Mapping[str, Analysis]) -> tuple[EvidenceAt, ...]:
    """The topic's evidence of every documented file, in order of path and line."""
    return tuple(
        EvidenceAt(path=entry.path, evidence=evidence)
        for entry in sorted(manifest.documented, key=lambda entry: entry.path)
        if entry.analysis_key is not None and entry.analysis_key in analyses
        for evidence in analyses[entry.analysis_key].structure.evidence
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


def proof(brief: ReviewBrief, index: SnapshotIndex) -> Proof:
    """What the words of a reply are held against."""
    return Proof(index, material_of(brief))


def objections(brief: ReviewBrief, reply: ReviewReply, held: Proof) -> tuple[str, ...]:
    """What of a reply no evidence stands behind, or the snapshot disproves, as sentences for the model."""
    known = _by_place(brief)
    wrong = []
    for finding in reply.findings:
        if _place(finding) not in known:
            wrong.append(f"there is no evidence of {finding.rule} at {finding.lines.cite(finding.path)}")
        wrong += [held.text(finding.title), held.text(finding.reason), held.text(finding.advice or "-")]
    return objections_of(wrong)


def verify(brief: ReviewBrief, reply: ReviewReply, held: Proof | None = None) -> Verified:
    """The reply without the findings that no evidence stands behind, or whose words the snapshot disproves.

    What a finding says of its place is taken from the evidence, so a model cannot move it or show a masked secret.
    Advice that names what does not exist is taken out of its finding.
    """
    known = _by_place(brief)
    held = held or proof(brief, SnapshotIndex({}, {}))
    kept: list[Finding] = []
    struck = 0
    for finding in reply.findings:
        at = known.get(_place(finding))
        if at is None or held.text(finding.title) or held.text(finding.reason):
            struck += 1
            continue
        changes: dict[str, object] = {"symbol": at.evidence.symbol, "excerpt": at.evidence.excerpt}
        if finding.advice and held.text(finding.advice):
            struck += 1
            changes["advice"] = ""
        kept.append(finding.model_copy(update=changes))
    return Verified(tuple(kept), struck=struck, merged=0)


_Place: TypeAlias = tuple[str, str, int, int]


def _place(finding: Finding) -> _Place:
    return finding.path, finding.rule, finding.lines.start, finding.lines.end


def _by_place(brief: ReviewBrief) -> dict[_Place, EvidenceAt]:
    return {(at.path, at.evidence.rule, at.evidence.lines.start, at.evidence.lines.end): at for at in brief.evidence}


def combine(parts: Iterable[Verified]) -> Verified:
    """All parts in one: the same rule in the same symbol of a file is one finding, at its first and worst place."""
    every = list(parts)
    ordered = sorted((finding for part in every for finding in part.findings), key=_worst_first)
    first: dict[tuple[str, str, str], Finding] = {}
    places: dict[tuple[str, str, str], list[int]] = {}
    for finding in ordered:
        key = (finding.path, finding.rule, finding.symbol)
        first.setdefault(key, finding)
        places.setdefault(key, []).append(finding.lines.start)
    findings = tuple(_with_places(finding, places[key]) for key, finding in first.items())
    return Verified(
        findings,
        struck=sum(part.struck for part in every),
        merged=len(ordered) - len(findings),
        disagreements=tuple(disagreements(ordered)),
    )


def disagreements(findings: Iterable[Finding]) -> Iterator[Disagreement]:
    """Judgements of the same lines that differ in severity, each pair once; findings come worst first."""
    worst: dict[_Place, Finding] = {}
    told: set[tuple[_Place, Severity]] = set()
    for finding in findings:
        place = _place(finding)
        worse = worst.setdefault(place, finding)
        if worse.severity is not finding.severity and (place, finding.severity) not in told:
            told.add((place, finding.severity))
            yield Disagreement(path=finding.path, lines=finding.lines, worse=_judged(worse), milder=_judged(finding))


def _judged(finding: Finding) -> str:
    return f"{finding.severity.value}: {finding.title}"


def review(topic: Topic, evidence: int, judged: int, verified: Verified, model: str = "") -> Review:
    """The result, with a word about what was not judged, struck or merged."""
    said = []
    if judged < evidence:
        said.append(f"{judged} of {evidence} pieces of evidence were judged, those of rare rules first")
    if verified.struck:
        said.append(f"{verified.struck} claims without evidence were left out")
    if verified.merged:
        said.append(f"{verified.merged} findings repeat one in the same symbol and are counted with it")
    return Review(
        topic=topic,
        reviewed=True,
        detail="; ".join(said),
        evidence=evidence,
        findings=verified.findings,
        disagreements=verified.disagreements,
        model=model,
    )


def _worst_first(finding: Finding) -> tuple[int, str, int, str]:
    return SEVERITIES.index(finding.severity), finding.path, finding.lines.start, finding.rule


def _with_places(finding: Finding, lines: Sequence[int]) -> Finding:
    """The finding, with the lines of those merged into it named in its reason."""
    others = [line for line in dict.fromkeys(lines) if line != finding.lines.start]
    if not others:
        return finding
    shown = ", ".join(str(line) for line in sorted(others)[:5]) + (" and further ones" if len(others) > 5 else "")
    where = f"The same holds for line{'s' if len(others) > 1 else ''} {shown}."
    return finding.model_copy(update={"reason": f"{finding.reason} {where}"})

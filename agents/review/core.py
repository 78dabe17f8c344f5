"""Builds what a reviewer is asked, and holds its reply against the evidence. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from agents.contracts.analysis import Analysis
from agents.contracts.review import SEVERITIES, EvidenceAt, Finding, Review, ReviewBrief, ReviewReply
from agents.contracts.snapshot import Manifest
from agents.contracts.structure import Topic

#: Evidence shown in one question; a large repository is judged in several.
BRIEF_LIMIT = 40
#: Evidence judged in one session; beyond it the rules that fire most often give way first.
EVIDENCE_LIMIT = 2000


@dataclass(frozen=True)
class Verified:
    """The findings that evidence stands behind, worst first, and how many had none."""

    findings: tuple[Finding, ...]
    struck: int
    merged: int


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
    """The questions to ask, each with BRIEF_LIMIT pieces of evidence at most."""
    for start in range(0, len(evidence), BRIEF_LIMIT):
        yield ReviewBrief(topic=topic, evidence=tuple(evidence[start : start + BRIEF_LIMIT]))


def verify(brief: ReviewBrief, reply: ReviewReply) -> Verified:
    """The reply without the findings that no evidence of the brief stands behind.

    What a finding says of its place is taken from the evidence, so a model cannot move it or show a masked secret.
    """
    known = {(at.path, at.evidence.rule, at.evidence.lines.start, at.evidence.lines.end): at for at in brief.evidence}
    kept: list[Finding] = []
    for finding in reply.findings:
        at = known.get((finding.path, finding.rule, finding.lines.start, finding.lines.end))
        if at is not None:
            kept.append(finding.model_copy(update={"symbol": at.evidence.symbol, "excerpt": at.evidence.excerpt}))
    return Verified(tuple(kept), struck=len(reply.findings) - len(kept), merged=0)


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
    return Verified(findings, struck=sum(part.struck for part in every), merged=len(ordered) - len(findings))


def review(topic: Topic, evidence: int, judged: int, verified: Verified) -> Review:
    """The result, with a word about what was not judged, struck or merged."""
    said = []
    if judged < evidence:
        said.append(f"{judged} of {evidence} pieces of evidence were judged, those of rare rules first")
    if verified.struck:
        said.append(f"{verified.struck} findings without evidence were left out")
    if verified.merged:
        said.append(f"{verified.merged} findings repeat one in the same symbol and are counted with it")
    return Review(topic=topic, reviewed=True, detail="; ".join(said), evidence=evidence, findings=verified.findings)


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

"""How the extractive model judges evidence: a table by rule, one step lower where nothing is deployed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from agents.contracts.review import SEVERITIES, EvidenceAt, Finding, ReviewBrief, ReviewReply, Severity

_ASIDE = re.compile(
    r"(?:^|/)(?:tests?|testing|spec|specs|__tests__|examples?|samples?|docs?|documentation|fixtures|benchmarks?|bench|demos?)/"
    r"|(?:^|/)(?:test_[^/]*|conftest\.py|[^/]*_test\.\w+|[^/]*\.(?:test|spec)\.\w+)$|\.(?:md|rst)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Judgement:
    """What a rule means. `reason` follows the place it was seen in, as in "`load` in a.py …"."""

    severity: Severity
    title: str
    reason: str
    advice: str


def aside(path: str) -> bool:
    """Whether the path is of a test, an example or documentation."""
    return _ASIDE.search(path) is not None


def judge(brief: ReviewBrief, table: Mapping[str, Judgement]) -> ReviewReply:
    """One finding for every piece of evidence whose rule is in the table."""
    return ReviewReply(
        findings=tuple(_finding(at, table[at.evidence.rule]) for at in brief.evidence if at.evidence.rule in table)
    )


def _finding(at: EvidenceAt, judgement: Judgement) -> Finding:
    evidence = at.evidence
    place = f"{evidence.symbol} (line {evidence.lines.start})" if evidence.symbol else f"Line {evidence.lines.start}"
    severity, note = judgement.severity, ""
    if aside(at.path) and severity is not SEVERITIES[-1]:
        severity = SEVERITIES[SEVERITIES.index(severity) + 1]
        note = " Rated one step lower, as the file is a test, an example or documentation."
    return Finding(
        rule=evidence.rule,
        severity=severity,
        path=at.path,
        lines=evidence.lines,
        symbol=evidence.symbol,
        title=judgement.title,
        reason=f"{place} {judgement.reason}{note}",
        advice=judgement.advice,
        excerpt=evidence.excerpt,
    )

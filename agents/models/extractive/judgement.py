"""How the extractive model judges evidence: a table by rule, one step lower where nothing is deployed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from agents.codebase.inner_tests import is_in_test_module
from agents.codebase.paths import is_test
from agents.contracts.review import SEVERITIES, EvidenceAt, Finding, ReviewBrief, ReviewReply, Severity

_TOLD = re.compile(
    r"(?:^|/)(?:examples?|samples?|docs?|documentation|demos?)/|\.(?:md|rst)$",
    re.IGNORECASE,
)
_SETUP = re.compile(r"(?:^|/)setup\.py$")
_LOWEST = len(SEVERITIES) - 1


@dataclass(frozen=True)
class Judgement:
    """What a rule means. `reason` follows the place it was seen in, as in "`load` in a.py …"."""

    severity: Severity
    title: str
    reason: str
    advice: str


def _steps_down(at: EvidenceAt) -> int | None:
    """How much less a place matters: None where nobody is served or attacked, such as code that runs only in a test."""
    if is_test(at.path) or is_in_test_module(at.evidence.symbol):
        # What looks like a secret there was made up for the test.
        return None
    if at.evidence.rule == "code-execution" and _SETUP.search(at.path):
        # It reads the version out of the package's own file, while the package is built.
        return None
    return 1 if _TOLD.search(at.path) else 0


def judge(brief: ReviewBrief, table: Mapping[str, Judgement]) -> ReviewReply:
    """One finding for every piece of evidence whose rule is in the table and that could do harm where it stands."""
    judged = [(at, _steps_down(at)) for at in brief.evidence if at.evidence.rule in table]
    return ReviewReply(
        findings=tuple(_finding(at, table[at.evidence.rule], steps) for at, steps in judged if steps is not None)
    )


def _finding(at: EvidenceAt, judgement: Judgement, steps: int) -> Finding:
    evidence = at.evidence
    place = f"{evidence.symbol} (line {evidence.lines.start})" if evidence.symbol else f"Line {evidence.lines.start}"
    severity, note = judgement.severity, ""
    if steps and severity is not SEVERITIES[_LOWEST]:
        severity = SEVERITIES[min(SEVERITIES.index(severity) + steps, _LOWEST)]
        note = " Rated lower, as the file is a test, an example or documentation."
    if evidence.condition:
        note = f" It holds where `{evidence.condition}`.{note}"
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

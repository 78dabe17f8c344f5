"""Answers the critic with scores computed from facts; it has no taste to judge with, and claims none."""

from __future__ import annotations

from agents.contracts.draft import CriticBrief, CriticReply

#: Points that one finding costs the criterion it belongs to.
_BLOCKING = 25
_OPEN = 5


def respond(brief: CriticBrief) -> CriticReply:
    """Completeness from coverage, truth and consistency from the checks, helpfulness from what readers need."""
    blocking = sum(1 for finding in brief.checked if finding.blocking)
    loss = blocking * _BLOCKING + (len(brief.checked) - blocking) * _OPEN
    shares = [measure.share for measure in brief.measures] or [1.0]
    return CriticReply(
        completeness=round(100 * brief.coverage),
        truthfulness=max(0, 100 - blocking * _BLOCKING),
        helpfulness=round(100 * sum(shares) / len(shares)),
        consistency=max(0, 100 - loss),
    )

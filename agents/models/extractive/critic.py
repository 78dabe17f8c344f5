"""Answers the critic with scores computed from facts; it has no taste to judge with, and claims none."""

from __future__ import annotations

from agents.contracts.draft import CriticBrief, CriticReply

#: Points that one finding costs the criterion it belongs to.
_BLOCKING = 25
_OPEN = 5
#: Pages alone are worth this much help; symbols that their authors documented add the rest.
_HELPFUL_BASE = 60


def respond(brief: CriticBrief) -> CriticReply:
    """Completeness from coverage, truth and consistency from the checks, helpfulness from authors' documentation."""
    blocking = sum(1 for finding in brief.checked if finding.blocking)
    loss = blocking * _BLOCKING + (len(brief.checked) - blocking) * _OPEN
    return CriticReply(
        completeness=round(100 * brief.coverage),
        truthfulness=max(0, 100 - blocking * _BLOCKING),
        helpfulness=round(_HELPFUL_BASE + (100 - _HELPFUL_BASE) * brief.symbols_documented),
        consistency=max(0, 100 - loss),
    )

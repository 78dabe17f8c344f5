"""The last sections of the coverage page are in the site's language."""

from __future__ import annotations

from agents.contracts.approval import Approval, ApprovalDecision, DraftDecision
from agents.contracts.draft import CritiqueFinding, Page, PageKind
from agents.pages.words import Words, catalogue
from agents.roles.publisher import afterword
from tests.agents.fakes import EXECUTION, SESSION_ID


def coverage(language: str) -> str:
    page = Page(path="coverage.md", kind=PageKind.COVERAGE, title="x", markdown="# x\n", citations=())
    finding = CritiqueFinding(page="index.md", problem="no reader", blocking=False)
    decision = DraftDecision(decision=ApprovalDecision.PUBLISH, decided_by="Ann", decided_at=1_800_000_000, comment="")
    approval = Approval(
        session_id=SESSION_ID,
        execution=EXECUTION,
        revision=1,
        asked_at=1_799_999_000,
        expires_at=1_800_001_000,
        sent_back=False,
        decision=decision,
    )
    findings = [finding] * (afterword._LISTED + 1_000)
    (made,) = afterword.with_afterword([page], {"analyst": 1_234}, findings, [approval], Words(language))
    return made.markdown


def test_a_german_site_has_them_in_german() -> None:
    german, english = coverage("de"), coverage("en")
    for heading in ("Removed claims", "Open findings", "Approval"):
        assert f"## {heading}\n" in english
        assert f"## {catalogue('de')[heading]}\n" in german
    assert "Entschieden von" in german
    assert "| 1.234 |" in german and "1.000" in german and "angenommen" in german
    assert "| 1,234 |" in english and "And 1,000 more." in english
    ours = [line for line in german.splitlines() if line and "no reader" not in line]
    assert [line for line in ours if line in english.splitlines() and not line.startswith(("|", "# "))] == []

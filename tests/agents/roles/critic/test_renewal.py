"""After an approval the critic is shown what is new; where much is, it is shown every page."""

from __future__ import annotations

from agents.contracts.draft import CriticBrief, CriticReply, Critique, CritiqueFinding, PageFacts, Verdict
from agents.roles.critic.renewal import MOST_RENEWALS, renewal

TEXT = "\n".join(f"Line {number} of a page." for number in range(60))
PAGES = {
    f"modules/m{number}.md": PageFacts(page=f"modules/m{number}.md", title="m", markdown=TEXT) for number in range(8)
}
REPLY = CriticReply(completeness=90, truthfulness=95, helpfulness=85, consistency=90)
APPROVED = Critique(revision=1, score=90, reply=REPLY, verdict=Verdict.APPROVED, best_revision=1)
CHECKED = CritiqueFinding(page="coverage.md", problem="2 files without documentation")


def question(**changed: str) -> CriticBrief:
    """The whole question; `changed` are pages with another text, by their stem."""
    pages = [facts.with_changes(markdown=changed.get(path[8:-3], TEXT)) for path, facts in PAGES.items()]
    return CriticBrief(pages=tuple(pages), checked=(CHECKED,), coverage=1)


def test_only_the_new_lines_of_changed_pages_are_shown_with_the_scores_before() -> None:
    asked = renewal(question(m3=TEXT.replace("Line 7 of", "A new line 7 of")), APPROVED, PAGES)
    assert asked is not None
    assert asked.pages == (PageFacts(page="modules/m3.md", title="m", markdown="A new line 7 of a page."),)
    assert asked.before == REPLY
    assert asked.checked == (CHECKED,)


def test_a_new_page_is_shown_whole() -> None:
    known = {path: facts for path, facts in PAGES.items() if path != "modules/m5.md"}
    asked = renewal(question(), APPROVED, known)
    assert asked is not None
    assert asked.pages == (PAGES["modules/m5.md"],)


def test_all_pages_are_shown_where_many_are_new() -> None:
    other = TEXT.replace("Line", "Row")
    assert renewal(question(m1=other, m2=other, m3=other), APPROVED, PAGES) is None
    assert renewal(question(), APPROVED, {}) is None


def test_all_pages_are_shown_after_a_draft_that_was_not_approved_or_had_findings_of_the_model() -> None:
    stalled = APPROVED.with_changes(verdict=Verdict.STALLED)
    found = REPLY.with_changes(findings=(CritiqueFinding(page="modules/m1.md", problem="It is too short."),))
    of_checks = REPLY.with_changes(findings=(CHECKED,))

    new = question(m3=TEXT + "\nNew.")
    assert renewal(new, stalled, PAGES) is None
    assert renewal(new, APPROVED.with_changes(reply=found), PAGES) is None
    assert renewal(new, APPROVED.with_changes(reply=of_checks), PAGES) is not None


def test_now_and_then_all_pages_are_shown_again() -> None:
    new = question(m3=TEXT + "\nNew.")
    assert renewal(new, APPROVED.with_changes(renewals=MOST_RENEWALS), PAGES) is None


def test_an_unchanged_draft_is_asked_about_as_it_was_before() -> None:
    asked = renewal(question(m3=TEXT + "\nNew."), APPROVED, PAGES)
    now = {**PAGES, "modules/m3.md": PAGES["modules/m3.md"].with_changes(markdown=TEXT + "\nNew.")}
    often = APPROVED.with_changes(renewed=asked, renewals=MOST_RENEWALS)

    assert renewal(question(), APPROVED, PAGES) is None
    assert renewal(question(m3=TEXT + "\nNew."), often, now) == asked
    other = question(m3=TEXT + "\nNew.").with_changes(coverage=0.9)
    assert renewal(other, often.with_changes(renewals=1), now) not in (asked, None)

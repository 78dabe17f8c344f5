"""Judges a draft by what has changed since one that was approved: the rest has its judgement already. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agents.contracts.draft import CriticBrief, Critique, PageFacts, Verdict
from agents.questions.limits import MOST_CHANGED_PAGES

#: After so many renewals all pages are judged again.
MOST_RENEWALS = 10
_PAGE_FRAME = 100


def renewal(question: CriticBrief, before: Critique, pages_before: Mapping[str, PageFacts]) -> CriticBrief | None:
    """The question about the lines that the earlier draft does not have; None where all pages must be judged.

    An approved draft in which the model itself had found something is judged whole. Where nothing has changed, the
    question is the one before, whose answer is remembered.
    """
    changed = tuple(_changed(question.pages, pages_before))
    if not changed and (before.renewed is None or _facts(before.renewed) == _facts(question)):
        return before.renewed
    if before.verdict is not Verdict.APPROVED or before.renewals >= MOST_RENEWALS:
        return None
    if not set(before.reply.findings) <= set(question.checked):
        return None
    if _size(changed) > MOST_CHANGED_PAGES * _size(question.pages):
        return None
    return question.with_changes(pages=changed, before=before.reply.with_changes(findings=()))


def _facts(question: CriticBrief) -> tuple[object, ...]:
    return question.checked, question.coverage, question.measures


def _changed(pages: tuple[PageFacts, ...], before: Mapping[str, PageFacts]) -> Iterator[PageFacts]:
    for page in pages:
        earlier = before.get(page.page)
        if earlier is None:
            yield page
        elif earlier != page:
            known_lines = set(earlier.markdown.split("\n"))
            new = (line for line in page.markdown.split("\n") if line not in known_lines)
            yield page.with_changes(markdown="\n".join(new))


def _size(pages: tuple[PageFacts, ...]) -> int:
    return sum(_PAGE_FRAME + len(page.markdown) for page in pages)

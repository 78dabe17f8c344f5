"""From checks and a model's scores to a verdict. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from agents.contracts.draft import (
    CriticBrief,
    CriticReply,
    Critique,
    CritiqueFinding,
    Draft,
    PageFacts,
    PageKind,
    Verdict,
)
from agents.contracts.session import Coverage

#: What a model is shown of one page.
_SHOWN = 6_000
#: Facts are checked, not judged. The coverage page also tells what this session did, which is no other session's.
_FACTS = frozenset({PageKind.API, PageKind.COVERAGE})


def brief(draft: Draft, checked: Sequence[CritiqueFinding], coverage: Coverage, gaps: int) -> CriticBrief:
    """What a model is asked to judge."""
    done = coverage.files_analysed + coverage.files_reused
    return CriticBrief(
        pages=tuple(
            PageFacts(page=page.path, title=page.title, markdown=page.markdown[:_SHOWN])
            for page in draft.pages
            if page.kind not in _FACTS
        ),
        checked=tuple(checked),
        coverage=done / (done + gaps) if done + gaps else 0,
        symbols_documented=coverage.symbols_documented / coverage.symbols_total if coverage.symbols_total else 1,
    )


def unpaid(draft: Draft, sentences: Sequence[str]) -> tuple[CritiqueFinding, ...]:
    """What had no model's answer for want of money, as open findings of the page that accounts for everything."""
    page = next((page.path for page in draft.pages if page.kind is PageKind.COVERAGE), draft.pages[0].path)
    return tuple(CritiqueFinding(page=page, problem=sentence) for sentence in sentences)


def judge(
    draft: Draft,
    checked: Sequence[CritiqueFinding],
    reply: CriticReply,
    earlier: Sequence[Critique],
    approval_score: int,
) -> Critique:
    """The critique of one revision; a model's findings about pages that do not exist are dropped.

    A draft is approved when its score reaches `approval_score` and nothing in it is blocking. Otherwise the verdict
    says whether another revision may help: only while the score rises above the best before.
    """
    known = {page.path for page in draft.pages}
    said = {(finding.page, finding.problem) for finding in checked}
    own = [one for one in reply.findings if one.page in known and (one.page, one.problem) not in said]
    whole = reply.model_copy(update={"findings": (*checked, *own)})
    score = round((reply.completeness + reply.truthfulness + reply.helpfulness + reply.consistency) / 4)
    blocking = any(finding.blocking for finding in whole.findings)
    best = max(earlier, key=lambda one: (one.score, one.revision), default=None)
    if score >= approval_score and not blocking:
        verdict = Verdict.APPROVED
    else:
        verdict = Verdict.RISING if best is None or score > best.score else Verdict.STALLED
    leads = verdict is Verdict.APPROVED or best is None or score >= best.score
    return Critique(
        revision=draft.revision,
        score=score,
        reply=whole,
        verdict=verdict,
        best_revision=draft.revision if leads or best is None else best.revision,
    )

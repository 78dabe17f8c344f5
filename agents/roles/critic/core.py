"""From checks and a model's scores to a verdict. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from agents.codebase.claims.index import Proof, SnapshotIndex
from agents.codebase.claims.statements import material_of
from agents.codebase.claims.statements import objections as objections_of
from agents.contracts.draft import (
    CriticBrief,
    CriticReply,
    Critique,
    CritiqueFinding,
    PageFacts,
    PageKind,
    Revision,
    Verdict,
)
from agents.contracts.session import Coverage
from agents.questions.limits import PAGE_CHARACTERS

#: Facts are checked, not judged. The coverage page also tells what this session did, which is no other session's.
_FACTS = frozenset({PageKind.API, PageKind.COVERAGE})


def brief(draft: Revision, checked: Sequence[CritiqueFinding], coverage: Coverage, gaps: int) -> CriticBrief:
    """What a model is asked to judge."""
    done = coverage.files_analysed + coverage.files_reused
    return CriticBrief(
        pages=tuple(
            PageFacts(page=page.path, title=page.title, markdown=page.markdown[:PAGE_CHARACTERS])
            for page in draft.pages
            if page.kind not in _FACTS
        ),
        checked=tuple(checked),
        coverage=done / (done + gaps) if done + gaps else 0,
        symbols_documented=coverage.symbols_documented / coverage.symbols_total if coverage.symbols_total else 1,
    )


def unpaid(draft: Revision, sentences: Sequence[str]) -> tuple[CritiqueFinding, ...]:
    """What had no model's answer for want of money, as open findings of the page that accounts for everything."""
    if not sentences:
        return ()
    page = next((page.path for page in draft.pages if page.kind is PageKind.COVERAGE), "index.md")
    return tuple(CritiqueFinding(page=page, problem=sentence) for sentence in sentences)


def proof(brief: CriticBrief, line_counts: Mapping[str, int], demands: tuple[str, ...]) -> Proof:
    """What the critic's own words are held against: the pages that it was shown."""
    return Proof(SnapshotIndex(line_counts, {}, demands), material_of(brief))


def objections(brief: CriticBrief, reply: CriticReply, held: Proof) -> tuple[str, ...]:
    """What of a reply is about no page, or names what does not exist, as sentences for the model."""
    pages = {page.page for page in brief.pages}
    return objections_of(
        held.text(one.problem) if one.page in pages else f"there is no page {one.page}" for one in reply.findings
    )


def verified(known: Set[str], reply: CriticReply, held: Proof) -> tuple[CriticReply, int]:
    """The reply without findings about no page of `known` or in words that are wrong, and how many those were."""
    kept = tuple(one for one in reply.findings if one.page in known and not held.text(one.problem))
    return reply.model_copy(update={"findings": kept}), len(reply.findings) - len(kept)


def judge(
    revision: int,
    known: Set[str],
    checked: Sequence[CritiqueFinding],
    reply: CriticReply,
    earlier: Sequence[Critique],
    approval_score: int,
) -> Critique:
    """The critique of one revision; a model's findings about pages that are not `known` are dropped.

    A draft is approved when its score reaches `approval_score` and nothing in it is blocking. Otherwise the verdict
    says whether another revision may help: only while the score rises above the best before.
    """
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
        revision=revision,
        score=score,
        reply=whole,
        verdict=verdict,
        best_revision=revision if leads or best is None else best.revision,
    )

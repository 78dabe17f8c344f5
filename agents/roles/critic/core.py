"""From checks and a model's scores to a verdict. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import NamedTuple

from agents.codebase.claims.index import SnapshotEvidence, SnapshotIndex
from agents.codebase.claims.statements import distinct_objections, material_of
from agents.codebase.claims.verified import Verified
from agents.contracts.draft import (
    FACT_PAGES,
    CriticBrief,
    CriticReply,
    Critique,
    CritiqueFinding,
    Measure,
    PageFacts,
    PageKind,
    Revision,
    Verdict,
)
from agents.contracts.session import Coverage
from agents.pages.addresses import image_place
from agents.questions.limits import PAGE_CHARACTERS

#: Pages of facts, and of the authors' own text: checked, not judged. The coverage page differs from session to session,
#: so its answer could never be reused.
_FACTS = frozenset({PageKind.API, PageKind.COVERAGE, PageKind.GUIDE, PageKind.PACKAGE, *FACT_PAGES})


class DraftPages(NamedTuple):
    """What the critic must know of all pages at once."""

    paths: frozenset[str]
    #: Their places, and those of the pictures that they show.
    addresses: frozenset[str]
    #: Those that a model judges, as it is shown them.
    judged: tuple[PageFacts, ...]


def pages_of(draft: Revision) -> DraftPages:
    """Read the draft once for all of it."""
    paths: set[str] = set()
    images: set[str] = set()
    judged: list[PageFacts] = []
    for page in draft.pages:
        paths.add(page.path)
        images.update(map(image_place, page.images))
        if page.kind not in _FACTS:
            judged.append(PageFacts(page=page.path, title=page.title, markdown=page.markdown[:PAGE_CHARACTERS]))
    return DraftPages(frozenset(paths), frozenset(paths | images), tuple(judged))


def brief(
    judged: tuple[PageFacts, ...],
    checked: Sequence[CritiqueFinding],
    coverage: Coverage,
    gaps: int,
    measured: Sequence[Measure] = (),
) -> CriticBrief:
    """The question to the model about the `judged` pages, as it is shown them."""
    done = coverage.files_analysed + coverage.files_reused
    return CriticBrief(
        pages=judged,
        checked=tuple(checked),
        coverage=done / (done + gaps) if done + gaps else 0,
        measures=tuple(measured),
    )


def unpaid(draft: Revision, sentences: Sequence[str]) -> tuple[CritiqueFinding, ...]:
    """What the budget did not cover, as open findings about the coverage page."""
    if not sentences:
        return ()
    page = next((page.path for page in draft.pages if page.kind is PageKind.COVERAGE), "index.md")
    return tuple(CritiqueFinding(page=page, problem=sentence) for sentence in sentences)


def evidence_of(brief: CriticBrief, line_counts: Mapping[str, int], demands: tuple[str, ...]) -> SnapshotEvidence:
    """What the claims of the critic's model are compared with: the pages in its question."""
    return SnapshotEvidence(SnapshotIndex(line_counts, {}, demands), material_of(brief))


def objections(brief: CriticBrief, reply: CriticReply, evidence: SnapshotEvidence) -> tuple[str, ...]:
    """The objections to a reply: findings about no page, and names that do not exist."""
    pages = {page.page for page in brief.pages}
    return distinct_objections(
        evidence.objection_to_text(finding.problem) if finding.page in pages else f"there is no page {finding.page}"
        for finding in reply.findings
    )


def verify(pages: Set[str], reply: CriticReply, evidence: SnapshotEvidence) -> Verified[CriticReply]:
    """The reply without findings about pages that are not `known`, or whose sentence the evidence contradicts."""
    findings = tuple(
        finding
        for finding in reply.findings
        if finding.page in pages and not evidence.objection_to_text(finding.problem)
    )
    return Verified(reply.with_changes(findings=findings), len(reply.findings) - len(findings))


def judge(
    revision: int,
    pages: Set[str],
    checked: Sequence[CritiqueFinding],
    reply: CriticReply,
    earlier: Sequence[Critique],
    approval_score: int,
) -> Critique:
    """The critique of one revision; a model's findings about pages that are not `known` are dropped.

    A draft is approved when its score reaches `approval_score` and nothing in it is blocking. Otherwise the verdict
    says whether another revision may help: only while the score rises above the best before.
    """
    by_checks = {(finding.page, finding.problem) for finding in checked}
    by_model = [
        finding
        for finding in reply.findings
        if finding.page in pages and (finding.page, finding.problem) not in by_checks
    ]
    whole = reply.with_changes(findings=(*checked, *by_model))
    score = round((reply.completeness + reply.truthfulness + reply.helpfulness + reply.consistency) / 4)
    blocking = any(finding.blocking for finding in whole.findings)
    best = max(earlier, key=lambda critique: (critique.score, critique.revision), default=None)
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

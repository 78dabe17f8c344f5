"""What can be judged without a model: citations, links, diagrams, missing and empty pages. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from agents.codebase.claims import mermaid
from agents.codebase.claims.citations import resolves
from agents.codebase.snapshot_texts import SnapshotTexts
from agents.contracts.draft import FACT_PAGES, CritiqueFinding, Page, PageKind, Revision
from agents.contracts.review import Review
from agents.contracts.snapshot import Gap, Manifest
from agents.contracts.structure import Topic
from agents.contracts.synthesis import Synthesis
from agents.pages.addresses import source_pages
from agents.pages.links import resolver, split_code, targets, without_code
from agents.roles.critic import page_text
from agents.roles.critic.core import pages_of

#: One page with a thousand broken links has one problem.
_PER_PAGE = 5
#: Kinds of pages that a repository may have nothing for.
_OPTIONAL = frozenset({PageKind.MODULE, PageKind.API, PageKind.GUIDE, PageKind.PACKAGE, *FACT_PAGES})


@dataclass(frozen=True)
class DraftEvidence:
    """What a draft is compared with."""

    manifest: Manifest
    synthesis: Synthesis
    reviews: Mapping[Topic, Review]
    gaps: Sequence[Gap]
    texts: SnapshotTexts | None = None

    @cached_property
    def line_counts(self) -> dict[str, int]:
        """Lines of every file that may be cited, by path."""
        return {entry.path: entry.lines for entry in self.manifest.documented}

    @cached_property
    def source_lines(self) -> dict[str, int]:
        """The same by source page."""
        return {page: self.line_counts[path] for path, page in source_pages(self.line_counts).items()}


def check(draft: Revision, facts: DraftEvidence, addresses: Set[str] | None = None) -> tuple[CritiqueFinding, ...]:
    """Everything that is wrong with a draft; what must not be published is blocking.

    `addresses` are the places of its pages and of the pictures that they show; None has them read from it first.
    """
    places = addresses if addresses is not None else pages_of(draft).addresses
    names: Counter[str] = Counter()
    documented: set[tuple[PageKind, str]] = set()
    findings: list[CritiqueFinding] = []
    for page in draft.pages:
        names[page.path.casefold()] += 1
        documented.add((page.kind, page.subject if page.kind is PageKind.MODULE else ""))
        problems = list(_problems(page, places, facts))
        findings += [
            CritiqueFinding(page=page.path, problem=problem, blocking=True) for problem in problems[:_PER_PAGE]
        ]
        if len(problems) > _PER_PAGE:
            more = f"and {len(problems) - _PER_PAGE} problems more"
            findings.append(CritiqueFinding(page=page.path, problem=more, blocking=True))
    return (*findings, *_missing(documented, names, facts), *_open(facts))


def _false_citations(page: Page, facts: DraftEvidence) -> Iterator[str]:
    for citation in page.citations:
        if not resolves(citation.path, citation.lines, facts.line_counts):
            cited = citation.lines.cite(citation.path) if citation.lines else citation.path
            yield f"cites {cited}, which does not exist"
        elif facts.texts is not None and citation.digest != facts.texts.digest(citation.path, citation.lines):
            yield f"cites {citation.path}, whose cited lines are not what they were"


def _problems(page: Page, addresses: Set[str], facts: DraftEvidence) -> Iterator[str]:
    yield from _false_citations(page, facts)
    text, blocks = split_code(page.markdown)
    for language, content in blocks:
        if language == "unclosed":
            yield "a code block is never closed"
        elif language == "mermaid" and (problem := mermaid.problem_of_page(content)):
            yield problem
    plain = without_code(text)
    leads_somewhere = resolver(page.path, addresses, facts.source_lines)
    for target in targets(plain):
        if not leads_somewhere(target):
            place = "a place outside" if "://" in target else target[:200]
            yield f"links to {place}, which is not part of the site"
    if page_text.raw_html(plain):
        yield "holds raw HTML"
    if page_text.words(text) == 0 and not blocks:
        yield "says nothing"


def _missing(
    documented: Set[tuple[PageKind, str]], names: Counter[str], facts: DraftEvidence
) -> Iterator[CritiqueFinding]:
    kinds = {kind for kind, _ in documented}
    for kind in PageKind:
        if kind not in kinds and kind not in _OPTIONAL:
            yield CritiqueFinding(page="index.md", problem=f"there is no {kind.value} page", blocking=True)
    for module in facts.synthesis.modules:
        if (PageKind.MODULE, module.name) not in documented:
            yield CritiqueFinding(page="index.md", problem=f"the module {module.name} has no page", blocking=True)
    for path, count in names.items():
        if count > 1:
            yield CritiqueFinding(page=path, problem=f"{count} pages share this name", blocking=True)


def _open(facts: DraftEvidence) -> Iterator[CritiqueFinding]:
    """Problems that no rewrite can solve, and that a reader should know."""
    for topic in Topic:
        review = facts.reviews.get(topic)
        if review is None or not review.reviewed:
            yield CritiqueFinding(page=f"{topic.value}.md", problem=f"the {topic.value} review did not run")
    if count := sum(not gap.extracted for gap in facts.gaps):
        yield CritiqueFinding(page="coverage.md", problem=f"{count} file{'s' * (count > 1)} without documentation")
    if count := sum(gap.extracted for gap in facts.gaps):
        described = f"{count} file{'s' * (count > 1)} with their authors' documentation alone"
        yield CritiqueFinding(page="coverage.md", problem=f"{described}: the model's replies were refused")

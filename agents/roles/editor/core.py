"""Decides which pages there are, what a model is asked for each, and which ones a revision rewrites. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

from agents.codebase.paths import is_apart
from agents.contracts.draft import AnyPage, EditorBrief, Page, PageKind, Revision
from agents.contracts.structure import Topic
from agents.pages.addresses import OVERVIEW
from agents.roles.editor.api_page import api_page
from agents.roles.editor.architecture import ARCHITECTURE, architecture, statements
from agents.roles.editor.coverage_page import coverage_page
from agents.roles.editor.fact_pages import fact_pages
from agents.roles.editor.glossary import GLOSSARY, glossary_page, terms
from agents.roles.editor.guides import Guides
from agents.roles.editor.labels import labelled
from agents.roles.editor.material import Material
from agents.roles.editor.module_page import module_page
from agents.roles.editor.overview import overview
from agents.roles.editor.packages import PackagePages
from agents.roles.editor.page_prose import PageProse, ProseByPage
from agents.roles.editor.people_notes import PeopleNotes
from agents.roles.editor.relatives import Relatives
from agents.roles.editor.review_page import review_page

_StoredT = TypeVar("_StoredT")


def briefs(material: Material, findings: Mapping[str, tuple[str, ...]] | None = None) -> Iterator[EditorBrief]:
    """What a model is asked: one brief for each page that has prose. With `findings`, only for the pages they name."""
    for brief in _all_briefs(material):
        if findings is None:
            yield brief
        elif brief.page in findings:
            yield brief.with_changes(findings=findings[brief.page])


def _all_briefs(material: Material) -> Iterator[EditorBrief]:
    synthesis = material.synthesis
    yield EditorBrief(page=OVERVIEW, title=synthesis.repository, statements=synthesis.overview)
    yield EditorBrief(page=ARCHITECTURE, title="Architecture", statements=statements(material))
    for module in synthesis.modules:
        page = material.module_pages[module.name]
        yield EditorBrief(
            page=page, title=module.name, statements=material.statements.get(module.name, ()), module=module
        )
    yield EditorBrief(page=GLOSSARY, title="Glossary", statements=terms(material))


def pages(material: Material, prose: ProseByPage) -> Iterator[Page]:
    """Every page of the site, each with its writer's name; a page without a telling is facts alone."""
    return each_page(material, prose, lambda written, paths: nullcontext(map(written, paths)))


def each_page(
    material: Material,
    prose: ProseByPage,
    each: Callable[[Callable[[str], Page], Sequence[str]], AbstractContextManager[Iterable[_StoredT]]],
) -> Iterator[Page | _StoredT]:
    """As `pages`; `each` applies a function to every path, in order, to get its API page or what stands for it.

    It is entered before the first page is written.
    """

    def written(page: Page) -> Page:
        apart = page.subject in material.apart if page.kind is PageKind.MODULE else _is_apart(page)
        return labelled(page.with_changes(apart=apart), _writer(page, material, prose), material)

    guides = Guides(material)
    packages = PackagePages(guides)
    notes = PeopleNotes(material, guides)
    relatives = Relatives(material)
    with each(lambda path: written(api_page(material, path, notes, relatives)), sorted(material.analyses)) as api_pages:
        yield from _other_pages(material, prose, written, guides, packages, notes)
        yield from api_pages


def _other_pages(
    material: Material,
    prose: ProseByPage,
    written: Callable[[Page], Page],
    guides: Guides,
    packages: PackagePages,
    notes: PeopleNotes,
) -> Iterator[Page]:
    nothing = PageProse(())
    yield written(overview(material, prose.get(OVERVIEW, nothing), guides, packages))
    yield written(architecture(material, prose.get(ARCHITECTURE, nothing)))
    for module in material.synthesis.modules:
        yield written(module_page(material, module, prose.get(material.module_pages[module.name], nothing)))
    yield from fact_pages(material)
    yield written(glossary_page(material, prose.get(GLOSSARY, nothing).paragraphs))
    for topic in Topic:
        yield written(review_page(material, topic))
    yield coverage_page(material, notes)
    yield from packages.pages()
    yield from guides.pages()


def _is_apart(page: Page) -> bool:
    return page.kind is PageKind.API and is_apart([page.subject])


def _writer(page: Page, material: Material, prose: ProseByPage) -> str:
    if page.kind is PageKind.API:
        return material.analyses[page.subject].model.partition("@")[0]
    if page.kind in {PageKind.SECURITY, PageKind.PERFORMANCE}:
        review = material.reviews.get(Topic(page.kind.value))
        return review.model if review and review.findings else ""
    return prose[page.path].model if page.path in prose else ""


def revised(previous: Revision, fresh: Iterable[AnyPage]) -> Iterator[AnyPage]:
    """The next revision's pages: these in place of the old ones, every other page as it was."""
    by_path = {page.path: page for page in fresh}
    for page in previous.pages:
        yield by_path.pop(page.path, page)
    yield from by_path.values()

"""Decides which pages there are, what a model is asked for each, and which ones a revision rewrites. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from agents.codebase.guides.reading import Guide
from agents.codebase.paths import is_apart
from agents.contracts.draft import AnyPage, EditorBrief, Page, PageKind, Revision
from agents.contracts.reruns import Reruns
from agents.contracts.structure import Topic
from agents.pages.addresses import OVERVIEW
from agents.roles.editor.api_page import api_page
from agents.roles.editor.architecture import ARCHITECTURE, architecture, statements
from agents.roles.editor.coverage_page import coverage_page
from agents.roles.editor.fact_pages import fact_pages
from agents.roles.editor.glossary import GLOSSARY, glossary_page, terms
from agents.roles.editor.guides import LIST, Guides
from agents.roles.editor.labels import labelled
from agents.roles.editor.material import Material
from agents.roles.editor.module_page import module_page
from agents.roles.editor.overview import overview
from agents.roles.editor.packages import PackagePages
from agents.roles.editor.page_prose import PageProse, ProseByPage
from agents.roles.editor.people_notes import PeopleNotes
from agents.roles.editor.relatives import Relatives
from agents.roles.editor.review_page import review_page


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


class SitePages:
    """Every page of the site, each with its writer's name; a page without a telling is facts alone."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self.guides = Guides(material)
        self._packages = PackagePages(self.guides)
        self._notes = PeopleNotes(material, self.guides)
        self._relatives = Relatives(material)

    @property
    def files(self) -> list[str]:
        """The files that have an API page, in the order of the pages."""
        return sorted(self._material.analyses)

    def api(self, path: str) -> Page:
        """A file's API page: no model's telling is on it, so it can be written while the editor's model is asked."""
        return self._written(api_page(self._material, path, self._notes, self._relatives), {})

    def others(
        self, prose: ProseByPage, reruns: Reruns | None = None, parsed: Iterable[Guide] | None = None
    ) -> Iterator[Page]:
        """The pages that come before those.

        `reruns` is what the session did again; `parsed` are the guides, if somebody has parsed them.
        """
        yield from self.before_guides(prose, reruns)
        yield from self.guides.pages(parsed)

    def before_guides(self, prose: ProseByPage, reruns: Reruns | None) -> Iterator[Page]:
        """The pages that come before the guides."""
        material, nothing = self._material, PageProse(())
        yield self._written(overview(material, prose.get(OVERVIEW, nothing), self.guides, self._packages), prose)
        yield self._written(architecture(material, prose.get(ARCHITECTURE, nothing)), prose)
        for module in material.synthesis.modules:
            sentences = prose.get(material.module_pages[module.name], nothing)
            yield self._written(module_page(material, module, sentences), prose)
        yield from fact_pages(material)
        yield self._written(glossary_page(material, prose.get(GLOSSARY, nothing).paragraphs), prose)
        for topic in Topic:
            yield self._written(review_page(material, topic), prose)
        yield coverage_page(material, self._notes, reruns)
        yield from self._packages.pages()

    def _written(self, page: Page, prose: ProseByPage) -> Page:
        apart = page.subject in self._material.apart if page.kind is PageKind.MODULE else _is_apart(page)
        return labelled(page.with_changes(apart=apart), _writer(page, self._material, prose), self._material)


def pages(
    material: Material, prose: ProseByPage, reruns: Reruns | None = None, names: Collection[str] | None = None
) -> Iterator[Page]:
    """Every page of the site, in order, or those of these names: of files and guides then nothing else is written."""
    site = SitePages(material)
    if names is None:
        yield from site.others(prose, reruns)
        yield from map(site.api, site.files)
        return
    yield from (page for page in site.before_guides(prose, reruns) if page.path in names)
    if not {LIST, *site.guides.places.values()}.isdisjoint(names):
        yield from (page for page in site.guides.pages() if page.path in names)
    yield from (site.api(path) for path in site.files if material.api[path] in names)


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

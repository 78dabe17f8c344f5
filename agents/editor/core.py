"""Decides which pages there are, what a model is asked for each, and which ones a revision rewrites. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from agents.contracts.draft import Draft, EditorBrief, EditorReply, Page
from agents.contracts.structure import Topic
from agents.contracts.synthesis import standing
from agents.editor.api_page import api_page
from agents.editor.architecture import ARCHITECTURE, architecture, statements
from agents.editor.coverage_page import coverage_page
from agents.editor.material import Material
from agents.editor.module_page import module_page
from agents.editor.overview import OVERVIEW, overview
from agents.editor.review_page import review_page
from agents.editor.sheet import Telling


def briefs(material: Material, findings: Mapping[str, tuple[str, ...]] | None = None) -> Iterator[EditorBrief]:
    """What a model is asked: one brief for each page that has prose. With `findings`, only for the pages they name."""
    for brief in _all_briefs(material):
        if findings is None:
            yield brief
        elif brief.page in findings:
            yield brief.model_copy(update={"findings": findings[brief.page]})


def _all_briefs(material: Material) -> Iterator[EditorBrief]:
    synthesis = material.synthesis
    yield EditorBrief(page=OVERVIEW, title=synthesis.repository, statements=synthesis.overview)
    yield EditorBrief(page=ARCHITECTURE, title="Architecture", statements=statements(material))
    for module in synthesis.modules:
        page = material.module_pages[module.name]
        yield EditorBrief(page=page, title=module.name, statements=material.said.get(module.name, ()), module=module)


def told(brief: EditorBrief, reply: EditorReply, material: Material) -> Telling:
    """A model's telling with every statement struck that cites nothing real; the brief's own when nothing is left."""
    paragraphs = [kept for paragraph in reply.paragraphs if (kept := standing(paragraph, material.line_counts)[0])]
    return paragraphs or [(statement,) for statement in standing(brief.statements, material.line_counts)[0]]


def pages(material: Material, tellings: Mapping[str, Telling]) -> Iterator[Page]:
    """Every page of the site; a page without a telling is facts alone."""
    yield overview(material, tellings.get(OVERVIEW, ()))
    yield architecture(material, tellings.get(ARCHITECTURE, ()))
    for module in material.synthesis.modules:
        yield module_page(material, module, tellings.get(material.module_pages[module.name], ()))
    for topic in Topic:
        yield review_page(material, topic)
    yield coverage_page(material)
    for path in sorted(material.analyses):
        yield api_page(material, path)


def revised(previous: Draft, fresh: Collection[Page]) -> Draft:
    """The next revision: these pages in place of the old ones, every other page as it was."""
    by_path = {page.path: page for page in fresh}
    kept = [by_path.pop(page.path, page) for page in previous.pages]
    return Draft(
        revision=previous.revision + 1,
        pages=(*kept, *by_path.values()),
        rewritten=tuple(page.path for page in fresh),
    )

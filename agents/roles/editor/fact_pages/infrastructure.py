"""The page of infrastructure: resources, services, images, jobs, and state machines drawn. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from agents.codebase.facts.infrastructure import infrastructure, is_document
from agents.codebase.paths import is_product
from agents.contracts.draft import Page, PageKind
from agents.contracts.facts import FactKind
from agents.roles.editor import markdown
from agents.roles.editor.fact_pages.rows import PlacedFact, bounded, code, facts_of, has_symbol, start, whole_words
from agents.roles.editor.material import Material
from agents.roles.editor.mermaid import flowchart
from agents.roles.editor.page_builder import PageBuilder

INFRASTRUCTURE = "infrastructure.md"
_OPENING = "What this repository runs on: the resources, services, images and jobs that its files declare."
#: Documents that are read, their whole text, and states of a machine that is drawn.
_DOCUMENTS, _BYTES, _DRAWN = 400, 8_000_000, 60


def infrastructure_page(material: Material) -> Page | None:
    """The page; None where no file declares any."""
    facts = list(_facts(material))
    if not facts:
        return None
    builder = start(material, INFRASTRUCTURE, PageKind.INFRASTRUCTURE, "Infrastructure", _OPENING)
    by_source = sorted(
        facts, key=lambda placed: (_rank(placed), placed.fact.source, placed.path, placed.fact.lines.start)
    )
    for source, placed in groupby(by_source, key=lambda item: item.fact.source):
        listed = list(placed)
        if listed[0].fact.kind is FactKind.STATE:
            for path, states in groupby(listed, key=lambda item: item.path):
                _machine(builder, path, list(states))
            continue
        builder.heading(markdown.escape(source[0].upper() + source[1:]))
        jobs = listed[0].fact.kind is FactKind.JOB
        headers = ("Job", "Declared in") if jobs else ("Name", "Type", "From", "Declared in")
        bounded(builder, headers, [_row(builder, item, jobs) for item in listed], "job" if jobs else "resource")
    return builder.page()


def _rank(placed: PlacedFact) -> int:
    return (FactKind.STATE, FactKind.RESOURCE, FactKind.JOB).index(placed.fact.kind)


def _facts(material: Material) -> Iterator[PlacedFact]:
    yield from facts_of(material, FactKind.RESOURCE)
    documents, size = 0, 0
    for path in sorted(material.analyses, key=lambda path: (path.count("/"), path)):
        structure = material.analyses[path].structure
        if not is_product(path):
            continue
        text = ""
        if is_document(path, structure.language) and material.texts is not None:
            if documents >= _DOCUMENTS or size >= _BYTES:
                continue
            text = material.texts.text(path)
            documents, size = documents + 1, size + len(text)
        yield from (PlacedFact(path, fact) for fact in infrastructure(path, structure, text))


def _row(builder: PageBuilder, placed: PlacedFact, job: bool) -> tuple[str, ...]:
    path, fact = placed
    linked = has_symbol(builder.material, path, fact.symbol) and fact.symbol == fact.name
    name = builder.symbol(path, fact.name) if linked else code(fact.name)
    cited = builder.cite(path, fact.lines)
    if job:
        return name, cited
    origin = " ".join(
        item for item in (code(fact.target), ", ".join(markdown.escape(item) for item in fact.marks)) if item
    )
    return name, code(fact.type), origin, cited


def _machine(builder: PageBuilder, path: str, states: Sequence[PlacedFact]) -> None:
    builder.heading(builder.words("State machine {path}", path=code(path)))
    names = {placed.fact.name: f"{placed.fact.name} ({placed.fact.type})" for placed in states}
    arrows = [(placed.fact.name, other, 1) for placed in states for other in placed.fact.nexts if other in names]
    if len(names) <= _DRAWN and arrows:
        builder.diagram(flowchart(names, arrows))
    rows = [
        (
            code(fact.name),
            code(fact.type),
            whole_words(fact.text),
            ", ".join(code(item) for item in fact.nexts),
            builder.cite(file, fact.lines),
        )
        for file, fact in states
    ]
    bounded(builder, ("State", "Type", "What it does", "Leads to", "Declared in"), rows, "state")

"""The remote procedures and the operations of a repository, as sections of the page of its HTTP API. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agents.codebase.facts.routes.procedures import (
    GRAPHQL_ROOTS,
    graphql_operations,
    graphql_roots,
    grpc_procedures,
    thrift_procedures,
)
from agents.codebase.paths import is_generated, is_product
from agents.roles.editor import markdown
from agents.roles.editor.fact_pages.rows import PlacedFact, bounded, code, place, whole_words
from agents.roles.editor.material import Material
from agents.roles.editor.page_builder import PageBuilder

#: What the page is called, and how it begins, where no route of HTTP stands on it.
REMOTE_API = "Remote API"
OPENING = "What others may call over a network, as this repository declares it: what each takes and what it gives back."
_GRAPHQL = "GraphQL"
_MOST = 500


def procedures_of(material: Material) -> list[PlacedFact]:
    """The procedures that the product's files declare, in the order of their names."""
    return sorted(_declared(material), key=lambda placed: (placed.fact.name, placed.path, placed.fact.lines.start))


def _declared(material: Material) -> Iterator[PlacedFact]:
    roots = set(GRAPHQL_ROOTS)
    schemas: list[str] = []
    for path, analysis in sorted(material.analyses.items()):
        structure = analysis.structure
        if not is_product(path) or is_generated(path):
            continue
        if structure.language == "protobuf":
            yield from (PlacedFact(path, fact) for fact in grpc_procedures(structure, material.published(path)))
        elif structure.language == "graphql":
            roots |= graphql_roots(material.published(path))
            schemas.append(path)
        elif path.endswith(".thrift"):
            yield from (PlacedFact(path, fact) for fact in thrift_procedures(material.published(path)))
    for path in schemas:
        operations = graphql_operations(material.analyses[path].structure, roots)
        yield from (PlacedFact(path, fact) for fact in operations)


def add_procedures(builder: PageBuilder, procedures: Sequence[PlacedFact]) -> None:
    """Append the section of the remote procedures, and the one of the operations of GraphQL."""
    remote = [placed for placed in procedures if placed.fact.source != _GRAPHQL]
    operations = [placed for placed in procedures if placed.fact.source == _GRAPHQL]
    for title, noun, first, listed in (
        ("Remote procedures", "procedure", "Procedure", remote),
        ("Operations of GraphQL", "operation", "Operation", operations),
    ):
        if not listed:
            continue
        builder.heading(title)
        sources = ", ".join(
            markdown.escape(source) for source in sorted({placed.fact.source for placed in listed}, key=str.casefold)
        )
        count = builder.words.counted(len(listed), noun)
        builder.add(builder.words("{count} of {sources}.", count=count, sources=sources))
        headers = (first, "Takes", "Gives back", "What it does", "Declared in")
        bounded(builder, headers, [_row(builder, placed) for placed in listed[:_MOST]], noun, _MOST, len(listed))


def _row(builder: PageBuilder, placed: PlacedFact) -> tuple[str, ...]:
    fact = placed.fact
    return (
        place(builder, placed.path, fact.symbol) or code(fact.name),
        code(fact.type),
        code(fact.target),
        whole_words(fact.text),
        builder.cite(placed.path, fact.lines),
    )

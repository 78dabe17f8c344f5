"""The page of the HTTP API: every route with its whole path and what answers it, and remote procedures. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from agents.codebase.facts.routes.openapi import is_openapi, openapi_routes, same_route
from agents.codebase.facts.routes.route_words import ANY
from agents.codebase.facts.routes.routed_files import routes_of_files
from agents.codebase.facts.routes.text import may_have_routes, routes_of_text
from agents.codebase.paths import is_product
from agents.contracts.draft import Page, PageKind
from agents.contracts.facts import FactKind
from agents.roles.editor import markdown
from agents.roles.editor.fact_pages.mounted_paths import MountedPaths
from agents.roles.editor.fact_pages.remote_procedures import OPENING, REMOTE_API, add_procedures, procedures_of
from agents.roles.editor.fact_pages.route_handlers import handler_of
from agents.roles.editor.fact_pages.rows import PlacedFact, bounded, code, facts_of, start, words
from agents.roles.editor.material import Material
from agents.roles.editor.page_builder import PageBuilder

HTTP_API = "http-api.md"
_OPENING = (
    "The HTTP routes that this repository declares: method, path with the prefixes of its routers, and what answers it."
)
_MOST = 500

#: Where one operation is described.
Operation: TypeAlias = list[PlacedFact]


class CodeRoute(NamedTuple):
    """A route of the code: its whole path, and where it is declared."""

    path: str
    placed: PlacedFact


def http_api(material: Material) -> Page | None:
    """The page; None where no route is declared."""
    facts = [*facts_of(material, FactKind.ROUTE, FactKind.MOUNT), *_of_files(material)]
    declared = [placed for placed in facts if placed.fact.kind is FactKind.ROUTE]
    described = _described(material)
    sources_of_routes = {placed.fact.source for placed in declared}
    mounts = [item for item in facts if item.fact.kind is FactKind.MOUNT and item.fact.source in sources_of_routes]
    paths = MountedPaths(material, mounts)
    whole = [CodeRoute(path, placed) for placed in declared for path in paths.of(placed)]
    procedures = procedures_of(material)
    if not whole and not described:
        return _without_routes(material, procedures)
    builder = start(material, HTTP_API, PageKind.HTTP_API, "HTTP API", _OPENING)
    pairs, alone = _matched(described, whole)
    sources = sorted(
        {placed.fact.source for placed in [*(route.placed for route in whole), *(places[0] for places in described)]}
    )
    listed = ", ".join(markdown.escape(source) for source in sources)
    count = builder.words.counted(len(alone) + len(pairs), "route")
    builder.add(builder.words("{count} of {sources}.", count=count, sources=listed))
    if alone:
        if pairs or procedures:
            builder.heading("Declared in the code")
        rows = sorted(alone, key=lambda row: (row.path, *_order(row.placed)))
        bounded(
            builder,
            ("Method", "Path", "Handler", "What it does", "Declared in"),
            [_row(builder, *row) for row in rows[:_MOST]],
            "route",
            _MOST,
            len(rows),
        )
    if pairs:
        builder.heading("Described by an OpenAPI document")
        headers = ("Method", "Path", "Operation", "What it does", "Parameters", "Declared in")
        pairs = sorted(pairs, key=lambda pair: (pair[0][0].fact.name, *_order(pair[0][0])))
        bounded(
            builder,
            headers,
            [_described_row(builder, *pair) for pair in pairs[:_MOST]],
            "route",
            _MOST,
            len(pairs),
        )
    add_procedures(builder, procedures)
    return builder.page()


def _without_routes(material: Material, procedures: Sequence[PlacedFact]) -> Page | None:
    """The page of a repository that is called over a network by other means than HTTP's routes."""
    if not procedures:
        return None
    builder = start(material, HTTP_API, PageKind.HTTP_API, REMOTE_API, OPENING)
    add_procedures(builder, procedures)
    return builder.page()


def _order(placed: PlacedFact) -> tuple[str, str, int]:
    return placed.fact.type, placed.path, placed.fact.lines.start


def _described(material: Material) -> list[Operation]:
    """The operations of OpenAPI documents; the same one in several, as in YAML and in JSON, is one."""
    operations: dict[tuple[str, ...], Operation] = defaultdict(list)
    for path, analysis in sorted(material.analyses.items()):
        if is_openapi(analysis.structure) and is_product(path):
            for fact in openapi_routes(material.published(path)):
                operations[fact.type, fact.name, fact.target, fact.text].append(PlacedFact(path, fact))
    return list(operations.values())


def _matched(
    described: Sequence[Operation], declared: Sequence[CodeRoute]
) -> tuple[list[tuple[Operation, CodeRoute | None]], list[CodeRoute]]:
    """Each described operation with the code's route that answers it, and the code's other routes."""
    by_path: dict[str, list[CodeRoute]] = defaultdict(list)
    for route in declared:
        by_path[same_route(route.path)].append(route)
    answered: dict[int, set[str]] = defaultdict(set)

    def answer(operation: Operation) -> CodeRoute | None:
        fact = operation[0].fact
        for path in (fact.name, fact.owner):
            for route in by_path.get(same_route(path), ()):
                if fact.type in _methods(route) or _methods(route) == {ANY}:
                    answered[id(route)].add(fact.type)
                    return route
        return None

    pairs = [(operation, answer(operation)) for operation in described]
    alone = [
        route
        for route in declared
        if id(route) not in answered or not (_methods(route) == {ANY} or _methods(route) <= answered[id(route)])
    ]
    return pairs, alone


def _methods(route: CodeRoute) -> set[str]:
    return set(route.placed.fact.type.split(", "))


def _of_files(material: Material) -> Iterator[PlacedFact]:
    """Routes of files by their names, and those that only a file's text tells, with what that mounts."""
    structures = {path: analysis.structure for path, analysis in sorted(material.analyses.items()) if is_product(path)}
    yield from (PlacedFact(path, fact) for path, fact in routes_of_files(structures, material.published))
    for path, structure in structures.items():
        if may_have_routes(path, structure.language):
            facts = routes_of_text(path, structure, material.published(path))
            yield from (PlacedFact(path, fact) for fact in facts)


def _row(builder: PageBuilder, path: str, placed: PlacedFact) -> tuple[str, ...]:
    handler, words_given = handler_of(builder, placed)
    words_given = words_given or words(placed.fact.text)
    return placed.fact.type, code(path), handler, words_given, builder.cite(placed.path, placed.fact.lines)


def _described_row(builder: PageBuilder, operation: Operation, answering: CodeRoute | None) -> tuple[str, ...]:
    fact = operation[0].fact
    handler, words_given = handler_of(builder, answering.placed) if answering else ("", "")
    called = ", ".join(part for part in (code(fact.target) if fact.target else "", handler) if part)
    places = [builder.cite(placed.path, placed.fact.lines) for placed in operation]
    if answering:
        places.append(builder.cite(answering.placed.path, answering.placed.fact.lines))
    words_of_row = [words(fact.text) or words_given, builder.words("Deprecated") if fact.default else ""]
    return (
        markdown.escape(fact.type),
        code(fact.name),
        called,
        " · ".join(part for part in words_of_row if part),
        ", ".join(_parameter(builder, parameter) for parameter in fact.marks),
        ", ".join(places),
    )


def _parameter(builder: PageBuilder, written: str) -> str:
    """`id` (path, required), as `openapi_routes` writes it, in the site's language."""
    name, _, facts = written.partition(" (")
    listed = ", ".join(markdown.escape(builder.words(fact)) for fact in facts.rstrip(")").split(", ") if fact)
    return f"{code(name)} ({listed})" if listed else code(name)

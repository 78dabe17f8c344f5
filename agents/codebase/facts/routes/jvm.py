"""HTTP routes of Java and Kotlin. Tables first."""

from __future__ import annotations

from collections.abc import Iterator

from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.routes.classes import Annotated, marks_of, routes_of_classes
from agents.codebase.facts.routes.jvm_routers import routes_of_routers
from agents.codebase.facts.routes.ktor import ktor_routes
from agents.codebase.facts.routes.route_words import ANY, EVERY, VERBS
from agents.codebase.facts.routes.spring import spring_router_routes
from agents.contracts.facts import Fact, FactKind

#: Annotations of a method, and what they answer to.
_SPRING = Annotated(
    "Spring",
    {f"{verb.title()}Mapping": verb.upper() for verb in VERBS} | {"RequestMapping": ANY},
    ("RequestMapping",),
    clients=frozenset({"FeignClient"}),
)
_JAX = Annotated(
    "JAX-RS", {verb.upper(): verb.upper() for verb in VERBS}, ("Path",), ("Path",), frozenset({"RegisterRestClient"})
)
_MICRONAUT = Annotated(
    "Micronaut",
    {verb.title(): verb.upper() for verb in VERBS},
    ("Controller",),
    clients=frozenset({"Client"}),
)


def jvm_routes(file: ParsedCode) -> Iterator[Fact]:
    """Routes by annotations, and those of routers that are built by calls."""
    if file.holds(b"Mapping"):
        yield from routes_of_classes(file, _SPRING)
    if file.holds(b"ws.rs"):
        yield from routes_of_classes(file, _JAX)
        yield from _application_paths(file)
    if file.holds(b"io.micronaut"):
        yield from routes_of_classes(file, _MICRONAUT)
    yield from spring_router_routes(file)
    yield from routes_of_routers(file)
    if file.holds(b"io.ktor"):
        yield from ktor_routes(file)


def _application_paths(file: ParsedCode) -> Iterator[Fact]:
    """`@ApplicationPath("/api")`, which stands before every path of JAX-RS in its program."""
    for symbol in file.symbols:
        for mark in marks_of(symbol):
            if mark.method == "ApplicationPath" and mark.text(0).strip("/"):
                prefix, lines = mark.text(0), symbol.lines
                yield Fact(kind=FactKind.MOUNT, name=prefix, source="JAX-RS", lines=lines, target=EVERY)

"""HTTP routes of Java and Kotlin. Tables first."""

from __future__ import annotations

from collections.abc import Iterator

from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.route_facts import route_fact, routes_of_classes
from agents.codebase.facts.route_words import ANY, VERBS, joined_path
from agents.codebase.facts.written import read_call
from agents.contracts.facts import Fact

#: Annotations of a method, and what they answer to.
_SPRING = {f"{verb.title()}Mapping": verb.upper() for verb in VERBS} | {"RequestMapping": ANY}
_MICRONAUT = {verb.title(): verb.upper() for verb in VERBS} | {"All": ANY}
_JAX = {verb.upper(): verb.upper() for verb in VERBS}


def jvm_routes(file: ParsedCode) -> Iterator[Fact]:
    if file.holds(b"Mapping"):
        yield from routes_of_classes(file, _SPRING, ("RequestMapping",), "Spring")
    if file.holds(b"ws.rs"):
        yield from routes_of_classes(file, _JAX, ("Path", "ApplicationPath"), "JAX-RS")
    if file.holds(b"io.micronaut"):
        yield from routes_of_classes(file, _MICRONAUT, ("Controller",), "Micronaut")
    if file.holds(b"io.ktor"):
        yield from _ktor(file)


def _ktor(file: ParsedCode) -> Iterator[Fact]:
    """`get("/a") { … }` inside `routing { route("/b") { … } }`."""
    for call in file.calls(*VERBS):
        # A block behind the arguments makes another call around theirs, whose name they are a part of.
        blocks = [read_call(block.method) for block in call.around()]
        outer = [block.text(0) for block in blocks if block.method == "route"]
        is_inside = any(block.method in {"routing", "route", "authenticate"} for block in blocks)
        if is_inside and not call.receiver and (call.text(0) or outer):
            yield route_fact(joined_path(*reversed(outer), call.text(0)), call.method.upper(), "Ktor", call)

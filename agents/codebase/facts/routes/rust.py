"""HTTP routes of Rust: which reader is for which framework, and attributes of functions. Tables first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.calls import CodeCall
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.routes.route_facts import methods_in, mount_fact, route_fact
from agents.codebase.facts.routes.route_words import ANY, VERBS
from agents.codebase.facts.routes.rust_routers import actix_scope, routes_of_rust_routers
from agents.codebase.facts.routes.warp import warp_routes
from agents.codebase.facts.written import parts
from agents.contracts.facts import Fact

_ATTRIBUTES = {verb: verb.upper() for verb in VERBS} | {"route": ANY}
_HANDLER = re.compile(r"^[\w:]+$")
_LISTED = re.compile(r"^\w+!\s*[\[(](.*)[\])]$", re.DOTALL)


def rust_routes(file: ParsedCode) -> Iterator[Fact]:
    """Functions with attributes and where they are mounted, routers that calls build, filters of warp."""
    if file.holds(b"actix_web", b"rocket"):
        yield from _attributed(file, "actix-web" if file.holds(b"actix_web") else "Rocket")
        yield from _mounted(file, "actix-web" if file.holds(b"actix_web") else "Rocket")
    for word, source in ((b"axum", "axum"), (b"actix_web", "actix-web"), (b"poem", "poem"), (b"salvo", "salvo")):
        if file.holds(word):
            yield from routes_of_rust_routers(file, source)
            break
    if file.holds(b"poem_openapi"):
        yield from _described(file)
    if file.holds(b"warp"):
        yield from warp_routes(file)


def _attributed(file: ParsedCode, source: str) -> Iterator[Fact]:
    """Functions with `#[get("/a")]` or `#[route("/a", method = "GET", method = "POST")]`."""
    for symbol, attributes in file.decorated:
        for at, item in enumerate(attributes):
            if item.method not in _ATTRIBUTES or not item.text(0).startswith("/"):
                continue
            written = symbol.decorators[at] if at < len(symbol.decorators) else ""
            listed = [part.partition("=")[2] for part in parts(written.partition("(")[2]) if "method" in part[:7]]
            methods = ", ".join(filter(None, map(methods_in, map(str.strip, listed)))) or _ATTRIBUTES[item.method]
            name = symbol.name
            yield route_fact(item.text(0), methods, source, symbol, owner=name, target=name, symbol=name)


def _mounted(file: ParsedCode, source: str) -> Iterator[Fact]:
    """`build().mount("/api", routes![a, b])`, and functions that a scope of actix has."""
    for call in file.calls("mount", "service", "configure"):
        prefix, owner, handlers = _mount(file, call)
        for handler in handlers if prefix.startswith("/") or (owner and not prefix) else ():
            if _HANDLER.match(handler.strip()):
                yield mount_fact(prefix, source, call, owner, handler.strip().replace("::", "."))


def _mount(file: ParsedCode, call: CodeCall) -> tuple[str, str, list[str]]:
    if call.method == "mount":
        listed = _LISTED.match(call.value(1))
        return call.text(0), "", parts(listed[1]) if listed else []
    return actix_scope(call), file.symbol_at(call.line), [call.value(0)]


def _described(file: ParsedCode) -> Iterator[Fact]:
    """Methods with `#[oai(path = "/a", method = "get")]`."""
    for symbol, attributes in file.decorated:
        for item in attributes:
            if item.method == "oai" and (path := item.text(-1, "path")) and (method := item.text(-1, "method")):
                name = symbol.name
                yield route_fact(path, method.upper(), "poem", symbol, target=name, symbol=name)

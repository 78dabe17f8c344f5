"""HTTP routes of Rust. Tables first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.route_facts import mount_fact, route_fact
from agents.codebase.facts.route_words import ANY, VERBS, joined_path
from agents.contracts.facts import Fact

_RUST = {verb: verb.upper() for verb in VERBS} | {"route": ANY}


def rust_routes(file: ParsedCode) -> Iterator[Fact]:
    if file.holds(b"actix_web", b"rocket"):
        yield from _rust_attributes(file, "actix-web" if file.holds(b"actix_web") else "Rocket")
    if file.holds(b"axum", b"actix_web"):
        yield from _rust_called(file, "axum" if file.holds(b"axum") else "actix-web")


def _rust_attributes(file: ParsedCode, source: str) -> Iterator[Fact]:
    """Functions with `#[get("/a")]`, and the prefix under which each is mounted."""
    for symbol, attributes in file.decorated:
        for item in attributes:
            if item.method in _RUST and item.text(0).startswith("/"):
                name = symbol.name
                yield route_fact(item.text(0), _RUST[item.method], source, symbol, owner=name, target=name, symbol=name)
    for call in file.calls("mount", "service"):
        if call.method == "mount":
            prefix, handlers = call.text(0), re.findall(r"[\w:]+", call.value(1).removeprefix("routes!"))
        else:
            prefix = next((item.text(0) for item in call.chain() if item.method == "scope"), "")
            handlers = [call.value(0)] if re.fullmatch(r"[\w:]+", call.value(0)) else []
        for handler in handlers if prefix.startswith("/") else ():
            yield mount_fact(prefix, source, call, "", handler.rpartition("::")[2])


def _rust_called(file: ParsedCode, source: str) -> Iterator[Fact]:
    for call in file.calls("route", "nest"):
        path = call.text(0)
        handlers = re.findall(
            r"\b(get|post|put|patch|delete|head|options)\(\)?(?:\.to\()?\s*([\w:]*)", call.value(0 if not path else 1)
        )
        if call.method == "nest" and path:
            yield mount_fact(path, source, call, call.assigned, call.value(1).partition("(")[0])
            continue
        scopes = list(call.chain())
        if not path:
            resource = next((item for item in scopes if item.method == "resource"), None)
            path = resource.text(0) if resource is not None else ""
            scopes = [item for outer in call.around() for item in outer.chain()]
        prefixes = [item.text(0) for item in scopes if item.method == "scope"]
        owner = file.symbol_at(call.line)
        for verb, handler in handlers if path.startswith("/") else ():
            yield route_fact(joined_path(*prefixes, path), verb.upper(), source, call, owner=owner, target=handler)

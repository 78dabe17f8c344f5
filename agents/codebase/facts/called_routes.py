"""HTTP routes of Go, PHP, Ruby, C# and Rust. Tables first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.calls import items
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.route_facts import (
    ANY,
    VERBS,
    handler_name,
    joined_path,
    methods_in,
    mount_fact,
    route_fact,
    routes_of_classes,
)
from agents.codebase.facts.written import literal
from agents.contracts.facts import Fact

_NET = {f"Http{verb.title()}": verb.upper() for verb in VERBS}
_RUST = {verb: verb.upper() for verb in VERBS} | {"route": ANY}
_GO = (
    (b"gin-gonic/gin", "gin"),
    (b"labstack/echo", "echo"),
    (b"go-chi/chi", "chi"),
    (b"gorilla/mux", "gorilla/mux"),
    (b"gofiber/fiber", "fiber"),
    (b"net/http", "net/http"),
)
_GO_PATTERN = re.compile(r"^(?:([A-Z]+)\s+)?([\w.-]*/.*)$")


def go_routes(file: ParsedCode) -> Iterator[Fact]:
    source = next((name for word, name in _GO if word in file.source), "")
    if not source:
        return
    names = [name for verb in VERBS for name in (verb.upper(), verb.title())]
    for call in file.calls("HandleFunc", "Handle", "Any", "Group", "Route", "Mount", "PathPrefix", *names):
        shape = _GO_PATTERN.match(call.text(0))
        if call.method in {"Group", "Mount", "PathPrefix"}:
            target = call.value(1).partition("(")[0] if call.method == "Mount" else call.assigned
            if shape and target:
                yield mount_fact(shape[2], source, call, call.receiver, target)
            continue
        if (shape is None and call.text(0) != "") or len(call.positional) < 2 or call.method == "Route":
            continue
        outer = [item.text(0) for item in call.around() if item.method in {"Route", "Group"} and item.text(0)]
        own = shape[2] if shape else ""
        verb = (shape[1] if shape else "") or (call.method.upper() if call.method in names else "")
        later = next((item for item in call.after() if item.method == "Methods"), None)
        verb = ", ".join(text for value in later.positional if (text := literal(value))) if later else verb
        yield route_fact(
            joined_path(*reversed(outer), own),
            verb or ANY,
            source,
            call,
            owner=call.receiver,
            target=handler_name(call.positional[-1].partition("(")[0]),
        )


def php_routes(file: ParsedCode) -> Iterator[Fact]:
    yield from (
        routes_of_classes(file, {"Route": ANY}, ("Route",), "Symfony")
        if file.holds(b"Attribute\\Route", b"Annotation\\Route")
        else ()
    )
    if not file.holds(b"Route::"):
        return
    for call in file.calls(*VERBS, "any", "match", "resource", "apiResource"):
        base = next(iter([*call.chain()][-1:]), call)
        if base.receiver.rpartition(".")[2] != "Route":
            continue
        at = 1 if call.method == "match" else 0
        path, target = call.text(at), call.value(at + 1)
        outer = [item.text(0) for group in call.around() for item in group.chain() if item.method == "prefix"]
        pair = items(target) if target.startswith("[") else []
        handler = (
            f"{pair[0].partition('::')[0]}.{literal(pair[1]) or ''}"
            if len(pair) == 2
            else (literal(target) or target).replace("@", ".")
        )
        methods = methods_in(call.value(0)) if at else "resource" if "esource" in call.method else call.method.upper()
        if path:
            yield route_fact(
                joined_path(*reversed(outer), path),
                methods.replace("ANY", ANY),
                "Laravel",
                call,
                target=handler_name(handler.replace("::class", "")),
            )


def ruby_routes(file: ParsedCode) -> Iterator[Fact]:
    rails = file.holds(b"routes.draw")
    if not rails and not file.holds(b"sinatra", b"Sinatra"):
        return
    for call in file.calls(*VERBS, "root", "resources", "resource", "match"):
        if call.receiver:
            continue
        outer = [
            (item.text(0, "path") if item.method != "resources" else f"{item.text(0)}/:{item.text(0).rstrip('s')}_id")
            for item in call.around()
            if item.method in {"namespace", "scope", "resources", "resource"}
        ]
        path = call.text(0) or next((literal(key) or "" for key in call.named), "")
        target = (call.text(-1, "to") or (call.text(0) if call.method == "root" else "")).replace("#", ".")
        methods = {"root": "GET", "match": ANY}.get(
            call.method, call.method if "resource" in call.method else call.method.upper()
        )
        if path or target:
            own = "" if call.method == "root" else path
            yield route_fact(
                joined_path(*reversed(outer), own), methods, "Rails" if rails else "Sinatra", call, target=target
            )


def csharp_routes(file: ParsedCode) -> Iterator[Fact]:
    yield from routes_of_classes(file, _NET, ("Route",), "ASP.NET")
    for call in file.calls("MapGroup", "MapMethods", *(f"Map{verb.title()}" for verb in VERBS)):
        if call.method == "MapGroup":
            yield mount_fact(call.text(0), "ASP.NET", call, call.receiver, call.assigned)
        elif len(call.positional) > 1:
            methods = methods_in(call.value(1)) if call.method == "MapMethods" else call.method[3:].upper()
            yield route_fact(
                call.text(0), methods, "ASP.NET", call, owner=call.receiver, target=handler_name(call.positional[-1])
            )


def rust_routes(file: ParsedCode) -> Iterator[Fact]:
    if file.holds(b"actix_web", b"rocket"):
        source = "actix-web" if file.holds(b"actix_web") else "Rocket"
        for symbol, attributes in file.decorated:
            for item in attributes:
                if item.method in _RUST and item.text(0).startswith("/"):
                    yield route_fact(
                        item.text(0), _RUST[item.method], source, symbol, target=symbol.name, symbol=symbol.name
                    )
    if not file.holds(b"axum", b"actix_web"):
        return
    source = "axum" if file.holds(b"axum") else "actix-web"
    for call in file.calls("route", "nest"):
        path = call.text(0)
        if call.method == "nest" and path:
            yield mount_fact(path, source, call, call.assigned, call.value(1).partition("(")[0])
        elif path.startswith("/") and len(call.positional) > 1:
            scope = [item.text(0) for item in call.chain() if item.method == "scope"]
            for verb, handler in re.findall(
                r"\b(get|post|put|patch|delete|head|options)\(\)?(?:\.to\()?\s*([\w:]*)", call.positional[1]
            ):
                yield route_fact(
                    joined_path(*scope, path),
                    verb.upper(),
                    source,
                    call,
                    owner=file.symbol_at(call.line),
                    target=handler,
                )

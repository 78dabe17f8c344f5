"""HTTP routes of Go, PHP, Ruby, C# and Rust. Tables first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.calls import CodeCall, items
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.route_facts import handler_name, methods_in, mount_fact, route_fact, routes_of_classes
from agents.codebase.facts.route_words import ANY, VERBS, joined_path
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

#: Methods whose first argument is an HTTP method, or a list of them.
_GO_METHOD_FIRST = ("Handle", "Method", "MethodFunc", "Add", "Match")


def _go_method(text: str) -> str:
    """The HTTP method of `"GET"` or `http.MethodGet`."""
    return literal(text) or (text.rpartition(".Method")[2].upper() if ".Method" in text else "")


def go_routes(file: ParsedCode) -> Iterator[Fact]:
    source = next((name for word, name in _GO if word in file.source), "")
    if not source:
        return
    names = [name for verb in VERBS for name in (verb.upper(), verb.title())]
    others = ("HandleFunc", "Handle", "Any", "All", "Group", "Route", "Mount", "PathPrefix", *_GO_METHOD_FIRST)
    for call in file.calls(*others, *names):
        # Some take the method, or several, before the path.
        first = methods_in(call.value(0)) if call.method in _GO_METHOD_FIRST and call.text(1) else ""
        if call.method in _GO_METHOD_FIRST and not first and call.method != "Handle":
            continue
        at = 1 if first else 0
        shape = _GO_PATTERN.match(call.text(at))
        if call.method in {"Group", "Mount", "PathPrefix"}:
            target = call.value(1).partition("(")[0] if call.method == "Mount" else call.assigned
            if shape and target:
                yield mount_fact(shape[2], source, call, call.receiver, target)
            continue
        # A path that is no text of the file is not known; an empty one is that of the group around it.
        if (shape is None and literal(call.value(at)) != "") or len(call.positional) < at + 2 or call.method == "Route":
            continue
        outer = [item.text(0) for item in call.around() if item.method in {"Route", "Group"} and item.text(0)]
        own = shape[2] if shape else ""
        verb = first or (shape[1] if shape else "") or (call.method.upper() if call.method in names else "")
        later = next((item for item in call.after() if item.method == "Methods"), None)
        verb = ", ".join(filter(None, map(_go_method, later.positional))) if later else verb
        # A pattern of net/http may begin with a host.
        yield route_fact(
            joined_path(*reversed(outer), own) if outer or own[:1] in {"", "/"} else own,
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
    if file.holds(b"use Slim\\"):
        yield from _slim(file)
    if not file.holds(b"Route::"):
        return
    for call in file.calls(*VERBS, "any", "match", "resource", "apiResource"):
        base = call.first
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


def _slim(file: ParsedCode) -> Iterator[Fact]:
    for call in file.calls(*VERBS, "any", "map"):
        at = 1 if call.method == "map" else 0
        if not re.fullmatch(r"\$?(?:app|group|router?)", call.receiver) or not call.text(at).startswith("/"):
            continue
        outer = [item.text(0) for item in call.around() if item.method == "group"]
        methods = methods_in(call.value(0)) if at else call.method.upper().replace("ANY", ANY)
        target = handler_name(call.value(at + 1).replace("::class", ""))
        yield route_fact(joined_path(*reversed(outer), call.text(at)), methods, "Slim", call, target=target)


def ruby_routes(file: ParsedCode) -> Iterator[Fact]:
    rails = file.holds(b"routes.draw")
    if not rails and not file.holds(b"sinatra", b"Sinatra"):
        return
    for call in file.calls(*VERBS, "root", "resources", "resource", "match"):
        if call.receiver:
            continue
        outer = _rails_prefixes(call)
        rocket = re.match(r"""^(["'])(?P<path>[^"']+)\1\s*=>\s*(["'])(?P<to>[\w/#]+)\3$""", call.value(0))
        path = rocket["path"] if rocket else call.text(0)
        target = call.text(-1, "to") or (rocket["to"] if rocket else call.text(0) if call.method == "root" else "")
        controller, action = call.text(-1, "controller"), call.text(-1, "action")
        target = target or (f"{controller}#{action}" if controller and action else "")
        target = _rails_handler(target, call, path) if rails else target.replace("#", ".")
        via = methods_in(re.sub(r":(\w+)", r'"\1"', call.named.get("via", "")))
        methods = {"root": "GET", "match": via or ANY}.get(
            call.method, call.method if "resource" in call.method else call.method.upper()
        )
        if path or target:
            own = "" if call.method == "root" else path
            yield route_fact(
                joined_path(*reversed(outer), own), methods, "Rails" if rails else "Sinatra", call, target=target
            )


def _rails_handler(target: str, call: CodeCall, path: str) -> str:
    """The controller's class, and its method: `WikiPagesController.show` for `wiki_pages#show`."""
    controller, _, action = target.partition("#")
    if call.method == "resources" and not target:
        controller, action = call.text(-1, "controller") or path, ""
    elif not target and re.fullmatch(r"\w+", path):
        around = next((item for item in call.around() if item.method == "resources"), None)
        controller, action = (around.text(-1, "controller") or around.text(0), path) if around else ("", "")
    if not re.fullmatch(r"[a-z]\w*(?:/[a-z]\w*)*", controller) or (target and "#" not in target):
        return target.replace("#", ".")
    name = "".join(part.capitalize() for part in controller.rpartition("/")[2].split("_"))
    return f"{name}Controller" + (f".{action}" if action else "")


def _rails_prefixes(call: CodeCall) -> list[str]:
    """The paths of the blocks around a route, the innermost first; `member` and `collection` are of the innermost."""
    inner = call.text(-1, "on")
    prefixes = []
    for item in call.around():
        if item.method in {"member", "collection"}:
            inner = inner or item.method
        elif item.method in {"namespace", "scope", "resources", "resource"}:
            prefixes.append(_rails_prefix(item, inner))
            inner = ""
    return prefixes


def _rails_prefix(outer: CodeCall, inner: str) -> str:
    """The path that a block around a route gives it: one of many by its id, or all of them."""
    name = outer.text(-1, "path") or outer.text(0)
    if outer.method != "resources" or inner == "collection":
        return name
    if inner == "member":
        return f"{name}/:id"
    single = re.sub(r"(?<=ss|sh|ch)es$|(?<=x)es$|(?<!s)s$", "", re.sub(r"ies$", "y", name))
    return f"{name}/:{single}_id"


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

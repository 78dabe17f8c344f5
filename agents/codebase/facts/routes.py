"""HTTP routes that code declares by decorators or annotations, and by calls. Tables first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.called_routes import csharp_routes, go_routes, php_routes, ruby_routes, rust_routes
from agents.codebase.facts.calls import options
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
from agents.codebase.facts.written import literal, read_call
from agents.contracts.facts import Fact

#: Annotations of a method, and what they answer to.
_SPRING = {f"{verb.title()}Mapping": verb.upper() for verb in VERBS} | {"RequestMapping": ANY}
_NEST = {verb.title(): verb.upper() for verb in VERBS} | {"All": ANY}
_JAX = {verb.upper(): verb.upper() for verb in VERBS}
_PYTHON_VERBS = frozenset({*VERBS, "route", "websocket", "api_route", "trace"})
_PYTHON = (
    ("fastapi", "FastAPI"),
    ("flask", "Flask"),
    ("quart", "Quart"),
    ("sanic", "Sanic"),
    ("starlette", "Starlette"),
    ("bottle", "Bottle"),
    ("aiohttp", "aiohttp"),
    ("litestar", "Litestar"),
    ("falcon", "Falcon"),
)
_JS = ((b"fastify", "Fastify"), (b"koa", "Koa"), (b"hono", "Hono"), (b"express", "Express"), (b"restify", "restify"))
_JS_ROUTERS = re.compile(r"^(?:\w*[rR]outer|\w*[aA]pp|server|fastify|routes?|api)$")


def routes(file: ParsedCode) -> Iterator[Fact]:
    """The routes that a file declares, and the routers it mounts."""
    reader = _READERS.get(file.language)
    if reader is not None:
        yield from reader(file)


def _python(file: ParsedCode) -> Iterator[Fact]:
    source = next(
        (name for module, name in _PYTHON if file.holds(f"import {module}".encode(), f"from {module}".encode())), ""
    )
    if source:
        yield from _python_decorated(file, source)
        yield from _python_called(file, source)
    if file.holds(b"urlpatterns", b"DefaultRouter", b"SimpleRouter"):
        yield from _django(file)


def _python_decorated(file: ParsedCode, source: str) -> Iterator[Fact]:
    for symbol, decorators in file.decorated:
        for item in decorators:
            path = literal(item.value(0, "path", "rule", "uri"))
            if item.method not in _PYTHON_VERBS or path is None or not item.receiver or (path and path[0] != "/"):
                continue
            methods = (
                item.method.upper() if item.method in VERBS else methods_in(item.named.get("methods", "")) or "GET"
            )
            if item.method == "websocket":
                methods = "WEBSOCKET"
            yield route_fact(path, methods, source, symbol, owner=item.receiver, target=symbol.name, symbol=symbol.name)


def _python_called(file: ParsedCode, source: str) -> Iterator[Fact]:
    for call in file.calls(
        "APIRouter",
        "Blueprint",
        "include_router",
        "register_blueprint",
        "mount",
        "add_url_rule",
        "add_api_route",
        "add_route",
        "Route",
        "WebSocketRoute",
        "Mount",
    ):
        if call.method in {"APIRouter", "Blueprint"}:
            if prefix := call.text(-1, "prefix", "url_prefix"):
                yield mount_fact(prefix, source, call, "", call.assigned)
        elif call.method in {"include_router", "register_blueprint"}:
            yield mount_fact(call.text(-1, "prefix", "url_prefix"), source, call, call.receiver, call.value(0))
        elif call.method == "mount" and call.text(0).startswith("/"):
            yield mount_fact(call.text(0), source, call, call.receiver, call.value(1, "app"))
        elif call.method in {"Route", "WebSocketRoute"} and call.text(0, "path").startswith("/"):
            outer = [item.text(0, "path") for item in call.around() if item.method == "Mount"]
            methods = "WEBSOCKET" if call.method != "Route" else methods_in(call.named.get("methods", "")) or "GET"
            yield route_fact(
                joined_path(*reversed(outer), call.text(0, "path")),
                methods,
                source,
                call,
                target=call.value(1, "endpoint"),
            )
        elif call.method in {"add_url_rule", "add_api_route", "add_route"} and call.text(0, "rule", "path").startswith(
            "/"
        ):
            target = call.named.get("view_func") or call.value(1, "endpoint")
            methods = methods_in(call.named.get("methods", "")) or "GET"
            yield route_fact(call.text(0, "rule", "path"), methods, source, call, owner=call.receiver, target=target)


def _django(file: ParsedCode) -> Iterator[Fact]:
    for call in file.calls("path", "re_path", "url", "register"):
        pattern = literal(call.value(0))
        if pattern is None or len(call.positional) < 2:
            continue
        if call.method == "register":
            if call.receiver.endswith("router"):
                yield route_fact(
                    joined_path(pattern, "/"), ANY, "Django REST framework", call, target=call.positional[1]
                )
            continue
        if call.receiver:
            continue
        included = read_call(call.positional[1])
        if included.name == "include":
            yield mount_fact(pattern, "Django", call, "", included.text(0) or included.value(0))
        else:
            target = re.sub(r"\.as_view\(.*$", "", call.positional[1], flags=re.DOTALL)
            visible = pattern if call.method != "path" else f"/{pattern}"
            yield route_fact(visible, ANY, "Django", call, target=target)


def _jvm(file: ParsedCode) -> Iterator[Fact]:
    if file.holds(b"Mapping"):
        yield from routes_of_classes(file, _SPRING, ("RequestMapping",), "Spring")
    if file.holds(b"ws.rs"):
        yield from routes_of_classes(file, _JAX, ("Path", "ApplicationPath"), "JAX-RS")


def _javascript(file: ParsedCode) -> Iterator[Fact]:
    if file.holds(b"@nestjs"):
        yield from routes_of_classes(file, _NEST, ("Controller",), "NestJS")
    source = next((name for word, name in _JS if word in file.source), "")
    if not source:
        return
    for call in file.calls(*VERBS, "all", "del", "use", "route", "register"):
        first = next(((base, base.text(0)) for base in call.chain() if base.method == "route"), None)
        receiver = first[0].receiver if first else call.receiver
        if not _JS_ROUTERS.match(receiver.rpartition(".")[2]):
            continue
        if call.method in {"use", "register"}:
            below = options(call.value(1)).get("prefix", "")
            prefix = literal(below) or "" if below else call.text(0)
            target = call.value(0 if below else len(call.positional) - 1)
            if prefix.startswith("/") and re.fullmatch(r"[\w.]+", target):
                yield mount_fact(prefix, source, call, receiver, target)
        elif call.method == "route":
            given = options(call.value(0))
            if path := literal(given.get("url", given.get("path", ""))):
                yield route_fact(
                    path,
                    methods_in(given.get("method", "")) or ANY,
                    source,
                    call,
                    owner=receiver,
                    target=handler_name(given.get("handler", "")),
                )
        else:
            path = first[1] if first else call.text(0)
            handlers = call.positional if first else call.positional[1:]
            if path[:1] in {"/", "*"} and handlers and not handlers[-1].startswith(("{", "'", '"')):
                methods = {"all": ANY, "del": "DELETE"}.get(call.method, call.method.upper())
                yield route_fact(path, methods, source, call, owner=receiver, target=handler_name(handlers[-1]))


_READERS = {
    "python": _python,
    "java": _jvm,
    "kotlin": _jvm,
    **dict.fromkeys(("javascript", "typescript"), _javascript),
    "go": go_routes,
    "php": php_routes,
    "ruby": ruby_routes,
    "csharp": csharp_routes,
    "rust": rust_routes,
}

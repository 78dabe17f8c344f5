"""HTTP routes of Python's web frameworks. Tables first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.calls import CodeCall, every_call
from agents.codebase.facts.django_routes import django_routes, tornado_routes
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.route_facts import (
    handler_name,
    methods_in,
    mount_fact,
    route_fact,
    shown_path,
    wrapped_handler,
)
from agents.codebase.facts.route_words import ANY, VERBS, joined_path
from agents.codebase.facts.written import literal, texts_in
from agents.contracts.facts import Fact
from agents.contracts.structure import SymbolKind

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
#: What makes a router, and what one is called where it comes from another file.
_PYTHON_ROUTERS = (
    "FastAPI", "APIRouter", "Flask", "Blueprint", "Quart", "Sanic", "Starlette", "Bottle", "RouteTableDef",
    "Application",
)  # fmt: skip
_ROUTER_NAME = re.compile(r"(?:app|application|router|routes?|blueprint|bp|api|server|v\d+)$", re.IGNORECASE)
_AIOHTTP = (*VERBS, "view", *(f"add_{verb}" for verb in (*VERBS, "view")))


def python_routes(file: ParsedCode) -> Iterator[Fact]:
    source = next(
        (name for module, name in _PYTHON if file.holds(f"import {module}".encode(), f"from {module}".encode())), ""
    )
    if source:
        yield from _python_decorated(file, source)
        yield from _python_called(file, source)
        if source == "Flask":
            yield from _flask_views(file)
    if file.holds(b"tornado.web"):
        yield from tornado_routes(file)
    if file.holds(b"urlpatterns", b"django.urls", b"django.conf.urls", b"DefaultRouter", b"SimpleRouter"):
        yield from django_routes(file)


def _python_decorated(file: ParsedCode, source: str) -> Iterator[Fact]:
    routers = {call.assigned for call in file.calls(*_PYTHON_ROUTERS)}
    for symbol, decorators in file.decorated:
        for item in decorators:
            path = literal(item.value(0, "path", "rule", "uri"))
            if item.method not in _PYTHON_VERBS or path is None or (path and path[0] != "/"):
                continue
            # Litestar's decorators of functions have no receiver; a controller's are below its own path.
            is_bare = source == "Litestar" and not item.receiver and symbol.kind is SymbolKind.FUNCTION
            if not is_bare and item.receiver not in routers and not _ROUTER_NAME.search(item.receiver):
                continue
            methods = (
                item.method.upper() if item.method in VERBS else methods_in(item.named.get("methods", "")) or "GET"
            )
            if item.method == "websocket":
                methods = "WEBSOCKET"
            outlined = file.symbol_at(symbol.lines.start)
            yield route_fact(path, methods, source, symbol, owner=item.receiver, target=symbol.name, symbol=outlined)


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
        *(_AIOHTTP if source == "aiohttp" else ()),
    ):
        if call.method in _AIOHTTP:
            yield from _aiohttp(call)
        elif call.method in {"APIRouter", "Blueprint"}:
            if prefix := shown_path(call.value(-1, "prefix", "url_prefix"), file):
                yield mount_fact(prefix, source, call, "", call.assigned)
        elif call.method in {"include_router", "register_blueprint"}:
            prefix = shown_path(call.value(-1, "prefix", "url_prefix"), file)
            yield mount_fact(prefix, source, call, call.receiver, call.value(0))
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
            # A class answers to every method that it defines.
            is_class = ".as_view(" in target or source == "Falcon"
            methods = methods_in(call.named.get("methods", "")) or (ANY if is_class else "GET")
            plain = target.partition("(")[0].removesuffix(".as_view")
            yield route_fact(call.text(0, "rule", "path"), methods, source, call, owner=call.receiver, target=plain)


def _flask_views(file: ParsedCode) -> Iterator[Fact]:
    """A project's own function that registers a view: `register(bp, routes=["/a"], view_func=A.as_view("a"))`."""
    for call in every_call("python", file.root, file.source) if file.holds(b"view_func") else ():
        target = call.named.get("view_func", "")
        if call.method == "add_url_rule" or not target:
            continue
        values = [*call.positional, *(value for name, value in call.named.items() if name != "view_func")]
        owner = call.positional[0] if call.positional and call.positional[0].isidentifier() else call.receiver
        methods = methods_in(call.named.get("methods", "")) or (ANY if ".as_view(" in target else "GET")
        for path in dict.fromkeys(text for value in values for text in texts_in(value) if text.startswith("/")):
            yield route_fact(path, methods, "Flask", call, owner=owner, target=wrapped_handler(target))


def _aiohttp(call: CodeCall) -> Iterator[Fact]:
    """`web.get("/a", handler)` in a list of routes, and `app.router.add_get("/a", handler)`."""
    verb = call.method.removeprefix("add_")
    is_listed = call.receiver == "web" and verb == call.method
    if (is_listed or call.receiver.endswith("router")) and call.text(0).startswith("/") and len(call.positional) > 1:
        methods = ANY if verb == "view" else verb.upper()
        yield route_fact(call.text(0), methods, "aiohttp", call, target=handler_name(call.positional[1]))

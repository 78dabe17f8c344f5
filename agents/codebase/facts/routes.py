"""HTTP routes that code declares by decorators or annotations, and by calls. Tables first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.called_routes import csharp_routes, go_routes, php_routes, ruby_routes, rust_routes
from agents.codebase.facts.calls import CodeCall, every_call
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.route_facts import (
    handler_name,
    methods_in,
    mount_fact,
    route_fact,
    routes_of_classes,
    shown_path,
    wrapped_handler,
)
from agents.codebase.facts.route_words import ANY, VERBS, joined_path
from agents.codebase.facts.script_routes import javascript_routes
from agents.codebase.facts.written import literal, read_call, texts_in
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import SymbolKind

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
#: What makes a router, and what one is called where it comes from another file.
_PYTHON_ROUTERS = (
    "FastAPI", "APIRouter", "Flask", "Blueprint", "Quart", "Sanic", "Starlette", "Bottle", "RouteTableDef",
    "Application",
)  # fmt: skip
_ROUTER_NAME = re.compile(r"(?:app|application|router|routes?|blueprint|bp|api|server|v\d+)$", re.IGNORECASE)
_TORNADO = re.compile(
    r"""(?:\b(?:url|URLSpec|Rule)|(?<![\w)\]]))\(\s*r?(?P<quote>["'])(?P<path>/[^"'\n]*)(?P=quote)\s*,\s*"""
    r"""(?P<handler>(?:\w+\.)*\w*(?:Handler|Socket))\b"""
)
_AIOHTTP = (*VERBS, "view", *(f"add_{verb}" for verb in (*VERBS, "view")))
_JS = (
    (b"fastify", "Fastify"),
    (b"koa", "Koa"),
    (b"hono", "Hono"),
    (b"elysia", "Elysia"),
    (b"express", "Express"),
    (b"restify", "restify"),
)


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
        if source == "Flask":
            yield from _flask_views(file)
    if file.holds(b"tornado.web"):
        yield from _tornado(file)
    if file.holds(b"urlpatterns", b"django.urls", b"django.conf.urls", b"DefaultRouter", b"SimpleRouter"):
        yield from _django(file)


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


def _tornado(file: ParsedCode) -> Iterator[Fact]:
    """`(r"/a", Handler)` in a list, and `url(r"/a", Handler)`."""
    text = file.source.decode("utf-8", "replace")
    for match in _TORNADO.finditer(text):
        start, end = (text.count("\n", 0, at) + 1 for at in match.span())
        lines = Lines(start=start, end=end)
        yield Fact(
            kind=FactKind.ROUTE, name=match["path"], type=ANY, source="Tornado", lines=lines, target=match["handler"]
        )


def _django(file: ParsedCode) -> Iterator[Fact]:
    for call in file.calls("path", "re_path", "url", "register"):
        pattern = literal(call.value(0))
        if pattern is None or len(call.positional) < 2:
            continue
        if call.method == "register":
            if call.receiver.endswith("router"):
                path = f"/{pattern.strip('/')}/" if pattern.strip("/") else "/"
                target = call.positional[1]
                yield route_fact(path, ANY, "Django REST framework", call, owner=call.receiver, target=target)
            continue
        if call.receiver:
            continue
        included = read_call(call.positional[1])
        if included.name == "include":
            router = included.value(0).removesuffix(".urls")
            yield mount_fact(pattern, "Django", call, "", included.text(0) or router)
        else:
            visible = pattern if call.method != "path" else f"/{pattern}"
            yield route_fact(visible, ANY, "Django", call, target=wrapped_handler(call.positional[1]))


def _jvm(file: ParsedCode) -> Iterator[Fact]:
    if file.holds(b"Mapping"):
        yield from routes_of_classes(file, _SPRING, ("RequestMapping",), "Spring")
    if file.holds(b"ws.rs"):
        yield from routes_of_classes(file, _JAX, ("Path", "ApplicationPath"), "JAX-RS")
    if file.holds(b"io.micronaut"):
        yield from routes_of_classes(file, _NEST, ("Controller",), "Micronaut")
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


def _javascript(file: ParsedCode) -> Iterator[Fact]:
    if file.holds(b"@nestjs"):
        yield from routes_of_classes(file, _NEST, ("Controller",), "NestJS")
    source = next((name for word, name in _JS if word in file.source), "")
    if source:
        yield from javascript_routes(file, source)


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

"""HTTP routes of Python's web frameworks: which reader is for which, and routes of decorators. Tables first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.routes.classes import paths_of
from agents.codebase.facts.routes.django import django_routes
from agents.codebase.facts.routes.python_calls import flask_views, python_called_routes
from agents.codebase.facts.routes.python_registries import masonite_routes, pyramid_routes, tornado_routes
from agents.codebase.facts.routes.route_facts import methods_in, route_fact
from agents.codebase.facts.routes.route_words import ANY, VERBS, joined_path
from agents.codebase.facts.written import Written, literal
from agents.contracts.facts import Fact
from agents.contracts.structure import Symbol, SymbolKind

_ANSWERS = {
    **{verb: verb.upper() for verb in (*VERBS, "trace")},
    **dict.fromkeys(("route", "api_route"), "GET"),
    **dict.fromkeys(("websocket", "websocket_route"), "WEBSOCKET"),
}
#: Frameworks by the module that is imported; the first counts.
_FRAMEWORKS = (
    ("fastapi", "FastAPI"),
    ("ninja", "Django Ninja"),
    ("flask", "Flask"),
    ("apiflask", "Flask"),
    ("quart", "Quart"),
    ("sanic", "Sanic"),
    ("starlette", "Starlette"),
    ("bottle", "Bottle"),
    ("blacksheep", "BlackSheep"),
    ("robyn", "Robyn"),
    ("chalice", "Chalice"),
    ("aws_lambda_powertools", "Powertools for AWS Lambda"),
    ("litestar", "Litestar"),
    ("falcon", "Falcon"),
    ("aiohttp", "aiohttp"),
)
#: What makes a router, and what one is called where it comes from another file.
_ROUTERS = (
    "FastAPI", "APIRouter", "Flask", "APIFlask", "Blueprint", "APIBlueprint", "Namespace", "Quart", "Sanic",
    "Starlette", "Bottle", "RouteTableDef", "Application", "NinjaAPI", "Router", "Chalice", "Robyn", "SubRouter",
    "APIGatewayRestResolver", "APIGatewayHttpResolver", "ALBResolver", "LambdaFunctionUrlResolver",
)  # fmt: skip
_ROUTER_NAME = re.compile(r"(?:app|application|router|routes?|blueprint|bp|api|server|v\d+)$", re.IGNORECASE)
#: Frameworks whose decorators have no router before them.
_BARE = frozenset({"Litestar", "Bottle", "BlackSheep"})
_DJANGO = (b"urlpatterns", b"django.urls", b"django.conf.urls", b"DefaultRouter", b"SimpleRouter", b"rest_framework")


def python_routes(file: ParsedCode) -> Iterator[Fact]:
    """Routes of decorated functions and classes, of calls, and of registries."""
    source = next((name for module, name in _FRAMEWORKS if _imports(module.encode(), file)), "")
    if source:
        yield from _decorated(file, source)
        yield from python_called_routes(file, source)
        if source == "Flask":
            yield from flask_views(file)
    if file.holds(b"tornado.web"):
        yield from tornado_routes(file)
    if file.holds(*_DJANGO):
        yield from django_routes(file)
    if file.holds(b"pyramid"):
        yield from pyramid_routes(file)
    if file.holds(b"masonite"):
        yield from masonite_routes(file)


def _imports(module: bytes, file: ParsedCode) -> bool:
    return file.holds(module) and file.holds(b"import " + module, b"from " + module)


def _decorated(file: ParsedCode, source: str) -> Iterator[Fact]:
    routers = {call.assigned for call in file.calls(*_ROUTERS)}
    for symbol, decorators in file.decorated:
        for item in decorators:
            if item.method not in _ANSWERS:
                continue
            is_bare = source in _BARE and not item.receiver
            if not is_bare and item.receiver not in routers and not _ROUTER_NAME.search(item.receiver):
                continue
            outer = _controller_path(file, symbol) if is_bare else ""
            enclosing = file.symbol_at(symbol.lines.start)
            is_inside = enclosing.rpartition(".")[2] != symbol.name.rpartition(".")[2]
            for path in _paths(item, file, source):
                whole = joined_path(outer, path) if outer else path
                yield route_fact(
                    whole,
                    _methods(item, symbol),
                    source,
                    symbol,
                    owner=item.receiver or (symbol.name.partition(".")[0] if is_bare else ""),
                    target=f"{enclosing}.{symbol.name}" if enclosing and is_inside else symbol.name,
                    symbol=enclosing,
                    text=literal(item.named.get("summary", "")) or "",
                )


def _paths(item: Written, file: ParsedCode, source: str) -> Iterator[str]:
    """A decorator's paths; Bottle and Litestar name none where it is the router's own."""
    written = item.value(0, "path", "rule", "uri")
    if not written and source in _BARE and item.method != "route":
        yield "/"
        return
    listed = literal(written)
    for path in [listed] if listed is not None else paths_of(item, file) or ():
        if not path or path[0] == "/" or path.startswith("${") or source == "Litestar":
            yield path


def _methods(item: Written, symbol: Symbol) -> str:
    """What a decorator answers to; a class answers to every method that it defines."""
    given = methods_in(item.named.get("methods", item.named.get("method", "")))
    is_class = symbol.kind is SymbolKind.CLASS and _ANSWERS[item.method] == "GET" and item.method != "get"
    return given or (ANY if is_class else _ANSWERS[item.method])


def _controller_path(file: ParsedCode, symbol: Symbol) -> str:
    """The path of the class whose method a route is."""
    name = f"{symbol.name.rpartition('.')[0]}.path"
    return next((literal(item.default) or "" for item in file.symbols if item.name == name), "")

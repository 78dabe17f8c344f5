"""HTTP routes and mounted routers that Python's web frameworks declare by calls. Tables first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from agents.codebase.facts.calls import CodeCall, every_call, items
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.routes.name_origins import NameOrigin, origins
from agents.codebase.facts.routes.route_facts import (
    certain_path,
    handler_name,
    methods_in,
    mount_fact,
    route_fact,
    shown_path,
    wrapped_handler,
)
from agents.codebase.facts.routes.route_words import ANY, VERBS, joined_path
from agents.codebase.facts.written import texts_in
from agents.contracts.facts import Fact

_AIOHTTP = (*VERBS, "view", *(f"add_{verb}" for verb in (*VERBS, "view")))
#: What has a prefix from its making on, and what mounts one router on another.
_MADE = ("APIRouter", "Blueprint", "APIBlueprint", "SubRouter", "Namespace")
_INCLUDED = ("include_router", "register_blueprint", "add_router", "blueprint", "add_namespace")
_ADDED = ("add_url_rule", "add_api_route", "add_api_websocket_route", "add_route", "add_websocket_route")


def python_called_routes(file: ParsedCode, source: str) -> Iterator[Fact]:
    """`app.include_router(users.router, prefix="/users")`, `app.add_url_rule("/a", view_func=a)`, `Route("/a", a)`."""
    imported = origins(file)
    readers: dict[str, Callable[[CodeCall], Iterator[Fact]]] = {
        **dict.fromkeys(_MADE, partial(_made, file, source)),
        **dict.fromkeys(_INCLUDED, partial(_included, file, source, imported)),
        **dict.fromkeys(_ADDED, partial(_added, file, source)),
        **dict.fromkeys(("Route", "WebSocketRoute"), partial(_listed, file, source)),
        **(dict.fromkeys(_AIOHTTP, _aiohttp) if source == "aiohttp" else {}),
        "mount": partial(_mounted, source, imported),
        "Router": partial(_routed, file, source),
        "Api": partial(_api, source),
        "add_resource": partial(_resource, file, source),
        "add_subapp": partial(_mounted, source, imported),
    }
    for call in file.calls(*readers):
        yield from readers[call.method](call)


def _made(file: ParsedCode, source: str, call: CodeCall) -> Iterator[Fact]:
    prefix = shown_path(call.value(-1, "prefix", "url_prefix", "path"), file)
    if call.method == "SubRouter":
        prefix = shown_path(call.value(1, "prefix"), file)
    if call.method == "Namespace" and not prefix and call.text(0):
        prefix = f"/{call.text(0)}"  # what flask-restx makes of its name
    if prefix:
        yield mount_fact(prefix, source, call, "", call.assigned)


def _api(source: str, call: CodeCall) -> Iterator[Fact]:
    """`Api(blueprint, prefix="/v1")` of Flask's extensions: its routes are the blueprint's."""
    outer = call.value(0, "app", "blueprint")
    if source == "Flask" and call.assigned and handler_name(outer):
        yield mount_fact(call.text(-1, "prefix"), source, call, outer, call.assigned)


def _included(file: ParsedCode, source: str, imported: dict[str, NameOrigin], call: CodeCall) -> Iterator[Fact]:
    # Django Ninja has the prefix first, flask-restx the path second.
    at = {"add_router": 0, "add_namespace": 1}.get(call.method, -1)
    prefix = shown_path(call.value(at, "prefix", "url_prefix", "path"), file)
    written = call.value(1 if call.method == "add_router" else 0, "router", "blueprint")
    target = "".join((texts_in(written) or [written])[0].split())
    if handler_name(target):
        yield _mount(prefix, source, call, target, imported)


def _mounted(source: str, imported: dict[str, NameOrigin], call: CodeCall) -> Iterator[Fact]:
    if (path := call.text(0, "path", "prefix")).startswith("/"):
        yield _mount(path, source, call, call.value(1, "app"), imported)


def _mount(prefix: str, source: str, call: CodeCall, target: str, imported: dict[str, NameOrigin]) -> Fact:
    """A mounted router by its own name, with the module that it is imported from."""
    first, _, rest = target.partition(".")
    origin = imported.get(first)
    if origin is not None:
        target = f"{origin.name}.{rest}" if rest else origin.name
    return mount_fact(prefix, source, call, call.receiver, target, origin.module if origin is not None else "")


def _routed(file: ParsedCode, source: str, call: CodeCall) -> Iterator[Fact]:
    """`Router(path="/api", route_handlers=[Users, items])` of Litestar."""
    prefix = shown_path(call.value(0, "path"), file)
    for handler in items(call.value(1, "route_handlers")) if source == "Litestar" and prefix else ():
        if handler_name(handler):
            yield mount_fact(prefix, source, call, call.assigned, handler)


def _listed(file: ParsedCode, source: str, call: CodeCall) -> Iterator[Fact]:
    """`Route("/a", a)` of Starlette, in a `Mount` or not."""
    path = certain_path(call.value(0, "path"), file)
    if not path.startswith("/"):
        return
    outer = [item.text(0, "path") for item in call.around() if item.method == "Mount"]
    methods = "WEBSOCKET" if call.method != "Route" else methods_in(call.named.get("methods", "")) or "GET"
    target = call.value(1, "endpoint")
    yield route_fact(joined_path(*reversed(outer), path), methods, source, call, target=target)


def _added(file: ParsedCode, source: str, call: CodeCall) -> Iterator[Fact]:
    at = 1 if source == "aiohttp" else 0  # aiohttp has the method first
    path = certain_path(call.value(at, "rule", "path", "uri"), file)
    if not path.startswith(("/", "${")):
        # Sanic and Robyn have the handler first, or the method.
        at = 1
        path = call.text(at, "uri", "endpoint")
        if not path.startswith("/"):
            return
    target = call.named.get("view_func") or call.value(at + 1, "endpoint", "route", "handler")
    target = call.value(0, "handler") if at == 1 and source == "Sanic" else target
    # A class answers to every method that it defines.
    is_class = ".as_view(" in target or source == "Falcon"
    first = methods_in(call.value(0)) if at == 1 else ""
    methods = first or methods_in(call.named.get("methods", "")) or (ANY if is_class or at == 1 else "GET")
    methods = "WEBSOCKET" if "websocket" in call.method else methods
    plain = target.partition("(")[0].removesuffix(".as_view")
    yield route_fact(path, methods, source, call, owner=call.receiver, target=plain)


def _resource(file: ParsedCode, source: str, call: CodeCall) -> Iterator[Fact]:
    """`api.add_resource(Users, "/users", "/users/<id>")` of Flask-RESTful."""
    for written in call.positional[1:] if source == "Flask" else ():
        if (path := certain_path(written, file)).startswith(("/", "${")):
            yield route_fact(path, ANY, source, call, owner=call.receiver, target=handler_name(call.value(0)))


def flask_views(file: ParsedCode) -> Iterator[Fact]:
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

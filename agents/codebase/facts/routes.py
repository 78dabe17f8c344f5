"""HTTP routes that code declares by decorators or annotations, and by calls. Tables first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from agents.codebase.facts.calls import Call, items, options
from agents.codebase.facts.file import ParsedCode, place
from agents.codebase.facts.written import Written, literal, read_call, texts_in
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Symbol, SymbolKind

_VERBS = ("get", "post", "put", "patch", "delete", "head", "options")
_ANY = "any"
#: Annotations of a method, and what they answer to.
_SPRING = {f"{verb.title()}Mapping": verb.upper() for verb in _VERBS} | {"RequestMapping": _ANY}
_NEST = {verb.title(): verb.upper() for verb in _VERBS} | {"All": _ANY}
_NET = {f"Http{verb.title()}": verb.upper() for verb in _VERBS}
_JAX = {verb.upper(): verb.upper() for verb in _VERBS}
_RUST = {verb: verb.upper() for verb in _VERBS} | {"route": _ANY}
_PYTHON_VERBS = frozenset({*_VERBS, "route", "websocket", "api_route", "trace"})
_PYTHON = (("fastapi", "FastAPI"), ("flask", "Flask"), ("quart", "Quart"), ("sanic", "Sanic"), ("starlette", "Starlette"),
           ("bottle", "Bottle"), ("aiohttp", "aiohttp"), ("litestar", "Litestar"), ("falcon", "Falcon"))  # fmt: skip
_JS = ((b"fastify", "Fastify"), (b"koa", "Koa"), (b"hono", "Hono"), (b"express", "Express"), (b"restify", "restify"))
_JS_ROUTERS = re.compile(r"^(?:\w*[rR]outer|\w*[aA]pp|server|fastify|routes?|api)$")
_GO = ((b"gin-gonic/gin", "gin"), (b"labstack/echo", "echo"), (b"go-chi/chi", "chi"), (b"gorilla/mux", "gorilla/mux"),
       (b"gofiber/fiber", "fiber"), (b"net/http", "net/http"))  # fmt: skip
_GO_PATTERN = re.compile(r"^(?:([A-Z]+)\s+)?([\w.-]*/.*)$")


def routes(file: ParsedCode) -> Iterator[Fact]:
    """The routes that a file declares, and the routers it mounts."""
    reader = _READERS.get(file.language)
    if reader is not None:
        yield from reader(file)


def _route(path: str, methods: str, source: str, call: Call | Symbol, **more: object) -> Fact:
    lines = call.lines if isinstance(call, Symbol) else place(call)
    return Fact.model_validate(
        {"kind": FactKind.ROUTE, "name": path, "type": methods, "source": source, "lines": lines, **more}
    )


def _mount(prefix: str, source: str, call: Call, owner: str, target: str) -> Fact:
    return Fact(kind=FactKind.MOUNT, name=prefix, source=source, lines=place(call), owner=owner, target=target)


def _joined(*parts: str) -> str:
    path = "/".join(part.strip("/") for part in parts if part.strip("/"))
    return f"/{path}" + ("/" if path and parts[-1].endswith("/") and parts[-1] != "/" else "")


def _methods(text: str) -> str:
    return ", ".join(value.upper() for value in texts_in(text)) or ", ".join(
        word for word in re.findall(r"[A-Z]{3,7}", text)
    )


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
        for one in decorators:
            path = literal(one.value(0, "path", "rule", "uri"))
            if one.method not in _PYTHON_VERBS or path is None or not one.receiver or (path and path[0] != "/"):
                continue
            methods = one.method.upper() if one.method in _VERBS else _methods(one.named.get("methods", "")) or "GET"
            if one.method == "websocket":
                methods = "WEBSOCKET"
            yield _route(path, methods, source, symbol, owner=one.receiver, target=symbol.name, symbol=symbol.name)


def _python_called(file: ParsedCode, source: str) -> Iterator[Fact]:
    for call in file.calls("APIRouter", "Blueprint", "include_router", "register_blueprint", "mount", "add_url_rule",
                           "add_api_route", "add_route", "Route", "WebSocketRoute", "Mount"):  # fmt: skip
        if call.method in {"APIRouter", "Blueprint"}:
            if prefix := call.text(-1, "prefix", "url_prefix"):
                yield _mount(prefix, source, call, "", call.assigned)
        elif call.method in {"include_router", "register_blueprint"}:
            yield _mount(call.text(-1, "prefix", "url_prefix"), source, call, call.receiver, call.value(0))
        elif call.method == "mount" and call.text(0).startswith("/"):
            yield _mount(call.text(0), source, call, call.receiver, call.value(1, "app"))
        elif call.method in {"Route", "WebSocketRoute"} and call.text(0, "path").startswith("/"):
            outer = [one.text(0, "path") for one in call.around() if one.method == "Mount"]
            methods = "WEBSOCKET" if call.method != "Route" else _methods(call.named.get("methods", "")) or "GET"
            yield _route(
                _joined(*reversed(outer), call.text(0, "path")), methods, source, call, target=call.value(1, "endpoint")
            )
        elif call.method in {"add_url_rule", "add_api_route", "add_route"} and call.text(0, "rule", "path").startswith(
            "/"
        ):
            target = call.named.get("view_func") or call.value(1, "endpoint")
            methods = _methods(call.named.get("methods", "")) or "GET"
            yield _route(call.text(0, "rule", "path"), methods, source, call, owner=call.receiver, target=target)


def _django(file: ParsedCode) -> Iterator[Fact]:
    for call in file.calls("path", "re_path", "url", "register"):
        pattern = literal(call.value(0))
        if pattern is None or len(call.positional) < 2:
            continue
        if call.method == "register":
            if call.receiver.endswith("router"):
                yield _route(_joined(pattern, "/"), _ANY, "Django REST framework", call, target=call.positional[1])
            continue
        if call.receiver:
            continue
        included = read_call(call.positional[1])
        if included.name == "include":
            yield _mount(pattern, "Django", call, "", included.text(0) or included.value(0))
        else:
            target = re.sub(r"\.as_view\(.*$", "", call.positional[1], flags=re.DOTALL)
            shown = pattern if call.method != "path" else f"/{pattern}"
            yield _route(shown, _ANY, "Django", call, target=target)


def _of_classes(file: ParsedCode, table: Mapping[str, str], owners: tuple[str, ...], source: str) -> Iterator[Fact]:
    """Routes of methods with annotations, below the path of their class."""
    prefixes = {
        symbol.name: prefix
        for symbol, annotations in file.decorated
        for one in annotations
        if one.method in owners and (prefix := _path_of(one)) is not None
    }
    for symbol, annotations in file.decorated:
        if symbol.kind not in {SymbolKind.METHOD, SymbolKind.FUNCTION}:
            continue
        declared = next((one for one in annotations if one.method in table), None)
        if declared is None:
            continue
        # JAX-RS and ASP.NET have the path in an annotation of its own.
        apart = next((one for one in annotations if one.method in {"Path", "Route"}), Written(""))
        own = _path_of(declared) or _path_of(apart) or ""
        owner = symbol.name.rpartition(".")[0]
        methods = _methods(declared.value(-1, "method", "methods")) or table[declared.method]
        path = own if own.startswith("/") and source == "ASP.NET" else _joined(prefixes.get(owner, ""), own)
        plain = owner.rpartition(".")[2].removesuffix("Controller").lower()
        path = path.replace("[controller]", plain).replace("[action]", symbol.name.rpartition(".")[2].lower())
        yield _route(path.lstrip("~"), methods, source, symbol, target=symbol.name, symbol=symbol.name)


def _path_of(one: Written) -> str | None:
    values = texts_in(one.value(0, "path", "value", "Template"))
    return values[0] if values else None


def _jvm(file: ParsedCode) -> Iterator[Fact]:
    if file.holds(b"Mapping"):
        yield from _of_classes(file, _SPRING, ("RequestMapping",), "Spring")
    if file.holds(b"ws.rs"):
        yield from _of_classes(file, _JAX, ("Path", "ApplicationPath"), "JAX-RS")


def _javascript(file: ParsedCode) -> Iterator[Fact]:
    if file.holds(b"@nestjs"):
        yield from _of_classes(file, _NEST, ("Controller",), "NestJS")
    source = next((name for word, name in _JS if word in file.source), "")
    if not source:
        return
    for call in file.calls(*_VERBS, "all", "del", "use", "route", "register"):
        first = next(((base, base.text(0)) for base in call.chain() if base.method == "route"), None)
        receiver = first[0].receiver if first else call.receiver
        if not _JS_ROUTERS.match(receiver.rpartition(".")[2]):
            continue
        if call.method in {"use", "register"}:
            below = options(call.value(1)).get("prefix", "")
            prefix = literal(below) or "" if below else call.text(0)
            target = call.value(0 if below else len(call.positional) - 1)
            if prefix.startswith("/") and re.fullmatch(r"[\w.]+", target):
                yield _mount(prefix, source, call, receiver, target)
        elif call.method == "route":
            given = options(call.value(0))
            if path := literal(given.get("url", given.get("path", ""))):
                yield _route(path, _methods(given.get("method", "")) or _ANY, source, call, owner=receiver,
                             target=_handler(given.get("handler", "")))  # fmt: skip
        else:
            path = first[1] if first else call.text(0)
            handlers = call.positional if first else call.positional[1:]
            if path[:1] in {"/", "*"} and handlers and not handlers[-1].startswith(("{", "'", '"')):
                methods = {"all": _ANY, "del": "DELETE"}.get(call.method, call.method.upper())
                yield _route(path, methods, source, call, owner=receiver, target=_handler(handlers[-1]))


def _handler(text: str) -> str:
    return text if re.fullmatch(r"[\w.$:\\]+", text.strip()) else ""


def _go(file: ParsedCode) -> Iterator[Fact]:
    source = next((name for word, name in _GO if word in file.source), "")
    if not source:
        return
    names = [name for verb in _VERBS for name in (verb.upper(), verb.title())]
    for call in file.calls("HandleFunc", "Handle", "Any", "Group", "Route", "Mount", "PathPrefix", *names):
        shape = _GO_PATTERN.match(call.text(0))
        if call.method in {"Group", "Mount", "PathPrefix"}:
            target = call.value(1).partition("(")[0] if call.method == "Mount" else call.assigned
            if shape and target:
                yield _mount(shape[2], source, call, call.receiver, target)
            continue
        if (shape is None and call.text(0) != "") or len(call.positional) < 2 or call.method == "Route":
            continue
        outer = [one.text(0) for one in call.around() if one.method in {"Route", "Group"} and one.text(0)]
        own = shape[2] if shape else ""
        verb = (shape[1] if shape else "") or (call.method.upper() if call.method in names else "")
        later = next((one for one in call.after() if one.method == "Methods"), None)
        verb = ", ".join(text for value in later.positional if (text := literal(value))) if later else verb
        yield _route(_joined(*reversed(outer), own), verb or _ANY, source, call, owner=call.receiver,
                     target=_handler(call.positional[-1].partition("(")[0]))  # fmt: skip


def _php(file: ParsedCode) -> Iterator[Fact]:
    yield from (
        _of_classes(file, {"Route": _ANY}, ("Route",), "Symfony")
        if file.holds(b"Attribute\\Route", b"Annotation\\Route")
        else ()
    )
    if not file.holds(b"Route::"):
        return
    for call in file.calls(*_VERBS, "any", "match", "resource", "apiResource"):
        base = next(iter([*call.chain()][-1:]), call)
        if base.receiver.rpartition(".")[2] != "Route":
            continue
        at = 1 if call.method == "match" else 0
        path, target = call.text(at), call.value(at + 1)
        outer = [one.text(0) for group in call.around() for one in group.chain() if one.method == "prefix"]
        pair = items(target) if target.startswith("[") else []
        handler = (
            f"{pair[0].partition('::')[0]}.{literal(pair[1]) or ''}"
            if len(pair) == 2
            else (literal(target) or target).replace("@", ".")
        )
        methods = _methods(call.value(0)) if at else "resource" if "esource" in call.method else call.method.upper()
        if path:
            yield _route(_joined(*reversed(outer), path), methods.replace("ANY", _ANY), "Laravel", call,
                         target=_handler(handler.replace("::class", "")))  # fmt: skip


def _ruby(file: ParsedCode) -> Iterator[Fact]:
    rails = file.holds(b"routes.draw")
    if not rails and not file.holds(b"sinatra", b"Sinatra"):
        return
    for call in file.calls(*_VERBS, "root", "resources", "resource", "match"):
        if call.receiver:
            continue
        outer = [
            (one.text(0, "path") if one.method != "resources" else f"{one.text(0)}/:{one.text(0).rstrip('s')}_id")
            for one in call.around()
            if one.method in {"namespace", "scope", "resources", "resource"}
        ]
        path = call.text(0) or next((literal(key) or "" for key in call.named), "")
        target = (call.text(-1, "to") or (call.text(0) if call.method == "root" else "")).replace("#", ".")
        methods = {"root": "GET", "match": _ANY}.get(
            call.method, call.method if "resource" in call.method else call.method.upper()
        )
        if path or target:
            own = "" if call.method == "root" else path
            yield _route(_joined(*reversed(outer), own), methods, "Rails" if rails else "Sinatra", call, target=target)


def _csharp(file: ParsedCode) -> Iterator[Fact]:
    yield from _of_classes(file, _NET, ("Route",), "ASP.NET")
    for call in file.calls("MapGroup", "MapMethods", *(f"Map{verb.title()}" for verb in _VERBS)):
        if call.method == "MapGroup":
            yield _mount(call.text(0), "ASP.NET", call, call.receiver, call.assigned)
        elif len(call.positional) > 1:
            methods = _methods(call.value(1)) if call.method == "MapMethods" else call.method[3:].upper()
            yield _route(
                call.text(0), methods, "ASP.NET", call, owner=call.receiver, target=_handler(call.positional[-1])
            )


def _rust(file: ParsedCode) -> Iterator[Fact]:
    if file.holds(b"actix_web", b"rocket"):
        source = "actix-web" if file.holds(b"actix_web") else "Rocket"
        for symbol, attributes in file.decorated:
            for one in attributes:
                if one.method in _RUST and one.text(0).startswith("/"):
                    yield _route(one.text(0), _RUST[one.method], source, symbol, target=symbol.name, symbol=symbol.name)
    if not file.holds(b"axum", b"actix_web"):
        return
    source = "axum" if file.holds(b"axum") else "actix-web"
    for call in file.calls("route", "nest"):
        path = call.text(0)
        if call.method == "nest" and path:
            yield _mount(path, source, call, call.assigned, call.value(1).partition("(")[0])
        elif path.startswith("/") and len(call.positional) > 1:
            scope = [one.text(0) for one in call.chain() if one.method == "scope"]
            for verb, handler in re.findall(
                r"\b(get|post|put|patch|delete|head|options)\(\)?(?:\.to\()?\s*([\w:]*)", call.positional[1]
            ):
                yield _route(
                    _joined(*scope, path), verb.upper(), source, call, owner=file.symbol_at(call.line), target=handler
                )


_READERS = {
    "python": _python,
    "java": _jvm,
    "kotlin": _jvm,
    **dict.fromkeys(("javascript", "typescript"), _javascript),
    "go": _go,
    "php": _php,
    "ruby": _ruby,
    "csharp": _csharp,
    "rust": _rust,
}

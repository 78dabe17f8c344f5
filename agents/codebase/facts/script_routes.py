"""HTTP routes of JavaScript and TypeScript that a router's methods declare. Tables first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.calls import CodeCall, options
from agents.codebase.facts.class_routes import Annotated, routes_of_classes
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.route_facts import handler_name, methods_in, mount_fact, route_fact
from agents.codebase.facts.route_words import ANY, VERBS
from agents.codebase.facts.written import literal, texts_in
from agents.contracts.facts import Fact

_NAMES = re.compile(r"^(?:\w*[rR]outer|\w*[aA]pp|server|fastify|routes?|api|v\d+)$")
#: What makes a router; its own name is the receiver of a chain that begins with it.
_MAKERS = frozenset({"Router", "KoaRouter", "Hono", "Elysia", "OpenAPIHono", "express", "fastify", "Fastify"})
#: A client has the same methods as a router.
_CLIENTS = re.compile(r"\b(\w+)\s*=\s*(?:await\s+)?(?:axios|got|ky|supertest|request|superagent|new\s+\w*Client)\b")
_JS = (
    (b"fastify", "Fastify"),
    (b"koa", "Koa"),
    (b"hono", "Hono"),
    (b"elysia", "Elysia"),
    (b"express", "Express"),
    (b"restify", "restify"),
)
_NEST = Annotated(
    "NestJS", {verb.title(): verb.upper() for verb in VERBS} | {"All": ANY, "Sse": "GET"}, ("Controller",)
)


def script_routes(file: ParsedCode) -> Iterator[Fact]:
    if file.holds(b"@nestjs"):
        yield from routes_of_classes(file, _NEST)
    source = next((name for word, name in _JS if word in file.source), "")
    if source:
        yield from _called(file, source)


def _called(file: ParsedCode, source: str) -> Iterator[Fact]:
    """Routes and mounted routers of Express and what is like it."""
    clients = set(_CLIENTS.findall(file.source.decode("utf-8", "replace")))
    for call in file.calls(*VERBS, "all", "del", "use", "route", "register", "on", "basePath", "Router"):
        if call.method in {"Router", "basePath"}:
            yield from _prefix(call, source)
            continue
        base = call.first
        receiver = base.receiver.rpartition(".")[2]
        name = base.assigned if base.method in _MAKERS and base is not call else base.receiver
        if receiver in clients or not (_NAMES.match(receiver) or (base is not call and base.method in _MAKERS)):
            continue
        yield from _declared(call, name, source)


def _prefix(call: CodeCall, source: str) -> Iterator[Fact]:
    """`new Router({ prefix: "/api" })` of Koa, `app.basePath("/v1")` of Hono."""
    prefix = call.text(0) if call.method == "basePath" else literal(options(call.value(0)).get("prefix", "")) or ""
    if prefix.startswith("/") and call.assigned:
        yield mount_fact(prefix, source, call, "", call.assigned)


def _declared(call: CodeCall, receiver: str, source: str) -> Iterator[Fact]:
    last = call.positional[-1] if call.positional else ""
    first = next((base for base in call.chain() if base.method == "route" and base.text(0)), None)
    if call.method in {"use", "register"} or (call.method == "route" and source == "Hono"):
        below = options(call.value(1)).get("prefix", "")
        prefix = literal(below) or "" if below else call.text(0)
        target = call.value(0) if below else last
        if prefix.startswith("/") and re.fullmatch(r"[\w.]+", target):
            yield mount_fact(prefix, source, call, receiver, target)
    elif call.method == "route":
        given = options(call.value(0))
        if path := literal(given.get("url", given.get("path", ""))):
            methods = methods_in(given.get("method", "")) or ANY
            target = handler_name(given.get("handler", ""))
            yield route_fact(path, methods, source, call, owner=receiver, target=target)
    elif call.method == "on":
        # Events have a name where Hono has methods.
        verbs = ", ".join(method.upper() for method in texts_in(call.value(0)))
        paths = [path for path in texts_in(call.value(1)) if path.startswith("/")]
        for path in paths if source == "Hono" and verbs and len(call.positional) > 2 else ():
            yield route_fact(path, verbs, source, call, owner=receiver, target=handler_name(last))
    else:
        path = first.text(0) if first else call.text(0)
        handlers = call.positional if first else call.positional[1:]
        if path[:1] in {"/", "*"} and handlers and not last.startswith(("{", "'", '"')):
            methods_of_call = {"all": ANY, "del": "DELETE"}.get(call.method, call.method.upper())
            yield route_fact(path, methods_of_call, source, call, owner=receiver, target=handler_name(last))

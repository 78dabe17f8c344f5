"""HTTP routes of Java and Kotlin that calls declare: Javalin, Spark, Jooby, Vert.x. Tables first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agents.codebase.facts.calls import CodeCall
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.routes.kotlin_blocks import blocks_around
from agents.codebase.facts.routes.route_facts import (
    certain_path,
    handler_name,
    method_reference,
    methods_in,
    mount_fact,
    route_fact,
    shown_path,
)
from agents.codebase.facts.routes.route_words import ANY, VERBS, joined_path
from agents.codebase.facts.written import literal
from agents.contracts.facts import Fact

_ANSWERS = {verb: verb.upper() for verb in VERBS} | {"ws": "WEBSOCKET", "sse": "GET", "crud": "resource"}


@dataclass(frozen=True)
class _CallRouter:
    """A framework, the word by which a file shows that it uses it, the objects whose methods declare its routes.

    `static` is the word of an import by which the methods have no object.
    """

    source: str
    word: bytes
    objects: re.Pattern[str]
    static: bytes


_ROUTERS = (
    _CallRouter("Javalin", b"io.javalin", re.compile(r"(?:\w*[aA]pp|javalin|server|\w+\.routes)$"), b"ApiBuilder"),
    _CallRouter("Spark", b"spark.Spark", re.compile(r"(?:Spark|http|service)$"), b"spark.Spark"),
    _CallRouter("Spark", b"spark.Service", re.compile(r"(?:http|service|spark)$"), b"spark.Spark."),
    _CallRouter("Jooby", b"io.jooby", re.compile(r"(?:app|router)$"), b"io.jooby"),
)
_VERTX = re.compile(r"(?:\w*[rR]outer)$")


def routes_of_routers(file: ParsedCode) -> Iterator[Fact]:
    """Routes that a router's methods declare, below the paths of the blocks around them."""
    router = next((item for item in _ROUTERS if item.word in file.source), None)
    if router is not None:
        for call in file.calls(*_ANSWERS):
            yield from _declared(file, router, call)
    if file.holds(b"io.vertx.ext.web"):
        yield from _vertx(file)


def _declared(file: ParsedCode, router: _CallRouter, call: CodeCall) -> Iterator[Fact]:
    base = call.first
    is_static = not call.receiver and call.before is None
    if is_static and not file.holds(router.static):
        return
    is_made = base is not call and base.name == f"{router.source}.create"
    if not is_static and not is_made and not router.objects.fullmatch(base.receiver):
        return
    outer = [shown_path(item.value(0), file) for item in blocks_around(call) if item.method == "path"]
    path = certain_path(call.value(0), file) if len(call.positional) > 1 else literal(call.value(0)) or ""
    is_own = literal(call.value(0)) is not None
    if not path and not outer and not is_own:
        return
    # The type that a route of Spark accepts stands before its handler.
    at = 0 if not path and not is_own else 2 if call.text(1) else 1
    target = method_reference(call.value(at))
    yield route_fact(joined_path(*reversed(outer), path), _ANSWERS[call.method], router.source, call, target=target)


def _vertx(file: ParsedCode) -> Iterator[Fact]:
    """`router.get("/a").handler(this::a)`, and routers below others."""
    for call in file.calls(*VERBS, "route", "mountSubRouter"):
        if call.before is not None or not _VERTX.fullmatch(call.receiver):
            continue
        methods = methods_in(call.value(0)) if call.method == "route" and call.text(1) else ""
        path = call.text(1 if methods else 0)
        if not path.startswith("/"):
            continue
        handlers = [item for item in call.after() if item.method in {"handler", "blockingHandler", "subRouter"}]
        last = handlers[-1] if handlers else None
        if call.method == "mountSubRouter" or (last is not None and last.method == "subRouter"):
            target = call.value(1) if last is None else last.value(0)
            yield mount_fact(path.removesuffix("/*"), "Vert.x", call, call.receiver, handler_name(target))
        # Without a method, what is made by a handler of Vert.x's own is no answer.
        elif last is not None and not (call.method == "route" and last.value(0).endswith("Handler.create()")):
            verb = methods or (ANY if call.method == "route" else call.method.upper())
            target = method_reference(last.value(0))
            yield route_fact(path, verb, "Vert.x", call, owner=call.receiver, target=target)

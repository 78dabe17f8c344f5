"""HTTP routes of AdonisJS: methods of its router, below the prefixes that stand behind groups."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.calls import CodeCall, items
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.routes.route_facts import handler_name, methods_in, route_fact
from agents.codebase.facts.routes.route_words import ANY, VERBS, joined_path
from agents.codebase.facts.written import literal
from agents.contracts.facts import Fact

_METHODS = {verb: verb.upper() for verb in VERBS} | {"any": ANY, "route": ANY, "resource": "resource", "on": "GET"}
_ROUTER = re.compile(r"^[rR]oute(?:r|s)?$")


def adonis_routes(file: ParsedCode) -> Iterator[Fact]:
    """`router.get("/users", [Users, "index"])` and `Route.group(() => { … }).prefix("/api")`."""
    for call in file.calls(*_METHODS):
        path = literal(call.value(0))
        if path is None or not _ROUTER.match(call.receiver) or (len(call.positional) < 2 and call.method != "on"):
            continue
        groups = [outer for outer in call.around() if outer.method == "group"]
        outer = [_prefix(group) for group in groups]
        methods = methods_in(call.value(1)) if call.method == "route" else _METHODS[call.method]
        target = _handler(call.positional[-1]) if call.method != "on" else ""
        own = _prefix(call)
        yield route_fact(joined_path(*reversed(outer), own, path), methods or ANY, "AdonisJS", call, target=target)


def _prefix(call: CodeCall) -> str:
    return next((later.text(0) for later in call.after() if later.method == "prefix"), "")


def _handler(text: str) -> str:
    """`Users.index` for `[Users, "index"]` and for `"Users.index"`."""
    pair = items(text) if text.startswith("[") else []
    if len(pair) == 2:
        return handler_name(f"{pair[0]}.{literal(pair[1]) or ''}".rstrip("."))
    return handler_name(literal(text) or text)

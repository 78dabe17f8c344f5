"""HTTP routes of Spring's functional routers, in Java and in Kotlin."""

from __future__ import annotations

from collections.abc import Iterator

from agents.codebase.facts.calls import CodeCall
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.routes.kotlin_blocks import blocks_around
from agents.codebase.facts.routes.route_facts import method_reference, route_fact, shown_path
from agents.codebase.facts.routes.route_words import VERBS, joined_path
from agents.codebase.facts.written import literal, read_call
from agents.contracts.facts import Fact

_WORDS = (b"RouterFunction", b"function.server.router", b"function.server.coRouter", b"servlet.function.router")
_ROUTED = frozenset({"route", "andRoute"})
_NESTED = frozenset({"nest", "andNest"})


def spring_router_routes(file: ParsedCode) -> Iterator[Fact]:
    """`route().GET("/a", h::a)`, `route(GET("/a"), h::a)`, `router { GET("/a", h::a) }`."""
    if not file.holds(*_WORDS):
        return
    for call in file.calls(*(verb.upper() for verb in VERBS)):
        around = list(blocks_around(call))
        outer = [prefix for item in around for prefix in (_prefix(item, file),) if prefix]
        has_path = literal(call.value(0)) is not None or len(call.positional) > 1
        path = shown_path(call.value(0), file) if has_path else ""
        if not path and not outer:
            continue
        # A predicate stands in a call that names the handler behind it.
        routed = next((item for item in around if item.method in _ROUTED), None)
        is_predicate = has_path and len(call.positional) == 1 and routed is not None
        handler = call.positional[-1] if len(call.positional) > 1 or not has_path else ""
        handler = routed.value(1) if routed is not None and is_predicate else handler
        target = method_reference(handler)
        yield route_fact(joined_path(*reversed(outer), path), call.method, "Spring", call, target=target)


def _prefix(outer: CodeCall, file: ParsedCode) -> str:
    """The path that a call around a route gives it."""
    if outer.method == "path" and len(outer.positional) > 1:
        return shown_path(outer.value(0), file)
    if outer.method not in _NESTED:
        return ""
    # In Kotlin the path, or a call with it, is what `nest` is a method of.
    before = outer.name.removesuffix(".nest")
    paths = [call.text(0) for call in (read_call(outer.value(0)), read_call(before)) if call.method == "path"]
    return paths[0] if paths else literal(before) or ""

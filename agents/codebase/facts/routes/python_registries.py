"""HTTP routes that Python's frameworks keep in tables of their own: Tornado, Pyramid, Masonite."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.routes.route_facts import handler_name, methods_in, route_fact
from agents.codebase.facts.routes.route_words import ANY, VERBS, joined_path
from agents.codebase.facts.written import literal
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind

_TORNADO = re.compile(
    r"""(?:\b(?:url|URLSpec|Rule)|(?<![\w)\]]))\(\s*r?(?P<quote>["'])(?P<path>/[^"'\n]*)(?P=quote)\s*,\s*"""
    r"""(?P<handler>(?:\w+\.)*\w*(?:Handler|Socket))\b"""
)


def tornado_routes(file: ParsedCode) -> Iterator[Fact]:
    """`(r"/a", Handler)` in a list, and `url(r"/a", Handler)`."""
    text = file.whole_text
    for match in _TORNADO.finditer(text):
        start, end = (text.count("\n", 0, at) + 1 for at in match.span())
        lines = Lines(start=start, end=end)
        yield Fact(
            kind=FactKind.ROUTE, name=match["path"], type=ANY, source="Tornado", lines=lines, target=match["handler"]
        )


def pyramid_routes(file: ParsedCode) -> Iterator[Fact]:
    """`config.add_route("user", "/users/{id}")`, with the view of that name where the file has it."""
    views: dict[str, tuple[str, str]] = {}
    for symbol, decorators in file.decorated:
        for item in decorators:
            if item.method == "view_config" and (name := literal(item.named.get("route_name", ""))):
                views[name] = symbol.name, methods_in(item.named.get("request_method", ""))
    for call in file.calls("add_view"):
        if name := literal(call.named.get("route_name", "")):
            target = handler_name(call.value(0, "view"))
            views[name] = target, methods_in(call.named.get("request_method", ""))
    for call in file.calls("add_route"):
        name, path = call.text(0, "name"), call.text(1, "pattern")
        if name and path and "config" in call.receiver.lower():
            target, methods = views.get(name, ("", ""))
            given = methods_in(call.named.get("request_method", ""))
            yield route_fact(joined_path(path), given or methods or ANY, "Pyramid", call, target=target)


def masonite_routes(file: ParsedCode) -> Iterator[Fact]:
    """`Route.get("/users/@id", "UserController@show")`, in groups or not."""
    for call in file.calls(*VERBS, "any", "resource", "match"):
        at = 1 if call.method == "match" else 0
        if call.receiver != "Route" or not call.text(at) or len(call.positional) < at + 2:
            continue
        outer = [literal(item.named.get("prefix", "")) or "" for item in call.around() if item.method == "group"]
        methods = methods_in(call.value(0)) if at else {"any": ANY, "resource": "resource"}.get(call.method, "")
        target = (literal(call.value(at + 1)) or call.value(at + 1)).replace("@", ".")
        yield route_fact(
            joined_path(*reversed(outer), call.text(at)),
            methods or call.method.upper(),
            "Masonite",
            call,
            target=handler_name(target),
        )

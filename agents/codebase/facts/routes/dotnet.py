"""HTTP routes of C#. Tables first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.calls import CodeCall, every_call
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.routes.classes import Annotated, marks_of, routes_of_classes
from agents.codebase.facts.routes.route_facts import (
    certain_path,
    handler_name,
    methods_in,
    mount_fact,
    route_fact,
    router_of,
)
from agents.codebase.facts.routes.route_words import ANY, VERBS, joined_path
from agents.codebase.facts.written import literal
from agents.contracts.facts import Fact
from agents.contracts.structure import SymbolKind

_NET = Annotated(
    "ASP.NET",
    {f"Http{verb.title()}": verb.upper() for verb in VERBS} | {"AcceptVerbs": ANY},
    ("Route", "RoutePrefix"),
    apart=("Route",),
    alone=True,
)
_MINIMAL = {f"Map{verb.title()}": verb.upper() for verb in VERBS} | {"MapMethods": ANY, "Map": ANY}
_HUB = re.compile(r"^(?:\w+\.)?MapHub<(?:\w+\.)*(\w+)>")


def csharp_routes(file: ParsedCode) -> Iterator[Fact]:
    """Controllers with attributes, and minimal APIs with their groups."""
    yield from routes_of_classes(file, _NET)
    yield from _conventional(file)
    for call in file.calls(*_MINIMAL):
        if len(call.positional) < 2 or not (call.receiver or call.before):
            continue
        path = certain_path(call.value(0), file)
        if call.method == "Map" and not path.startswith("/"):
            continue
        if not path and literal(call.value(0)) is None:
            continue
        outer = [group.text(0) for group in call.chain() if group.method == "MapGroup"]
        yield route_fact(
            joined_path(*reversed(outer), path),
            methods_in(call.value(1)) if call.method == "MapMethods" else _MINIMAL[call.method],
            "ASP.NET",
            call,
            owner=router_of(file, call.first.receiver, call.line),
            target=handler_name(call.positional[-1]),
        )
    for call in file.calls("MapHub"):
        hub = _HUB.match(file.text(call.node)) if call.node is not None else None
        if hub is not None and call.text(0):
            yield route_fact(joined_path(call.text(0)), "WEBSOCKET", "ASP.NET", call, target=hub[1])
    yield from _groups(file)


def _groups(file: ParsedCode) -> Iterator[Fact]:
    """Groups with a name, and those given to a function that puts its routes into them."""
    groups: set[str] = set()
    for call in file.calls("MapGroup"):
        groups.add(call.assigned)
        function = _mapping(call)
        owner = router_of(file, call.receiver, call.line)
        if call.assigned or function:
            yield mount_fact(call.text(0), "ASP.NET", call, owner, call.assigned or function)
    groups.discard("")
    for call in every_call("csharp", file.root, file.source) if groups else ():
        if call.receiver in groups and call.method.startswith("Map") and not call.positional:
            yield mount_fact("", "ASP.NET", call, call.receiver, call.method)


def _mapping(group: CodeCall) -> str:
    """The function that gets a group without a name: `app.MapGroup("/a").MapThings()`."""
    return next((call.method for call in group.after() if call.method.startswith("Map") and not call.positional), "")


def _conventional(file: ParsedCode) -> Iterator[Fact]:
    """Public methods without attributes, whose class has `[action]` in its path."""
    if not file.holds(b"[action]"):
        return
    classes: dict[str, str] = {}
    for symbol in file.symbols if file.holds(b"Controller") else ():
        marks = list(marks_of(symbol)) if symbol.kind is SymbolKind.CLASS else []
        path = next((mark.text(0) for mark in marks if mark.method == "Route" and "[action]" in mark.text(0)), "")
        if path:
            area = next((mark.text(0) for mark in marks if mark.method == "Area"), "")
            classes[symbol.name] = path.replace("[area]", area.lower())
    for symbol in file.symbols:
        owner, _, name = symbol.name.rpartition(".")
        is_action = symbol.kind is SymbolKind.METHOD and re.match(r"public (?!static|override)", symbol.signature)
        if owner not in classes or not is_action or symbol.decorators or name == owner.rpartition(".")[2]:
            continue
        plain = owner.rpartition(".")[2].removesuffix("Controller").lower()
        path = classes[owner].replace("[controller]", plain).replace("[action]", name.removesuffix("Async").lower())
        if "[" not in path:
            yield route_fact(joined_path(path), ANY, "ASP.NET", symbol, target=symbol.name, symbol=symbol.name)

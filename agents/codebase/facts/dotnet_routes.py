"""HTTP routes of C#. Tables first."""

from __future__ import annotations

from collections.abc import Iterator

from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.route_facts import handler_name, methods_in, mount_fact, route_fact, routes_of_classes
from agents.codebase.facts.route_words import VERBS
from agents.contracts.facts import Fact

_NET = {f"Http{verb.title()}": verb.upper() for verb in VERBS}


def csharp_routes(file: ParsedCode) -> Iterator[Fact]:
    yield from routes_of_classes(file, _NET, ("Route",), "ASP.NET")
    for call in file.calls("MapGroup", "MapMethods", *(f"Map{verb.title()}" for verb in VERBS)):
        if call.method == "MapGroup":
            yield mount_fact(call.text(0), "ASP.NET", call, call.receiver, call.assigned)
        elif len(call.positional) > 1:
            methods = methods_in(call.value(1)) if call.method == "MapMethods" else call.method[3:].upper()
            yield route_fact(
                call.text(0), methods, "ASP.NET", call, owner=call.receiver, target=handler_name(call.positional[-1])
            )

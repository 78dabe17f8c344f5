"""HTTP routes of Ruby: which reader is for which framework, and those of Sinatra and Hanami."""

from __future__ import annotations

from collections.abc import Iterator

from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.routes.grape import grape_routes, roda_routes
from agents.codebase.facts.routes.rails import rails_routes
from agents.codebase.facts.routes.route_facts import handler_name, route_fact
from agents.codebase.facts.routes.route_words import VERBS, joined_path
from agents.contracts.facts import Fact

_OUTER = frozenset({"namespace", "scope", "slice"})


def ruby_routes(file: ParsedCode) -> Iterator[Fact]:
    """Routes that a file of routes draws, and those of applications that are their own router."""
    if file.holds(b"routes.draw"):
        yield from rails_routes(file)
    elif file.holds(b"Hanami::Routes"):
        yield from _plain(file, "Hanami")
    elif file.holds(b"sinatra", b"Sinatra"):
        yield from _plain(file, "Sinatra")
    if file.holds(b"Grape::API"):
        yield from grape_routes(file)
    if file.holds(b"Roda"):
        yield from roda_routes(file)


def _plain(file: ParsedCode, source: str) -> Iterator[Fact]:
    """`get "/a" do … end`, and `get "/a", to: "books.show"`."""
    for call in file.calls(*VERBS, "root"):
        path = "/" if call.method == "root" else call.text(0)
        if call.receiver or not path or (call.method == "root" and source == "Sinatra"):
            continue
        outer = [item.text(-1, "at") or item.text(0) for item in call.around() if item.method in _OUTER]
        method = "GET" if call.method == "root" else call.method.upper()
        target = handler_name(call.text(-1, "to").replace("#", "."))
        yield route_fact(joined_path(*reversed(outer), path), method, source, call, target=target)

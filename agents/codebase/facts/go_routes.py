"""HTTP routes of Go. Tables first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.route_facts import handler_name, methods_in, mount_fact, route_fact
from agents.codebase.facts.route_words import ANY, VERBS, joined_path
from agents.codebase.facts.written import literal
from agents.contracts.facts import Fact

_GO = (
    (b"gin-gonic/gin", "gin"),
    (b"labstack/echo", "echo"),
    (b"go-chi/chi", "chi"),
    (b"gorilla/mux", "gorilla/mux"),
    (b"gofiber/fiber", "fiber"),
    (b"net/http", "net/http"),
)
_GO_PATTERN = re.compile(r"^(?:([A-Z]+)\s+)?([\w.-]*/.*)$")

#: Methods whose first argument is an HTTP method, or a list of them.
_GO_METHOD_FIRST = ("Handle", "Method", "MethodFunc", "Add", "Match")


def _go_method(text: str) -> str:
    """The HTTP method of `"GET"` or `http.MethodGet`."""
    return literal(text) or (text.rpartition(".Method")[2].upper() if ".Method" in text else "")


def go_routes(file: ParsedCode) -> Iterator[Fact]:
    source = next((name for word, name in _GO if word in file.source), "")
    if not source:
        return
    names = [name for verb in VERBS for name in (verb.upper(), verb.title())]
    others = ("HandleFunc", "Handle", "Any", "All", "Group", "Route", "Mount", "PathPrefix", *_GO_METHOD_FIRST)
    for call in file.calls(*others, *names):
        # Some take the method, or several, before the path.
        first = methods_in(call.value(0)) if call.method in _GO_METHOD_FIRST and call.text(1) else ""
        if call.method in _GO_METHOD_FIRST and not first and call.method != "Handle":
            continue
        at = 1 if first else 0
        shape = _GO_PATTERN.match(call.text(at))
        if call.method in {"Group", "Mount", "PathPrefix"}:
            target = call.value(1).partition("(")[0] if call.method == "Mount" else call.assigned
            if shape and target:
                yield mount_fact(shape[2], source, call, call.receiver, target)
            continue
        # A path that is no text of the file is not known; an empty one is that of the group around it.
        if (shape is None and literal(call.value(at)) != "") or len(call.positional) < at + 2 or call.method == "Route":
            continue
        outer = [item.text(0) for item in call.around() if item.method in {"Route", "Group"} and item.text(0)]
        own = shape[2] if shape else ""
        verb = first or (shape[1] if shape else "") or (call.method.upper() if call.method in names else "")
        later = next((item for item in call.after() if item.method == "Methods"), None)
        verb = ", ".join(filter(None, map(_go_method, later.positional))) if later else verb
        # A pattern of net/http may begin with a host.
        yield route_fact(
            joined_path(*reversed(outer), own) if outer or own[:1] in {"", "/"} else own,
            verb or ANY,
            source,
            call,
            owner=call.receiver,
            target=handler_name(call.positional[-1].partition("(")[0]),
        )

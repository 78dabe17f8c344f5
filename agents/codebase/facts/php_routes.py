"""HTTP routes of PHP. Tables first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.calls import items
from agents.codebase.facts.class_routes import Annotated, routes_of_classes
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.route_facts import handler_name, methods_in, route_fact
from agents.codebase.facts.route_words import ANY, VERBS, joined_path
from agents.codebase.facts.written import literal
from agents.contracts.facts import Fact

_SYMFONY = Annotated("Symfony", {"Route": ANY}, ("Route",))


def php_routes(file: ParsedCode) -> Iterator[Fact]:
    yield from (routes_of_classes(file, _SYMFONY) if file.holds(b"Attribute\\Route", b"Annotation\\Route") else ())
    if file.holds(b"use Slim\\"):
        yield from _slim(file)
    if not file.holds(b"Route::"):
        return
    for call in file.calls(*VERBS, "any", "match", "resource", "apiResource"):
        base = call.first
        if base.receiver.rpartition(".")[2] != "Route":
            continue
        at = 1 if call.method == "match" else 0
        path, target = call.text(at), call.value(at + 1)
        outer = [item.text(0) for group in call.around() for item in group.chain() if item.method == "prefix"]
        pair = items(target) if target.startswith("[") else []
        handler = (
            f"{pair[0].partition('::')[0]}.{literal(pair[1]) or ''}"
            if len(pair) == 2
            else (literal(target) or target).replace("@", ".")
        )
        methods = methods_in(call.value(0)) if at else "resource" if "esource" in call.method else call.method.upper()
        if path:
            yield route_fact(
                joined_path(*reversed(outer), path),
                methods.replace("ANY", ANY),
                "Laravel",
                call,
                target=handler_name(handler.replace("::class", "")),
            )


def _slim(file: ParsedCode) -> Iterator[Fact]:
    for call in file.calls(*VERBS, "any", "map"):
        at = 1 if call.method == "map" else 0
        if not re.fullmatch(r"\$?(?:app|group|router?)", call.receiver) or not call.text(at).startswith("/"):
            continue
        outer = [item.text(0) for item in call.around() if item.method == "group"]
        methods = methods_in(call.value(0)) if at else call.method.upper().replace("ANY", ANY)
        target = handler_name(call.value(at + 1).replace("::class", ""))
        yield route_fact(joined_path(*reversed(outer), call.text(at)), methods, "Slim", call, target=target)

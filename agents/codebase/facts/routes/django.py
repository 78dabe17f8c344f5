"""HTTP routes of Django and of Django REST framework: patterns, included modules, registered view sets."""

from __future__ import annotations

from collections.abc import Iterator

from agents.codebase.facts.calls import CodeCall, items
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.routes.name_origins import NameOrigin, origins
from agents.codebase.facts.routes.route_facts import (
    handler_name,
    methods_in,
    mount_fact,
    route_fact,
    shown_path,
    wrapped_handler,
)
from agents.codebase.facts.routes.route_words import ANY
from agents.codebase.facts.written import literal, read_call
from agents.contracts.facts import Fact

_PATTERNS = ("path", "re_path", "url")
_NESTED = ("NestedSimpleRouter", "NestedDefaultRouter")
_ROUTERS = ("DefaultRouter", "SimpleRouter", *_NESTED)
_REST = "Django REST framework"


def django_routes(file: ParsedCode) -> Iterator[Fact]:
    """`path("a/", view)`, `path("b/", include("app.urls"))`, `router.register("c", ViewSet)`."""
    imported = origins(file)
    routers = {call.assigned for call in file.calls(*_ROUTERS)}
    for call in file.calls(*_PATTERNS, "register"):
        pattern = shown_path(call.value(0, "route", "prefix", "regex"), file)
        view = call.value(1, "view", "viewset")
        if not view or (not pattern and literal(call.value(0, "route", "prefix", "regex")) is None):
            continue
        if call.method == "register":
            if call.receiver in routers or call.receiver.endswith("router"):
                yield from _registered(call, pattern, view, imported)
        elif not call.receiver:
            yield from _pattern(call, pattern, view, imported)
    yield from _actions(file)
    for call in file.calls(*_NESTED):
        above, name = call.value(0), call.text(2, "lookup")
        if call.text(1) and name and call.assigned:
            yield mount_fact(f"{call.text(1)}/{{{name}_pk}}/", _REST, call, above, call.assigned)


def _registered(call: CodeCall, pattern: str, view: str, imported: dict[str, NameOrigin]) -> Iterator[Fact]:
    path = f"/{pattern.strip('/')}/" if pattern.strip("/") else "/"
    yield route_fact(path, ANY, _REST, call, owner=call.receiver, target=view)
    # A view set has actions of its own below its path.
    origin = imported.get(view.partition(".")[0], NameOrigin("", ""))
    if handler_name(view):
        target = view if "." in view else origin.name or view
        yield mount_fact(path, _REST, call, call.receiver, target, origin.module)


def _pattern(call: CodeCall, pattern: str, view: str, imported: dict[str, NameOrigin]) -> Iterator[Fact]:
    around = [item for item in call.around() if item.method in _PATTERNS and not item.receiver]
    outer = "".join((literal(item.value(0)) or "").removesuffix("$") for item in reversed(around))
    whole = outer + (pattern.removeprefix("^") if outer else pattern)
    included = read_call(view)
    if included.name == "include":
        given = included.value(0, "arg")
        if given.startswith("["):
            return  # a list, whose patterns are read one by one
        given = items(given)[0] if given.startswith("(") and items(given) else given
        name = literal(given)
        router = given.removesuffix(".urls")
        origin = imported.get(router, NameOrigin("", ""))
        # A module that is imported stands for the name of its file.
        yield mount_fact(whole, "Django", call, "", name or origin.name or router, "" if name else origin.module)
    else:
        visible = f"/{whole}" if call.method == "path" and not whole.startswith("^") else whole
        yield route_fact(visible, ANY, "Django", call, target=wrapped_handler(view))


def _actions(file: ParsedCode) -> Iterator[Fact]:
    """`@action(detail=True, methods=["post"])` at a view set's method."""
    if not file.holds(b"rest_framework"):
        return
    for symbol, decorators in file.decorated:
        for item in decorators:
            owner, _, name = symbol.name.rpartition(".")
            if item.name not in {"action", "decorators.action"} or not owner:
                continue
            detail = "{pk}/" if item.named.get("detail", item.value(0)) == "True" else ""
            path = literal(item.named.get("url_path", "")) or name
            methods = methods_in(item.named.get("methods", "")) or "GET"
            yield route_fact(
                f"/{detail}{path}/", methods, _REST, symbol, owner=owner, target=symbol.name, symbol=symbol.name
            )

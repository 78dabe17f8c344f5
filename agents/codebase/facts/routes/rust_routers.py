"""HTTP routes of Rust that calls declare: axum, actix-web, poem, salvo."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.calls import CodeCall
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.routes.route_facts import certain_path, mount_fact, route_fact
from agents.codebase.facts.routes.route_words import ANY, VERBS, joined_path
from agents.contracts.facts import Fact

_HANDLERS = re.compile(rf"\b({'|'.join(VERBS)}|any)(?:_service)?\(\)?(?:\.to\()?\s*([\w:]*)")
#: Pieces of a chain, each of dozens of calls.
_LONGEST = 20
_FUNCTION = re.compile(r"^[\w:]+$")


def routes_of_rust_routers(file: ParsedCode, source: str) -> Iterator[Fact]:
    """`Router::new().route("/a", get(a)).nest("/b", b::router())`, scopes and resources of actix-web."""
    if source == "salvo":
        yield from _salvo(file)
        return
    for call in file.calls("route", "at", "nest", "merge", *(("to",) if source == "actix-web" else ())):
        if call.method in {"nest", "merge"}:
            yield from _nested(file, source, call)
        elif call.method == "to":
            yield from _resource(file, call)
        else:
            yield from _declared(file, source, call)


def _declared(file: ParsedCode, source: str, call: CodeCall) -> Iterator[Fact]:
    path = certain_path(call.value(0), file) if len(call.positional) > 1 else ""
    handlers = _HANDLERS.findall(call.value(1 if path else 0))
    if not path:
        resource = next((item for item in call.chain() if item.method == "resource"), None)
        path = resource.text(0) if resource is not None else ""
    if source == "actix-web":
        path = joined_path(actix_scope(call), path) if path else ""
    else:
        nests = [item.text(0) for item in call.around() if item.method == "nest" and item.text(0)]
        path = joined_path(*reversed(nests), path) if nests else path
    owner = _router(file, call, source)
    for verb, handler in handlers if path.startswith("/") else ():
        methods = ANY if verb == "any" else verb.upper()
        yield route_fact(path, methods, source, call, owner=owner, target=handler)


def _nested(file: ParsedCode, source: str, call: CodeCall) -> Iterator[Fact]:
    """A router below another: one that a name stands for, or that a function makes."""
    written = call.value(0 if call.method == "merge" else 1)
    target = written.partition("(")[0].strip().removesuffix(".clone")
    prefix = "" if call.method == "merge" else call.text(0)
    outer = [item.text(0) for item in call.around() if item.method == "nest" and item.text(0)]
    if (
        _FUNCTION.match(target)
        and not re.search(r"(?:^|::)\w*(?:Router|Route)::", f"{target}::")
        and (prefix or call.method == "merge")
    ):
        path = joined_path(*reversed(outer), prefix) if outer or prefix else ""
        yield mount_fact(path, source, call, _router(file, call, source), target.replace("::", "."))


def _resource(file: ParsedCode, call: CodeCall) -> Iterator[Fact]:
    """`web::resource("/a").to(a)`, which answers to every method."""
    if call.before is not None and call.before.name == "web.resource":
        path = joined_path(actix_scope(call), call.before.text(0))
        target = call.value(0) if _FUNCTION.match(call.value(0)) else ""
        yield route_fact(path, ANY, "actix-web", call, owner=file.symbol_at(call.line), target=target)


def actix_scope(call: CodeCall) -> str:
    """The path of the scopes that a call stands in or is a method of; empty for none."""
    scopes = [item.text(0) for outer in (call, *call.around()) for item in outer.chain() if item.method == "scope"]
    return joined_path(*reversed(scopes)) if scopes else ""


def _router(file: ParsedCode, call: CodeCall, source: str) -> str:
    """What a router is called outside: its variable, or the function that makes it."""
    symbol = file.symbol_around(call.line)
    outermost = next((item for item in reversed(list(call.around())) if item.method == "nest"), call)
    # What a long chain is assigned to stands at its last call.
    last = outermost
    for _ in range(_LONGEST):
        later = list(last.after())
        if not later:
            break
        last = later[-1]
    name = last.assigned or outermost.first.receiver
    if symbol is None:
        return name
    if source == "actix-web" or not name.isidentifier() or name[0].isupper():
        return symbol.name
    is_returned = re.search(
        rf"(?:[;{{}}\n]\s*|\bOk\(|\breturn ){name}\)?\s*;?\s*\}}\s*$", file.written(symbol.lines)[-200:]
    )
    is_given = re.search(rf"[(,\s]{name}:", symbol.signature)
    return symbol.name if is_returned or is_given else name


def _salvo(file: ParsedCode) -> Iterator[Fact]:
    """`Router::with_path("users").get(list).push(Router::with_path("<id>").get(show))`."""
    for call in file.calls(*VERBS):
        if call.first.receiver != "Router" or call.before is None or len(call.positional) != 1:
            continue
        levels = [call, *(item for item in call.around() if item.method == "push")]
        outer = [item.text(0) for level in levels for item in level.chain() if item.method in {"path", "with_path"}]
        target = call.value(0) if _FUNCTION.match(call.value(0)) else ""
        owner = file.symbol_at(call.line)
        yield route_fact(joined_path(*reversed(outer)), call.method.upper(), "salvo", call, owner=owner, target=target)

"""HTTP routes of Vapor, in Swift: methods of applications and groups, and collections of routes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import tree_sitter

from agents.codebase.facts.file import ParsedCode, place_at
from agents.codebase.facts.routes.route_facts import handler_name
from agents.codebase.facts.routes.route_words import VERBS, joined_path
from agents.codebase.facts.written import literal
from agents.codebase.structure.deadline import in_order
from agents.codebase.structure.grammars import query
from agents.contracts.facts import Fact, FactKind

_GROUPS = frozenset({"group", "grouped"})
_METHODS = frozenset({*VERBS, "on", "webSocket", "register", *_GROUPS})
_COMPONENT = re.compile(r"^\.(constant|parameter)\(\"([^\"]*)\"\)$")
_MADE = re.compile(r"^([A-Z]\w*)\(")
_ROUTER = re.compile(r"\b(\w+): (?:any )?(?:Application|RoutesBuilder)\b")
_NAMES = re.compile(r"^(?:app|application|routes?|router|api|v\d+|\w*Routes?)$")
_NAMED_GROUP = re.compile(r"(?:let|var) (\w+) ?= ?[^\n]{0,200}?\.grouped\(|\.group\([^\n]{0,200}?\{ ?(\w+) in\b")
_FAR = 40


@dataclass(frozen=True)
class _SwiftCall:
    """A call of a method: whose, which, with what; `has_block` is a closure behind it."""

    node: tree_sitter.Node
    receiver: str
    method: str
    positional: tuple[str, ...]
    named: dict[str, str]
    has_block: bool


def vapor_routes(file: ParsedCode) -> Iterator[Fact]:
    """`app.get("users", ":id") { … }`, `users.post(use: create)`, `app.register(collection: Users())`."""
    if not file.holds(b"import Vapor"):
        return
    text = file.whole_text
    routers = {name for pair in _NAMED_GROUP.findall(text) for name in pair} | set(_ROUTER.findall(text))
    for node in in_order(query("swift", "(call_expression) @call"), file.root, "call"):
        call = _read(file, node)
        if call is None or call.method not in _METHODS:
            continue
        if call.receiver not in routers and not _NAMES.match(call.receiver):
            continue
        outer = [item for item in _around(file, node) if item.method == "group"]
        before = [path for item in reversed(outer) for path in _components(item.positional) or []]
        owner = _owner(file, outer[-1] if outer else call)
        if call.method == "register":
            if made := _MADE.match(call.named.get("collection", "")):
                yield _fact(FactKind.MOUNT, joined_path(*before) if before else "", call, owner, target=made[1])
        elif call.method == "grouped":
            components = _components(call.positional)
            if name := _assigned(file, node):
                path = joined_path(*before, *(components or [])) if before or components else ""
                yield _fact(FactKind.MOUNT, path, call, owner, target=name)
        elif call.method not in _GROUPS and (call.has_block or "use" in call.named or "onUpgrade" in call.named):
            yield from _route(file, call, before, owner)


def _route(file: ParsedCode, call: _SwiftCall, before: list[str], owner: str) -> Iterator[Fact]:
    given = call.positional[1:] if call.method == "on" else call.positional
    components = _components(given)
    if components is None:
        return
    method = {"on": call.positional[0].lstrip(".") if call.positional else "", "webSocket": "WEBSOCKET"}
    symbol = file.symbol_at(call.node.start_point[0] + 1)
    name = handler_name(call.named.get("use", "").removeprefix("self."))
    target = f"{symbol.rpartition('.')[0]}.{name}" if name and "." in symbol and "." not in name else name
    methods = method.get(call.method, call.method.upper())
    yield _fact(FactKind.ROUTE, joined_path(*before, *components), call, owner, target=target, methods=methods)


def _fact(kind: FactKind, name: str, call: _SwiftCall, owner: str, *, target: str, methods: str = "") -> Fact:
    lines = place_at(call.node)
    return Fact(kind=kind, name=name, type=methods, source="Vapor", lines=lines, owner=owner, target=target)


def _components(written: tuple[str, ...]) -> list[str] | None:
    """The parts of a path; none for what is no text, as a middleware, None where one of several is none."""
    listed = []
    for text in written:
        component = _COMPONENT.match(text)
        value = (
            literal(text) if component is None else component[2] if component[1] == "constant" else f":{component[2]}"
        )
        listed.append({".anything": "*", ".catchall": "**"}.get(text, value))
    if any(item is None for item in listed):
        return None if any(item is not None for item in listed) else []
    return [item for item in listed if item]


def _owner(file: ParsedCode, call: _SwiftCall) -> str:
    """The router of a call: its variable, or the collection whose `boot` is given it."""
    symbol = file.symbol_around(call.node.start_point[0] + 1)
    given = _ROUTER.findall(symbol.signature) if symbol is not None else []
    if symbol is None or call.receiver not in given:
        return call.receiver
    return symbol.name.removesuffix(".boot")


def _around(file: ParsedCode, node: tree_sitter.Node) -> Iterator[_SwiftCall]:
    above = node.parent
    for _ in range(_FAR):
        if above is None:
            return
        call = _read(file, above) if above.type == "call_expression" else None
        if call is not None:
            yield call
        above = above.parent


def _assigned(file: ParsedCode, node: tree_sitter.Node) -> str:
    above = node.parent
    name = above.child_by_field_name("name") if above is not None and above.type == "property_declaration" else None
    return file.text(name) if name is not None else ""


def _read(file: ParsedCode, node: tree_sitter.Node) -> _SwiftCall | None:
    """A call of a method; None for a call of anything else."""
    callee, suffix = node.named_children[0], node.named_children[-1]
    target, method = callee.child_by_field_name("target"), callee.child_by_field_name("suffix")
    if callee.type != "navigation_expression" or suffix.type != "call_suffix" or target is None or method is None:
        return None
    positional: list[str] = []
    named: dict[str, str] = {}
    holder = next((child for child in suffix.named_children if child.type == "value_arguments"), None)
    for argument in holder.named_children if holder is not None else ():
        label, value = argument.child_by_field_name("name"), argument.child_by_field_name("value")
        if value is not None and label is not None:
            named[file.text(label)] = file.text(value)
        elif value is not None:
            positional.append(file.text(value))
    has_block = any(child.type == "lambda_literal" for child in suffix.named_children)
    return _SwiftCall(node, file.text(target), file.text(method).lstrip("."), tuple(positional), named, has_block)

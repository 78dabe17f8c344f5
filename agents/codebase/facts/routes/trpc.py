"""Procedures of tRPC: what a router answers by name, in routers inside routers."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter

from agents.codebase.facts.calls import read
from agents.codebase.facts.file import ParsedCode, place_at
from agents.codebase.facts.routes.name_origins import NameOrigin, origins
from agents.contracts.facts import Fact, FactKind

_MAKERS = ("router", "createTRPCRouter", "createRouter")
_ANSWERS = frozenset({"query", "mutation", "subscription"})
_NAME = re.compile(r"^[A-Za-z_$][\w$]*$")


def trpc_routes(file: ParsedCode) -> Iterator[Fact]:
    """`t.router({ users: t.procedure.query(list), posts: postRouter })`."""
    imported = origins(file)
    for call in file.calls(*_MAKERS):
        if any(outer.method in _MAKERS for outer in call.around()) or call.node is None:
            continue
        yield from _procedures(file, call.node, "", call.assigned, imported)


def _procedures(
    file: ParsedCode, maker: tree_sitter.Node, prefix: str, owner: str, imported: dict[str, NameOrigin]
) -> Iterator[Fact]:
    given = maker.child_by_field_name("arguments")
    listed = given.named_children[0] if given is not None and given.named_children else None
    for pair in listed.named_children if listed is not None and listed.type == "object" else ():
        key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
        if pair.type == "shorthand_property_identifier":
            key = value = pair
        if key is None or value is None:
            continue
        name = prefix + file.text(key).strip("'\"")
        if value.type == "call_expression":
            call = read(value, file.source)
            if call.method in _ANSWERS:
                handler = call.value(0) if _NAME.match(call.value(0)) else ""
                yield _fact(FactKind.ROUTE, name, pair, owner, handler, call.method)
            elif call.method in _MAKERS:
                yield from _procedures(file, value, f"{name}.", owner, imported)
        elif value.type in {"identifier", "shorthand_property_identifier"} and owner:
            origin = imported.get(file.text(value), NameOrigin("", ""))
            yield _fact(FactKind.MOUNT, name, pair, owner, origin.name or file.text(value), origin.module)


def _fact(kind: FactKind, name: str, node: tree_sitter.Node, owner: str, target: str, word: str) -> Fact:
    return Fact(kind=kind, name=name, source="tRPC", lines=place_at(node), owner=owner, target=target, type=word)

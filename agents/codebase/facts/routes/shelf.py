"""Routes of shelf_router, in Dart: annotations of methods, and methods of routers. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.codebase.facts.routes.route_words import ANY, VERBS
from agents.codebase.facts.written import read_call
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Structure

_COMMENT: Final = re.compile(r"^[ \t]*//.*$", re.MULTILINE)
_CALLED: Final = re.compile(
    rf"(?P<receiver>\b\w*[rR]outer|\b\w*[aA]pp|\.)\.(?P<verb>{'|'.join(VERBS)}|all|mount)\(\s*"
    r"""r?(?P<quote>["'])(?P<path>/[^"'\n]*)(?P=quote)\s*,\s*(?P<handler>[\w.]*)"""
)


def shelf_routes(structure: Structure, text: str) -> Iterator[Fact]:
    """`@Route.get('/a')` at a method, `router.get('/a', handler)`, and routers mounted on others."""
    if "shelf_router" not in text:
        return
    for symbol in structure.symbols:
        for mark in map(read_call, symbol.decorators):
            verb = mark.method if mark.receiver == "Route" else mark.text(0) if mark.name == "Route" else ""
            path = mark.text(1 if mark.name == "Route" else 0)
            if verb and path.startswith("/"):
                name = symbol.name
                yield _fact(FactKind.ROUTE, path, symbol.lines, name.rpartition(".")[0], name, verb)
    code = _COMMENT.sub("", text)
    for match in _CALLED.finditer(code):
        line = code.count("\n", 0, match.start()) + 1
        lines, owner = Lines(start=line, end=line), _owner(structure, line)
        if match["verb"] == "mount":
            yield _fact(FactKind.MOUNT, match["path"], lines, owner or "app", match["handler"].partition(".")[0], "")
        else:
            handler = (
                "" if re.match(r"\s*(?:async\b|\{|=>)", code[match.end() : match.end() + 20]) else match["handler"]
            )
            yield _fact(FactKind.ROUTE, match["path"], lines, owner, handler, match["verb"])


def _owner(structure: Structure, line: int) -> str:
    """The class, or the variable, in which a router is made."""
    around = [item for item in structure.symbols if item.lines.start <= line <= item.lines.end]
    return min(around, key=lambda item: item.lines.start).name if around else ""


def _fact(kind: FactKind, path: str, lines: Lines, owner: str, target: str, verb: str) -> Fact:
    methods = ANY if verb == "all" else verb.upper()
    return Fact(kind=kind, name=path, source="shelf", lines=lines, owner=owner, target=target, type=methods)

"""Classes that are routes of Ktor: `@Resource("/a") class A`, and what answers them by `get<A> { … }`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import tree_sitter

from agents.codebase.facts.calls import CodeCall
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.routes.route_words import joined_path
from agents.codebase.facts.written import literal
from agents.codebase.structure.deadline import in_order
from agents.codebase.structure.grammars import query
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Symbol, SymbolKind

#: Kotlin's grammar takes `get<A> { … }` for two comparisons.
_COMPARED: Final = "(binary_expression (binary_expression) (lambda_literal)) @typed"
_WRITTEN: Final = re.compile(r"^(\w+)\s*<\s*([\w.]+)(?:<[^<>]*>)?\s*[,>]")
_MARKS: Final = frozenset({"Resource", "Location"})
_FAR: Final = 10


@dataclass(frozen=True)
class KtorResource:
    """A class with its own part of a path, and the class whose path comes before it."""

    symbol: Symbol
    path: str
    parent: str


def resources_of(file: ParsedCode) -> dict[str, KtorResource]:
    """The classes of a file that are routes, by their names."""
    paths: dict[str, tuple[Symbol, str]] = {}
    for symbol, marks in file.decorated:
        path = next((literal(mark.value(0, "path")) for mark in marks if mark.method in _MARKS), None)
        if path is not None:
            paths[symbol.name] = (symbol, path)
    types: dict[str, list[str]] = {}
    for symbol in file.symbols if paths else ():
        if symbol.kind is SymbolKind.PROPERTY:
            types.setdefault(symbol.name.rpartition(".")[0], []).append(symbol.type.rstrip("?"))
    return {
        name: KtorResource(
            symbol, path, next((named for type_ in types.get(name, ()) if (named := _named(type_, paths))), "")
        )
        for name, (symbol, path) in paths.items()
    }


def mounted_resources(resources: Mapping[str, KtorResource]) -> Iterator[Fact]:
    """Each class as what it puts before the routes that name it."""
    for name, item in resources.items():
        yield Fact(
            kind=FactKind.MOUNT, name=item.path, source="Ktor", lines=item.symbol.lines, owner=item.parent, target=name
        )


def resource_path(type_: str, resources: Mapping[str, KtorResource]) -> str:
    """The whole path of a class of the file; empty for a class of another."""
    parts: list[str] = []
    name = _named(type_, resources)
    while name and len(parts) < _FAR:
        parts.append(resources[name].path)
        name = resources[name].parent
    return joined_path(*reversed(parts)) if parts else ""


def compared_calls(file: ParsedCode) -> Iterator[CodeCall]:
    """What the grammar takes for comparisons, as calls without arguments."""
    for node in in_order(query("kotlin", _COMPARED), file.root, "typed"):
        written = _WRITTEN.match(file.text(node))
        if written is not None:
            yield CodeCall(written[1], node=node, source=file.source)


def type_argument(call: CodeCall) -> str:
    """The first type that a call is given in angle brackets; empty where it is given none."""
    node: tree_sitter.Node | None = call.node
    text = call.source[node.start_byte : node.start_byte + 200].decode("utf-8", "replace") if node is not None else ""
    written = _WRITTEN.match(text)
    return written[2] if written is not None and written[1] == call.method else ""


def _named(type_: str, classes: Mapping[str, object]) -> str:
    """The class that a type names, by its whole name or, where only one has it, by its last part."""
    if type_ in classes:
        return type_
    alike = [name for name in classes if f".{name}".endswith(f".{type_}")]
    return alike[0] if type_ and len(alike) == 1 else ""

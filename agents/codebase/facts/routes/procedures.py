"""Remote procedures that documents declare: services of Protobuf and Thrift, and the root types of GraphQL. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Final

from agents.codebase.facts.line_numbers import line_numbers
from agents.codebase.facts.routes.proto import proto_routes
from agents.codebase.facts.written import inside, parts
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Structure, SymbolKind

_RPC: Final = re.compile(r"\(([^()]*)\)\s*returns\s*\(([^()]*)\)")
#: The types whose fields are operations, where a schema names no others.
GRAPHQL_ROOTS: Final = frozenset({"Query", "Mutation", "Subscription"})
_SCHEMA: Final = re.compile(r"\bschema\b[^{}]{0,200}\{([^{}]{0,600})\}")
_ROOT: Final = re.compile(r"\b(?:query|mutation|subscription)\s*:\s*(\w+)")
_THRIFT_QUIET: Final = re.compile(
    r"""("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|(?://|\#)[^\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)"""
)
_SERVICE: Final = re.compile(r"\bservice\s+(\w+)(?:\s+extends\s+[\w.]+)?\s*(?=\{)")
_FUNCTION: Final = re.compile(
    r"(?<![\w.])(?P<type>[\w.]{1,200}(?:\s{0,9}<[^(){}]{0,300}>)?)\s{1,200}(?P<name>\w{1,200})\s{0,200}(?=\()"
)
_THROWS: Final = re.compile(r"\s*throws\s*(?=\()")
_MARKS: Final = re.compile(r"^[ \t]*(?:/\*{1,9}|\*(?!/)|//+|#+)[ \t]?|[ \t]*\*+/[ \t]*$", re.MULTILINE)
_NUMBER: Final = re.compile(r"\b\d+\s*:\s*")
#: Functions of a file, schemas of a text, and lines of a comment.
_MOST: Final = 400
_LINES: Final = 60


def grpc_procedures(structure: Structure, text: str) -> Iterator[Fact]:
    """The procedures of a file of Protobuf that have no path of HTTP."""
    routed = {fact.symbol for fact in proto_routes(structure, text)}
    for symbol in structure.symbols:
        match = _RPC.search(symbol.signature) if symbol.kind is SymbolKind.METHOD else None
        if match is not None and symbol.name not in routed:
            yield Fact(
                kind=FactKind.PROCEDURE,
                name=symbol.name,
                source="gRPC",
                lines=symbol.lines,
                type=" ".join(match[1].split()),
                target=" ".join(match[2].split()),
                text=symbol.doc,
                symbol=symbol.name,
            )


def graphql_roots(text: str) -> set[str]:
    """The types that a schema names for its operations."""
    return {name for schema in islice(_SCHEMA.finditer(text), _MOST) for name in _ROOT.findall(schema[1])}


def graphql_operations(structure: Structure, roots: Collection[str]) -> Iterator[Fact]:
    """The fields of a schema's root types, with their arguments."""
    for symbol in structure.symbols:
        if symbol.kind is SymbolKind.FIELD and symbol.name.partition(".")[0] in roots:
            yield Fact(
                kind=FactKind.PROCEDURE,
                name=symbol.name,
                source="GraphQL",
                lines=symbol.lines,
                type=", ".join(f"{item.name}: {item.type}" for item in symbol.parameters),
                target=symbol.type,
                text=symbol.doc,
                symbol=symbol.name,
            )


def thrift_procedures(text: str) -> Iterator[Fact]:
    """The functions of the services of a file of Thrift."""
    code = _THRIFT_QUIET.sub(lambda part: part[1] or re.sub(r"[^\n]", " ", part[0]), text)
    lines = text.split("\n")
    line_at = line_numbers(code)
    for service, function, taken in islice(_functions(code), _MOST):
        line = line_at(function.start())
        yield Fact(
            kind=FactKind.PROCEDURE,
            name=f"{service}.{function['name']}",
            source="Thrift",
            lines=Lines(start=line, end=line_at(function.end() + len(taken))),
            type=", ".join(" ".join(part.split()) for part in parts(_NUMBER.sub("", taken))),
            target="".join(function["type"].split()),
            text=_comment_above(lines, line - 1),
        )


def _functions(code: str) -> Iterator[tuple[str, re.Match[str], str]]:
    """Each function with its service and what it takes; what stands in brackets is no function."""
    at = 0
    while service := _SERVICE.search(code, at):
        at, end = service.end() + 1, service.end() + 1 + len(inside(code[service.end() :]))
        while function := _FUNCTION.search(code, at, end):
            taken = inside(code[function.end() : end])
            at = function.end() + len(taken) + 1
            yield service[1], function, taken
            if throws := _THROWS.match(code, at, end):
                at = throws.end() + len(inside(code[throws.end() : end])) + 1
        at = end


def _comment_above(lines: list[str], count: int) -> str:
    """The words of the comment with which the first lines, so many of them, end."""
    first = count
    if count and lines[count - 1].rstrip().endswith("*/"):
        while first and count - first < _LINES:
            first -= 1
            if "/*" in lines[first]:
                break
    else:
        while first and count - first < _LINES and lines[first - 1].lstrip().startswith(("//", "#")):
            first -= 1
    return _MARKS.sub("", "\n".join(lines[first:count])).strip()

"""HTTP routes that a .proto file gives its remote procedures by `google.api.http`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from agents.codebase.facts.written import inside
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Structure, SymbolKind

#: A text is kept: a path may hold what begins a comment.
_COMMENT: Final = re.compile(r"""("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|//[^\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)""")
_OPTION: Final = re.compile(r"option\s*\(\s*google\.api\.http\s*\)\s*(?:\.(?P<verb>\w+)\s*)?=\s*")
#: Options of one file.
_MOST: Final = 400
_ROUTE: Final = re.compile(r"\b(get|put|post|delete|patch)\s*:\s*[\"']([^\"'\n]*)[\"']")
_CUSTOM: Final = re.compile(r"kind\s*:\s*[\"'](\w+)[\"']\s*,?\s*path\s*:\s*[\"']([^\"'\n]*)[\"']")
_TEXT: Final = re.compile(r"[\"']([^\"'\n]*)[\"']")


def proto_routes(structure: Structure, text: str) -> Iterator[Fact]:
    """`get: "/v1/users/{id}"` of a procedure, and its additional bindings."""
    if "google.api.http" not in text:
        return
    # What a comment holds is no option; its lines stay.
    code = _COMMENT.sub(lambda part: part[1] or re.sub(r"[^\n]", " ", part[0]), text)
    procedures = [symbol for symbol in structure.symbols if symbol.kind is SymbolKind.METHOD]
    for option in islice(_OPTION.finditer(code), _MOST):
        line = code.count("\n", 0, option.start()) + 1
        procedure = next((item for item in procedures if item.lines.start <= line <= item.lines.end), None)
        target = procedure.name if procedure is not None else ""
        lines = procedure.lines if procedure is not None else Lines(start=line, end=line)
        for method, path in _bindings(code, option):
            yield Fact(
                kind=FactKind.ROUTE,
                name=path,
                type=method.upper(),
                source="google.api.http",
                lines=lines,
                target=target,
                symbol=target,
            )


def _bindings(code: str, option: re.Match[str]) -> Iterator[tuple[str, str]]:
    rest = code[option.end() : option.end() + 4_000]
    if option["verb"]:
        path = _TEXT.match(rest)
        if path is not None:
            yield option["verb"], path[1]
    elif rest.startswith("{"):
        body = inside(rest)
        yield from _ROUTE.findall(body)
        yield from _CUSTOM.findall(body)

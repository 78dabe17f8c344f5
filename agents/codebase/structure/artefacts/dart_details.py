"""What a finished declaration of Dart says besides its name: parameters, defaults, accessors, wrapped values."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.structure.artefacts.block_dialect import between
from agents.codebase.structure.parameters import split
from agents.codebase.structure.source import shown_value
from agents.contracts.structure import Parameter, Symbol, SymbolKind

_WRAPS = re.compile(r"extension type .*?\((?:@\w+ )*(?P<type>[^()]{1,200}?) (?P<name>\w+)\)")
_CONSTANT = re.compile(r"(?:static\s+)?const\b")
_READ_OR_WRITTEN = re.compile(r"\b([gs]et)\s+\w+")
_BEFORE = re.compile(r"^(?:(?:@[\w.]+(?:\([^()]*\))?|required|covariant|final|var|const)\s+)+")
_FIELD = re.compile(r"\b(?:this|super)\s*\.\s*")
_CALLED = re.compile(r"(?P<type>.*?)\b(?P<name>\w+)\s*(?P<general><[^()]*>)?(?P<list>\(.*\)\??)\s*$", re.DOTALL)
_INITIALIZED = re.compile(r"\s*:")


def finished(symbol: Symbol, _body: str) -> Symbol:
    """A declaration with what its head says, and its comment of who may see it."""
    facts = symbol.documentation.facts if symbol.documentation is not None else ()
    if any(fact.name == "nodoc" for fact in facts):
        symbol = symbol.model_copy(update={"public": False})
    if symbol.kind in {SymbolKind.FUNCTION, SymbolKind.METHOD}:
        return _with_parameters(symbol)
    if symbol.kind is SymbolKind.PROPERTY and (how := _READ_OR_WRITTEN.search(symbol.signature)):
        return symbol.model_copy(update={"accessors": (how.group(1),)})
    if symbol.kind not in {SymbolKind.FIELD, SymbolKind.VARIABLE}:
        return symbol
    more: dict[str, object] = {}
    if _CONSTANT.match(symbol.signature):
        more["kind"] = SymbolKind.CONSTANT
    if not symbol.default:
        more["default"] = shown_value(split(symbol.signature)[0].partition("=")[2].strip(), symbol.name)
    return symbol.model_copy(update=more)


def _with_parameters(symbol: Symbol) -> Symbol:
    """The parameters of a function, and its signature without what a constructor does first."""
    own = symbol.name.rpartition(".")[2].removeprefix("operator").strip()
    named = re.search(rf"(?<!\w){re.escape(own)}\s*(?:<[^()]*?>)?\s*\(", symbol.signature)
    if named is None:
        return symbol
    listed = between(symbol.signature, named.end() - 1)
    end = named.end() + len(listed) + 1
    more: dict[str, object] = {"parameters": tuple(_parameters(listed))}
    if _INITIALIZED.match(symbol.signature, end):
        more["signature"] = symbol.signature[:end]
    return symbol.model_copy(update=more)


def _parameters(listed: str, kind: str = "") -> Iterator[Parameter]:
    """The parameters between brackets: positional ones, then optional or named ones in brackets of their own."""
    for written in split(listed):
        piece = written.strip()
        if piece.startswith("{"):
            yield from _parameters(piece[1:-1], "keyword-only")
        elif piece.startswith("["):
            yield from _parameters(piece[1:-1], "optional")
        elif piece:
            yield _parameter(piece, kind)


def _parameter(piece: str, kind: str) -> Parameter:
    """A parameter: `this.x` is named `x`, and the type of `void f(int a)` is a function."""
    head, _, default = piece.partition("=")
    head = _FIELD.sub("", _BEFORE.sub("", head.strip()))
    called = _CALLED.fullmatch(head)
    if called is not None and called["name"] != "Function":
        type_, name = f"{called['type']}Function{called['general'] or ''}{called['list']}", called["name"]
    else:
        type_, _, name = f" {head}".rpartition(" ")
    return Parameter(name=name, type=type_.strip(), default=default.strip(), kind=kind)


def wrapped(symbol: Symbol) -> Iterator[Symbol]:
    """What an extension type holds: `extension type Id(int value)`."""
    wraps = _WRAPS.match(symbol.signature)
    if wraps is not None:
        more = {"name": f"{symbol.name}.{wraps['name']}", "kind": SymbolKind.FIELD, "type": wraps["type"]}
        without = {"doc": "", "documentation": None, "public": not wraps["name"].startswith("_")}
        yield symbol.model_copy(update={**more, **without, "signature": f"{wraps['type']} {wraps['name']}"})

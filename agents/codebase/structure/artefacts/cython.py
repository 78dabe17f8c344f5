"""Cython, read as the Python that it is once the types of C are out of the way."""

from __future__ import annotations

import re

from agents.codebase.structure import syntax
from agents.codebase.structure.artefacts.cython_lines import CythonName, as_python
from agents.contracts.structure import MEMBER_KINDS, Structure, Symbol, SymbolKind

#: Casts, addresses and loops of C, which Python's grammar does not know.
_CAST = re.compile(
    r"((?:[=(,\[+*/-]|\b(?:return|in|not|and|or|if))[ \t]*)"
    r"<[ \t]*[A-Za-z_][\w.]{0,100}[\w. *\[\]]{0,60}\??>(?=[ \t]*[\w&(<\"'])"
)
_ADDRESS = re.compile(r"([=(,\[]\s{0,80}|\breturn[ \t]+)&(?=\w)")
_LOOP = re.compile(r"^([ \t]*for[ \t]+\w+)[ \t]+from[ \t]+[^:\n]{1,200}:", re.MULTILINE)
_CASTS_OF_CASTS = 3
#: Lines of decorators that may stand above a declaration.
_FURTHEST = 40
_ACCESSORS = {"__get__": "get", "__set__": "set", "__del__": "delete"}


def cython(text: str, language: str) -> Structure:
    """Functions, classes, structs, enums, fields and types with their declarations as written, each on its line."""
    lines, heads = as_python(text)
    count = text.count("\n") + (0 if text.endswith("\n") else 1)
    python = _LOOP.sub(r"\1 in (0,):", "\n".join(lines))
    for _ in range(_CASTS_OF_CASTS if "<" in python else 0):
        python = _CAST.sub(r"\1", python)
    python = _ADDRESS.sub(r"\1", python)
    structure = syntax.read("python", python.encode("utf-8", "replace"), count)
    symbols = _with_properties([_as_written(symbol, heads) for symbol in structure.symbols])
    return structure.model_copy(update={"language": language, "symbols": tuple(symbols)})


def _as_written(symbol: Symbol, heads: dict[int, dict[str, CythonName]]) -> Symbol:
    """The symbol with its declaration of Cython, if one begins on its line or below its decorators."""
    own = symbol.name.rpartition(".")[2]
    first = symbol.lines.start
    last = min(symbol.lines.end, first + (_FURTHEST if symbol.decorators else 0))
    declared = next((matched for at in range(first, last + 1) if (matched := heads.get(at, {}).get(own))), None)
    if declared is None:
        return symbol
    changes: dict[str, object] = {"signature": declared.signature}
    if declared.parameters:
        changes["parameters"] = tuple(
            parameter
            if parameter.type or parameter.name not in declared.parameters
            else parameter.model_copy(update={"type": declared.parameters[parameter.name]})
            for parameter in symbol.parameters
        )
    if declared.type:
        changes["type"] = declared.type
    if declared.kind is not None:
        changes["kind"] = declared.kind
    if declared.kind in {SymbolKind.FIELD, SymbolKind.VARIANT, SymbolKind.TYPE} or symbol.kind in MEMBER_KINDS:
        owned = "." in symbol.name or declared.kind is not SymbolKind.FIELD
        changes |= {"default": declared.default, "kind": (declared.kind or symbol.kind) if owned else symbol.kind}
        changes["target"] = declared.target
        changes["type"] = declared.type
    return symbol.model_copy(update=changes)


def _with_properties(symbols: list[Symbol]) -> list[Symbol]:
    """The older form of a property, a block with `__get__` and `__set__`, as one symbol."""
    blocks = {symbol.name for symbol in symbols if symbol.kind is SymbolKind.PROPERTY and not symbol.accessors}
    inner = {f"{name}.{method}": (name, how) for name in blocks for method, how in _ACCESSORS.items()}
    ways: dict[str, tuple[str, ...]] = {}
    for symbol in symbols:
        if symbol.name in inner:
            name, how = inner[symbol.name]
            ways[name] = (*ways.get(name, ()), how)
    return [
        symbol.model_copy(update={"accessors": ways[symbol.name]}) if symbol.name in ways else symbol
        for symbol in symbols
        if symbol.name not in inner
    ]

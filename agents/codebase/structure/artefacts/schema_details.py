"""What a finished declaration of a schema's language says besides its name: parameters, defaults, fields."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.structure.artefacts.block_dialect import between
from agents.codebase.structure.documentation.words import text_of
from agents.codebase.structure.source import fold, shown_value
from agents.contracts.documentation import Documentation, Entry
from agents.contracts.structure import Parameter, Symbol, SymbolKind
from agents.text.marked import escaped

_DEPRECATED = re.compile(r"@deprecated\b(?:\s*\(\s*reason\s*:\s*\"((?:[^\"\\]|\\.){0,500})\")?")
_VALUE = re.compile(r"[\]\w!]\s*=\s*(\"(?:[^\"\\]|\\.)*\"|\[[^\[\]]*\]|\{[^{}]*\}|[^\s,@]+)")
#: An argument behind its description; no comma needs to stand between two.
_ARGUMENT = re.compile(
    r"(?:(\"\"\"(?:[^\"]|\"(?!\"\"))*\"\"\"|\"(?:[^\"\\\n]|\\.)*\")\s*)?\$?\b(\w+)\s*:\s*([\[\]\w!]+)"
    r"(?:\s*=\s*(\"(?:[^\"\\]|\\.)*\"|\[[^\[\]]*\]|\{[^{}]*\}|[^\s,@]+))?"
)
_APPLIED = re.compile(r"@\w+\s*\([^()]*\)")


def graphql(symbol: Symbol, _body: str) -> Symbol:
    """A field's arguments and default, a union's members, and what is deprecated."""
    more: dict[str, object] = {}
    signature = symbol.signature
    opened = re.match(r"(?:\w+\s+)?[@\w]+\s*\(", signature)
    if opened and symbol.kind in {SymbolKind.FIELD, SymbolKind.FUNCTION}:
        listed = between(signature, opened.end() - 1)
        arguments = list(_ARGUMENT.finditer(_APPLIED.sub("", listed)))
        more["parameters"] = tuple(
            Parameter(name=argument.group(2), type=fold(argument.group(3)), default=fold(argument.group(4) or ""))
            for argument in arguments
        )
        more |= described(
            symbol, {argument.group(2): argument.group(1).strip('" ') for argument in arguments if argument.group(1)}
        )
        symbol, signature = symbol.model_copy(update=more), signature[opened.end() + len(listed) :]
    elif symbol.kind is SymbolKind.FIELD and (value := _VALUE.search(signature)):
        more["default"] = shown_value(value.group(1), symbol.name)
    if symbol.kind is SymbolKind.TYPE and symbol.target:
        members = symbol.target.rpartition("=")[2].strip(" |")
        more["target"] = "" if members.startswith("@") else members
    if (deprecated := _DEPRECATED.search(signature)) and symbol.kind in {SymbolKind.FIELD, SymbolKind.VARIANT}:
        more |= _deprecated(symbol, deprecated.group(1))
    return symbol.model_copy(update=more) if more else symbol


def _deprecated(symbol: Symbol, words: str | None) -> dict[str, object]:
    """The documentation of what is deprecated."""
    whole = symbol.documentation or Documentation(summary=escaped(symbol.doc))
    whole = whole.model_copy(update={"deprecated": Entry(text=escaped(words or "do not use it."))})
    return {"doc": text_of(whole), "documentation": whole}


_OPTIONS = re.compile(r"(=\s*-?\w+)\s*\[(.*)\]\s*$", re.DOTALL)
_DEFAULT = re.compile(r"(?<![\w.])default\s*=\s*(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[\w.+-]+)")
_IS_DEPRECATED = re.compile(r"(?<![\w.])deprecated\s*=\s*true\b")
_OPTION = re.compile(r"^[^\S\n]*option\s+deprecated\s*=\s*true\s*;", re.MULTILINE)


def protobuf(symbol: Symbol, body: str) -> Symbol:
    """A field's default, and what its options or its body's say is deprecated."""
    options = _OPTIONS.search(symbol.signature)
    settings = options.group(2) if options else ""
    more: dict[str, object] = {}
    if options:
        more["signature"] = symbol.signature[: options.end(1)]
        if (value := _DEFAULT.search(settings)) is not None:
            more["default"] = shown_value(value.group(1), symbol.name)
    if _IS_DEPRECATED.search(settings) or _OPTION.search(body.partition("{")[0]):
        more |= _deprecated(symbol, None)
    return symbol.model_copy(update=more) if more else symbol


def described(symbol: Symbol, remarks: dict[str, str]) -> dict[str, object]:
    """The documentation with what is settings of parameters that it leaves out."""
    whole = symbol.documentation or Documentation(summary=escaped(symbol.doc))
    documented = {entry.name.lower() for entry in whole.parameters}
    added = [Entry(name=name, text=escaped(words)) for name, words in remarks.items() if name.lower() not in documented]
    if not added:
        return {}
    whole = whole.model_copy(update={"parameters": (*whole.parameters, *added)})
    return {"doc": text_of(whole), "documentation": whole}


def group(symbol: Symbol) -> Iterator[Symbol]:
    """The field that a group declares beside its message: of the same name in small letters."""
    if re.match(r"(?:\w+ )?group ", symbol.signature):
        owner, _, name = symbol.name.rpartition(".")
        more = {"name": f"{owner}.{name.lower()}".lstrip("."), "kind": SymbolKind.FIELD, "type": name}
        yield symbol.model_copy(update=more)

"""Takes secrets out of a structure: what is quoted of a file must not carry its keys on."""

from __future__ import annotations

from collections.abc import Callable

from agents.codebase import secret_shapes
from agents.contracts.structure import Structure, Symbol
from agents.text.orders import demands

_RULES = "secret-"
#: What a symbol quotes of its file.
_TEXTS = ("name", "signature", "doc", "type", "default", "trait", "target")
_LISTS = ("decorators", "overloads")


def masked(structure: Structure, data: bytes) -> Structure:
    """The structure with stars for every secret that evidence was found of, and what its orders to models demand."""
    wanted = demands(data.decode("utf-8", "replace"))
    if wanted:
        structure = structure.model_copy(update={"demands": wanted})
    if not any(one.rule.startswith(_RULES) for one in structure.evidence):
        return structure
    values = sorted(_values(data), key=len, reverse=True)

    def hidden(text: str) -> str:
        for value in values:
            if value in text:
                text = text.replace(value, secret_shapes.STARS)
        return text

    def without(symbol: Symbol) -> Symbol:
        return _without(symbol, hidden)

    imports = tuple(
        one.model_copy(update={"target": new}) if (new := hidden(one.target)) != one.target else one
        for one in structure.imports
    )
    symbols = tuple(without(symbol) for symbol in structure.symbols)
    return structure.model_copy(update={"doc": hidden(structure.doc), "symbols": symbols, "imports": imports})


def _without(symbol: Symbol, hidden: Callable[[str], str]) -> Symbol:
    """The symbol with every text in it mapped."""
    changed: dict[str, object] = {}
    for key in _TEXTS:
        text = getattr(symbol, key)
        if text and (new := hidden(text)) != text:
            changed[key] = new
    for key in _LISTS:
        texts = getattr(symbol, key)
        if texts and (news := tuple(map(hidden, texts))) != texts:
            changed[key] = news
    if symbol.parameters:
        changed["parameters"] = tuple(
            one.model_copy(update={"type": hidden(one.type), "default": hidden(one.default)})
            for one in symbol.parameters
        )
    return symbol.model_copy(update=changed) if changed else symbol


def _values(data: bytes) -> set[str]:
    """Every secret's text, and of a key of several lines each line."""
    found: set[str] = set()
    for secret in secret_shapes.find(data):
        end = secret.block_end if secret.rule == "secret-private-key" else secret.end
        start = secret.end if secret.rule == "secret-private-key" else secret.start
        found.update(line.strip() for line in data[start:end].decode("utf-8", "replace").split("\n"))
    return {value for value in found if len(value) > 2}

"""Takes secrets out of a structure: what is quoted of a file must not carry its keys on."""

from __future__ import annotations

from agents.codebase import secret_shapes
from agents.contracts.structure import Structure, Symbol
from agents.text.orders import demands

_RULES = "secret-"


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
        told = {"name": symbol.name, "signature": symbol.signature, "doc": symbol.doc}
        changed = {key: new for key, text in told.items() if (new := hidden(text)) != text}
        return symbol.model_copy(update=changed) if changed else symbol

    imports = tuple(
        one.model_copy(update={"target": new}) if (new := hidden(one.target)) != one.target else one
        for one in structure.imports
    )
    symbols = tuple(without(symbol) for symbol in structure.symbols)
    return structure.model_copy(update={"doc": hidden(structure.doc), "symbols": symbols, "imports": imports})


def _values(data: bytes) -> set[str]:
    """Every secret's text, and of a key of several lines each line."""
    found: set[str] = set()
    for secret in secret_shapes.find(data):
        end = secret.block_end if secret.rule == "secret-private-key" else secret.end
        start = secret.end if secret.rule == "secret-private-key" else secret.start
        found.update(line.strip() for line in data[start:end].decode("utf-8", "replace").split("\n"))
    return {value for value in found if len(value) > 2}

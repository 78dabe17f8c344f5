"""Takes secrets out of a structure: what is quoted of a file must not carry its keys on."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from agents.codebase import secret_shapes
from agents.contracts.documentation import Documentation
from agents.contracts.structure import Structure, Symbol
from agents.text.marked import escaped
from agents.text.orders import demands

_RULES = "secret-"


def masked(structure: Structure, data: bytes) -> Structure:  # noqa: C901 (one branch for each kind)
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

    def document(told: Documentation) -> Documentation:
        written = told.model_dump_json()
        # In a document's inline text a mark that belongs to the secret has a backslash before it.
        if not any(json.dumps(form)[1:-1] in written for value in values for form in (value, escaped(value))):
            return told
        return Documentation.model_validate(_everywhere(told.model_dump(), lambda text: hidden(_hidden_marked(text))))

    def _hidden_marked(text: str) -> str:
        for value in values:
            text = text.replace(escaped(value), secret_shapes.STARS.replace("*", "\\*"))
        return text

    def without(symbol: Symbol) -> Symbol:
        told = {"name": symbol.name, "signature": symbol.signature, "doc": symbol.doc}
        changed: dict[str, object] = {key: new for key, text in told.items() if (new := hidden(text)) != text}
        if symbol.documentation is not None:
            changed["documentation"] = document(symbol.documentation)
        return symbol.model_copy(update=changed) if changed else symbol

    imports = tuple(
        one.model_copy(update={"target": new}) if (new := hidden(one.target)) != one.target else one
        for one in structure.imports
    )
    symbols = tuple(without(symbol) for symbol in structure.symbols)
    update: dict[str, object] = {"doc": hidden(structure.doc), "symbols": symbols, "imports": imports}
    if structure.documentation is not None:
        update["documentation"] = document(structure.documentation)
    return structure.model_copy(update=update)


def _everywhere(value: Any, change: Callable[[str], str]) -> Any:
    """The value with every text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: one if key == "kind" else _everywhere(one, change) for key, one in value.items()}
    return [_everywhere(one, change) for one in value] if isinstance(value, list | tuple) else value


def _values(data: bytes) -> set[str]:
    """Every secret's text, and of a key of several lines each line."""
    found: set[str] = set()
    for secret in secret_shapes.find(data):
        end = secret.block_end if secret.rule == "secret-private-key" else secret.end
        start = secret.end if secret.rule == "secret-private-key" else secret.start
        found.update(line.strip() for line in data[start:end].decode("utf-8", "replace").split("\n"))
    return {value for value in found if len(value) > 2}

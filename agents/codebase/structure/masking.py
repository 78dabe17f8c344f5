"""Takes secrets out of a structure: what is quoted of a file must not carry its keys on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any

from pydantic import BaseModel

from agents.codebase import secrets as secret_detection
from agents.contracts.structure import Structure, SymbolKind
from agents.text.marked import escaped
from agents.text.orders import demands

#: What code declares is named in the open, wherever the same word stands in quotes: `__all__ = ["Token", "Base64"]`.
_DECLARED = frozenset(
    [
        *(SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.ENUM, SymbolKind.TRAIT),
        *(SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.TYPE, SymbolKind.MACRO),
    ]
)
#: A shorter text inside a secret may be any word.
_LEAST_PIECE = 12


def masked(structure: Structure, data: bytes) -> Structure:
    """The structure with stars for every secret of the file, and with what its orders to models demand."""
    secrets = secret_detection.find(data)
    updates: dict[str, Any] = {} if secrets else {"holds_secrets": False}
    wanted = demands(data.decode("utf-8", "replace"))
    if wanted:
        updates["demands"] = wanted
    if updates:
        structure = structure.model_copy(update=updates)
    values = sorted(_values(data, secrets) - _declared(structure), key=len, reverse=True)
    if not values:
        return structure

    def hidden(text: str) -> str:
        for value in values:
            if value in text:
                text = text.replace(value, secret_detection.STARS)
            # A reader that took a setting for code has a piece of the value.
            elif _LEAST_PIECE <= len(text) < len(value) and text in value:
                return secret_detection.STARS
            # In a document's inline text a mark that belongs to the secret has a backslash before it.
            elif (marked := escaped(value)) != value and marked in text:
                text = text.replace(marked, escaped(secret_detection.STARS))
        return secret_detection.without_secrets(text)

    changed = {name: _mapped(getattr(structure, name), hidden) for name in type(structure).model_fields}
    # Excerpts have their stars already: cut at their limit, they would be searched without what stood around.
    evidence = tuple(
        place.model_copy(update={"excerpt": before.excerpt})
        for place, before in zip(changed["evidence"], structure.evidence, strict=True)
    )
    return structure.model_copy(update=changed | {"evidence": evidence, "language": structure.language})


def _mapped(value: Any, hidden: Callable[[str], str]) -> Any:
    """The same value with every text in it mapped, however deep: whatever a structure comes to hold is masked."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return hidden(value)
    if isinstance(value, tuple | list):
        return type(value)(_mapped(item, hidden) for item in value)
    if isinstance(value, dict):
        return {_mapped(key, hidden): _mapped(item, hidden) for key, item in value.items()}
    if isinstance(value, BaseModel):
        changed = {
            name: new
            for name in type(value).model_fields
            if (new := _mapped(old := getattr(value, name), hidden)) is not old and new != old
        }
        return value.model_copy(update=changed) if changed else value
    return value


def _declared(structure: Structure) -> set[str]:
    return {symbol.name.rpartition(".")[2] for symbol in structure.symbols if symbol.kind in _DECLARED}


def _values(data: bytes, secrets: Iterable[secret_detection.Secret]) -> set[str]:
    """Every secret's text, and of a key of several lines each line."""
    lines_of_secrets: set[str] = set()
    for secret in secrets:
        lines_of_secrets.update(
            # A backslash at the end continues the line, and is not part of what a reader quotes.
            line.strip().rstrip("\\")
            for line in data[secret.start : secret.end].decode("utf-8", "replace").split("\n")
        )
    return {value for value in lines_of_secrets if len(value) > 3}

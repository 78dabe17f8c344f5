"""Types with the members that may be columns of theirs. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from agents.contracts.structure import Symbol, SymbolKind

MEMBERS: Final = frozenset({SymbolKind.FIELD, SymbolKind.PROPERTY})


def members_by_owner(symbols: Iterable[Symbol]) -> dict[str, list[Symbol]]:
    """Fields and properties by the type that has them, each name once."""
    members: dict[str, dict[str, Symbol]] = {}
    for symbol in symbols:
        if symbol.kind in MEMBERS and "." in symbol.name:
            members.setdefault(symbol.name.rpartition(".")[0], {}).setdefault(symbol.name, symbol)
    return {owner: list(named.values()) for owner, named in members.items()}


def types_with_members(
    symbols: Iterable[Symbol], members: dict[str, list[Symbol]]
) -> Iterator[tuple[Symbol, list[Symbol]]]:
    """Each type once, in the order of the file, with its members."""
    reported: set[tuple[str, SymbolKind]] = set()
    for symbol in symbols:
        if symbol.name in members and symbol.kind not in MEMBERS and (symbol.name, symbol.kind) not in reported:
            reported.add((symbol.name, symbol.kind))
            yield symbol, members[symbol.name]

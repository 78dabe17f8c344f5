"""The fact that a column is, whichever language declares its table. Pure."""

from __future__ import annotations

from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Symbol


def column_fact(symbol: Symbol, source: str, **more: object) -> Fact:
    owner, _, name = symbol.name.rpartition(".")
    return Fact.model_validate(
        {
            "kind": FactKind.COLUMN,
            "name": name,
            "source": source,
            "lines": symbol.lines,
            "owner": owner,
            "type": symbol.type,
            "symbol": symbol.name,
            "text": symbol.doc,
            **more,
        }
    )

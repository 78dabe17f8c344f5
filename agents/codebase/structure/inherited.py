"""Documentation that a comment takes from another symbol of its file: `{@inheritDoc Row.size}`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from agents.codebase.structure.documentation.words import text_of
from agents.contracts.documentation import Documentation, Entry
from agents.contracts.structure import Symbol
from agents.text.marked import plain

_NAME = re.compile(r"[\w$]+(?:[.#][\w$]+)*")


def with_inherited(symbols: tuple[Symbol, ...]) -> tuple[Symbol, ...]:
    """The symbols, those documented as another one in that one's words."""
    if not any(_inherits(symbol) for symbol in symbols):
        return symbols
    by_name = {symbol.name: symbol for symbol in reversed(symbols)}
    return tuple(_as_said(symbol, by_name) for symbol in symbols)


def _inherits(symbol: Symbol) -> Entry | None:
    facts = symbol.documentation.facts if symbol.documentation is not None else ()
    return next((fact for fact in facts if fact.name == "inherits" and fact.text), None)


def _as_said(symbol: Symbol, by_name: Mapping[str, Symbol]) -> Symbol:
    """The symbol with the description, parameters and results of what it names, where it has none of its own."""
    fact, own = _inherits(symbol), symbol.documentation
    named = _NAME.search(plain(fact.text)) if fact is not None else None
    other = by_name.get(named.group().replace("#", ".")) if named is not None else None
    if other is None or own is None or own.summary or other is symbol or _inherits(other):
        return symbol
    theirs = other.documentation or Documentation(summary=other.doc)
    taken = {
        field: getattr(own, field) or getattr(theirs, field)
        for field in ("summary", "blocks", "type_parameters", "parameters", "returns")
    }
    whole = own.with_changes(**taken, facts=tuple(line for line in own.facts if line != fact))
    return symbol.with_changes(doc=text_of(whole), documentation=whole)

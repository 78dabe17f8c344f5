"""One sentence about what a file of code defines: its types with their methods by name, the rest by count."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from agents.contracts.base import Lines, Statement
from agents.contracts.structure import Structure, Symbol, SymbolKind
from agents.text.wording import counted_in_words, listed

TYPES: Final = (
    SymbolKind.CLASS,
    SymbolKind.INTERFACE,
    SymbolKind.STRUCT,
    SymbolKind.ENUM,
    SymbolKind.TRAIT,
    SymbolKind.TYPE,
)
_CALLABLE: Final = (SymbolKind.FUNCTION, SymbolKind.METHOD)
_ANNOUNCED: Final = 3
#: Above this share of a file's lines, imports are what the file is for.
_GATHERS: Final = 0.3


class Inventory:
    """A file's symbols by what holds them."""

    def __init__(self, symbols: Sequence[Symbol], language: str) -> None:
        self.symbols = symbols
        self.language = language
        self.modules = {symbol.name for symbol in symbols if symbol.kind is SymbolKind.MODULE}
        self.members: dict[str, list[Symbol]] = defaultdict(list)
        for symbol in symbols:
            self.members[symbol.name.rpartition(".")[0]].append(symbol)

    def short(self, name: str) -> str:
        """The name without the modules around it."""
        owner = name.rpartition(".")[0]
        while owner and owner not in self.modules:
            owner = owner.rpartition(".")[0]
        return name[len(owner) + 1 :] if owner else name

    def types(self) -> list[Symbol]:
        """Types, and modules that hold functions; what only lends its name to others is left out."""
        types = [symbol for symbol in self.symbols if symbol.kind in TYPES or self._tells(symbol)]
        telling = [symbol for symbol in types if not self._is_mere_scope(symbol)] or types
        first = {symbol.name: symbol for symbol in reversed(telling)}
        return sorted(
            (symbol for symbol in telling if first[symbol.name] is symbol),
            key=lambda symbol: symbol.kind is SymbolKind.TYPE,
        )

    def functions(self) -> list[Symbol]:
        """The functions that no module announces, once for each name."""
        announced = {symbol.name for symbol in self.types() if symbol.kind is SymbolKind.MODULE}
        functions = {
            symbol.name: symbol
            for symbol in reversed(self.symbols)
            if symbol.kind is SymbolKind.FUNCTION and symbol.name.rpartition(".")[0] not in announced
        }
        return list(reversed(functions.values()))

    def phrase(self, symbol: Symbol) -> str:
        """`the class Door with two methods`."""
        names = {member.name for member in self.members[symbol.name] if member.kind in _CALLABLE}
        noun = "function" if symbol.kind is SymbolKind.MODULE and self.language != "ruby" else "method"
        named = f"the {symbol.kind.value} {self.short(symbol.name)}"
        return f"{named} with {counted_in_words(len(names), noun)}" if names else named

    def _tells(self, symbol: Symbol) -> bool:
        members = self.members.get(symbol.name, ())
        return symbol.kind is SymbolKind.MODULE and any(member.kind is SymbolKind.FUNCTION for member in members)

    def _is_mere_scope(self, symbol: Symbol) -> bool:
        members = self.members.get(symbol.name, ())
        return bool(members) and all(member.kind in TYPES or member.kind is SymbolKind.MODULE for member in members)


def contents(structure: Structure) -> Statement:
    """What the code defines."""
    inventory = Inventory(structure.definitions, structure.language)
    symbols = [definition for definition in structure.definitions if definition.kind is not SymbolKind.MODULE]
    if not symbols:
        # A file of variables alone, such as settings, has nothing else to tell.
        symbols = [symbol for symbol in structure.symbols if symbol.kind is SymbolKind.VARIABLE]
    if not symbols:
        return Statement(text=_without_names(structure))
    types = inventory.types()
    parts = [inventory.phrase(symbol) for symbol in types[:_ANNOUNCED]]
    if len(types) > _ANNOUNCED:
        parts.append(counted_in_words(len(types) - _ANNOUNCED, "further type"))
    functions = inventory.functions()
    if functions:
        parts.append(_few_by_name(inventory, functions, "function"))
    rest = Counter(symbol.kind for symbol in symbols if symbol.kind not in {*TYPES, *_CALLABLE})
    parts.extend(counted_in_words(count, kind.value) for kind, count in rest.items())
    if not parts:
        parts = [_few_by_name(inventory, symbols, "method")]
    return Statement(text=f"Defines {listed(parts, 8)}.", lines=span(symbols))


def span(symbols: Sequence[Symbol]) -> Lines | None:
    """The lines from the first symbol to the last."""
    if not symbols:
        return None
    return Lines(start=min(symbol.lines.start for symbol in symbols), end=max(symbol.lines.end for symbol in symbols))


def _without_names(structure: Structure) -> str:
    imported = {
        line for statement in structure.imports for line in range(statement.lines.start, statement.lines.end + 1)
    }
    if len(imported) >= max(1, _GATHERS * structure.line_count):
        return _gathered(structure)
    lines = counted_in_words(structure.line_count, "line")
    return f"Runs {lines} of code at the top of the file and defines no names of its own."


def _gathered(structure: Structure) -> str:
    """What an index offers: the names that it imports to hand on, or else the files whose names they are."""
    names = list(
        dict.fromkeys(name for statement in structure.imports for name in statement.names if name.isidentifier())
    )
    names_shown = names or list(dict.fromkeys(statement.target for statement in structure.imports))
    if not names_shown or any("`" in name for name in names_shown):
        return "Defines no names of its own and brings together what it imports."
    return f"Brings together {'' if names else 'the names of '}{listed([f'`{name}`' for name in names_shown], 8)}."


def _few_by_name(inventory: Inventory, symbols: Sequence[Symbol], noun: str) -> str:
    """Up to three by name; of more, how many and the first public ones."""
    names = list(dict.fromkeys(inventory.short(symbol.name) for symbol in symbols))
    if len(names) <= _ANNOUNCED:
        return f"the {noun if len(names) == 1 else f'{noun}s'} {listed(names)}"
    public = list(dict.fromkeys(inventory.short(symbol.name) for symbol in symbols if symbol.public))[:_ANNOUNCED]
    return f"{counted_in_words(len(names), noun)}" + (f" (such as {listed(public)})" if public else "")

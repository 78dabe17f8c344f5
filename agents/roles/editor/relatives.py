"""What a type has beside its own section: what it inherits, who extends it, what other files define of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from agents.codebase.facts.hierarchies import members_of
from agents.codebase.paths import is_product
from agents.contracts.structure import Symbol, SymbolKind
from agents.roles.editor.hierarchies import Hierarchies, Type
from agents.roles.editor.material import Material
from agents.roles.editor.page_builder import PageBuilder

#: Names of one line, types that a type inherits from, and languages whose files share a type.
_NAMES, _BASES = 60, 12
_SPREAD = frozenset({"rust", "go", "csharp", "swift", "kotlin", "ruby", "cpp"})


class Relatives:
    """The relations of a session's types, found once for all pages."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._hierarchies = Hierarchies(material)

    def add(self, builder: PageBuilder, path: str, name: str) -> None:
        """Append what a type's readers find in other documentation below the type; nothing for any other symbol."""
        here = (path, name)
        if here not in self._hierarchies.types:
            return
        words = builder.words
        for other, symbols in self._elsewhere.get(here, {}).items():
            listed = _listed(builder, ((other, symbol) for symbol in symbols))
            builder.add(words("Defined in {file}: {names}", file=builder.file(other), names=listed))
        seen = {symbol.name.rpartition(".")[2] for symbol in self._members(here)}
        for base in self._bases_of(here):
            inherited = [symbol for symbol in self._members(base) if symbol.name.rpartition(".")[2] not in seen]
            seen.update(symbol.name.rpartition(".")[2] for symbol in inherited)
            offered = [(base[0], symbol) for symbol in inherited if _is_offered(symbol) and not _makes(symbol)]
            if offered:
                listed = _listed(builder, offered)
                builder.add(words("Inherited from {type}: {names}", type=builder.symbol(*base), names=listed))
        derived = self._hierarchies.below.get(here, [])
        if derived:
            listed = ", ".join(builder.symbol(*item) for item in derived[:_NAMES])
            builder.add(
                words("Extended or implemented by {names}", names=builder.with_rest(listed, len(derived) - _NAMES))
            )

    def _bases_of(self, item: Type) -> Iterator[Type]:
        """What a type extends or implements, the nearest first; each once."""
        waiting, met = list(self._above.get(item, ())), {item}
        while waiting and len(met) <= _BASES:
            base = waiting.pop(0)
            if base not in met:
                met.add(base)
                yield base
                waiting += self._above.get(base, ())

    @cached_property
    def _above(self) -> dict[Type, list[Type]]:
        above: dict[Type, list[Type]] = {}
        for base, derived in self._hierarchies.below.items():
            for item in derived:
                above.setdefault(item, []).append(base)
        return above

    def _members(self, item: Type) -> list[Symbol]:
        own = self._by_owner.get(item[0], {}).get(item[1], [])
        return [*own, *(symbol for symbols in self._elsewhere.get(item, {}).values() for symbol in symbols)]

    @cached_property
    def _by_owner(self) -> dict[str, dict[str, list[Symbol]]]:
        paths = {path for path, _ in self._hierarchies.types} | set(self._spread)
        return {path: members_of(self._material.analyses[path].structure) for path in paths}

    @cached_property
    def _spread(self) -> tuple[str, ...]:
        return tuple(
            path
            for path, analysis in sorted(self._material.analyses.items())
            if analysis.structure.language in _SPREAD and is_product(path)
        )

    @cached_property
    def _elsewhere(self) -> dict[Type, dict[str, list[Symbol]]]:
        """Public members of a type that a file defines without the type itself, by the type and the file."""
        spread: dict[Type, dict[str, list[Symbol]]] = {}
        for path in self._spread:
            for owner, symbols in self._by_owner[path].items():
                offered = [symbol for symbol in symbols if _is_offered(symbol)]
                if not offered or (path, owner) in self._hierarchies.types:
                    continue
                place = self._material.symbols.type(owner, path)
                kind = self._hierarchies.types[place].kind if place in self._hierarchies.types else None
                # What Rust implements for an alias is mostly for another library's type of that name.
                is_alias = kind is SymbolKind.TYPE and self._material.analyses[path].structure.language != "go"
                if place is not None and kind is not None and place[0] != path and not is_alias:
                    spread.setdefault(place, {})[path] = offered
        return spread


def _makes(symbol: Symbol) -> bool:
    """Whether it is a constructor, which nobody inherits."""
    owner, _, name = symbol.name.rpartition(".")
    return name in {owner.rpartition(".")[2], "constructor", "initialize"}


def _is_offered(symbol: Symbol) -> bool:
    name = symbol.name.rpartition(".")[2]
    return symbol.public and not name.startswith("_")


def _listed(builder: PageBuilder, members: Iterable[tuple[str, Symbol]]) -> str:
    links = list(dict.fromkeys(builder.symbol(path, item.name, item.name.rpartition(".")[2]) for path, item in members))
    return builder.with_rest(", ".join(links[:_NAMES]), len(links) - _NAMES)

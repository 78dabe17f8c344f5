"""Which types of the product extend or implement which, found once for a page. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from agents.codebase.facts.hierarchies import TYPES, bases, is_abstract, members_of
from agents.codebase.paths import is_generated, is_product
from agents.contracts.structure import Symbol, SymbolKind
from agents.roles.editor.material import Material

#: A type: the file that defines it, and its name there.
Type = tuple[str, str]


@dataclass(frozen=True)
class Hierarchies:
    """The types of a session's product."""

    material: Material

    @cached_property
    def types(self) -> dict[Type, Symbol]:
        """Every type of the product's files."""
        return {
            (path, symbol.name): symbol
            for path, analysis in sorted(self.material.analyses.items())
            if is_product(path) and not is_generated(path)
            for symbol in analysis.structure.symbols
            if symbol.kind in TYPES
        }

    @cached_property
    def below(self) -> dict[Type, list[Type]]:
        """The types that extend or implement a type directly."""
        children: dict[Type, list[Type]] = {}
        for derived, base in dict.fromkeys([*self._written(), *self._traits(), *self._go()]):
            if derived != base:
                children.setdefault(base, []).append(derived)
        return children

    def _written(self) -> Iterator[tuple[Type, Type]]:
        for (path, name), symbol in self.types.items():
            for base in bases(self.material.analyses[path].structure.language, symbol):
                place = self.material.symbols.type(base, path)
                if place in self.types:
                    yield (path, name), place

    def _traits(self) -> Iterator[tuple[Type, Type]]:
        """Rust's `impl Trait for Type`: a method names the trait that it implements."""
        for path, analysis in self.material.analyses.items():
            for symbol in analysis.structure.symbols if analysis.structure.language == "rust" else ():
                owner = (path, symbol.name.rpartition(".")[0])
                place = self.material.symbols.type(symbol.trait, path) if symbol.trait and owner in self.types else None
                if place in self.types:
                    yield owner, place

    def _go(self) -> Iterator[tuple[Type, Type]]:
        """Go's types that have every method of an interface."""
        methods: dict[Type, set[str]] = {}
        for path, analysis in self.material.analyses.items():
            if analysis.structure.language == "go" and is_product(path):
                for symbol in analysis.structure.symbols:
                    owner, _, name = symbol.name.rpartition(".")
                    is_method = symbol.kind is SymbolKind.METHOD and owner
                    defined = self.material.symbols.type(owner, path) if is_method else None
                    if defined in self.types:
                        methods.setdefault(defined, set()).add(name)
        for wanted, names in methods.items():
            if self.types[wanted].kind is SymbolKind.INTERFACE and len(names) > 1:
                for derived, own in methods.items():
                    if self.types[derived].kind is not SymbolKind.INTERFACE and names <= own:
                        yield derived, wanted

    @cached_property
    def extensible(self) -> list[Type]:
        """Interfaces, protocols, traits and abstract classes that others may implement, the most implemented first."""
        members = {path: members_of(analysis.structure) for path, analysis in self.material.analyses.items()}
        listed = [
            item
            for item, symbol in self.types.items()
            if symbol.public
            and self._counts(item)
            and is_abstract(self._language(item), symbol, members[item[0]].get(item[1], ()))
        ]
        return sorted(listed, key=lambda item: (-len(self.below.get(item, ())), item))

    def _language(self, item: Type) -> str:
        return self.material.analyses[item[0]].structure.language

    def _counts(self, item: Type) -> bool:
        """An interface of TypeScript or GraphQL is mostly a shape of data: it counts where something implements it."""
        shape = self._language(item) in {"typescript", "tsx", "graphql"}
        return not shape or item in self.below

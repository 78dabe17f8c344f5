"""What the walker must know of one language; each language's table lives in agents/codebase/structure/languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import tree_sitter

from agents.codebase.structure.documentation import Doc
from agents.codebase.structure.source import Source
from agents.contracts.structure import SymbolKind

#: Kinds whose functions are methods.
TYPES = frozenset({SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.ENUM, SymbolKind.TRAIT})
#: Kinds inside which nothing is a symbol of its own.
OPAQUE = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.MACRO})


@dataclass(frozen=True, slots=True)
class Found:
    """A definition as its language's table describes it; without `emits` it only lends its name to what it holds."""

    name: str
    kind: SymbolKind
    signature: str
    emits: bool = True
    public: bool | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What decides whether a symbol is public; `scope` is the kind of what holds it, None at the top of the file."""

    name: str
    kind: SymbolKind
    signature: str
    scope: SymbolKind | None
    exported: bool
    exports: frozenset[str] | None


@dataclass(frozen=True)
class Definition:
    """How a node type is read; `patterns` narrow the query to some places, each capturing @definition."""

    kind: SymbolKind
    name: str = "name"
    body: str = "body"
    patterns: tuple[str, ...] = ()
    describe: Callable[[tree_sitter.Node, Source], Found | None] | None = None

    def found(self, node: tree_sitter.Node, source: Source) -> Found | None:
        """The definition's name, kind and signature, or None when the node is none after all."""
        if self.describe is not None:
            return self.describe(node, source)
        name = source.name(node.child_by_field_name(self.name))
        return Found(name, self.kind, source.signature(node.start_byte, head_end(node, self.body))) if name else None


def head_end(node: tree_sitter.Node, body: str = "body") -> int:
    """The byte at which a definition's body begins, or its end without one; not every grammar names its bodies."""
    found = node.child_by_field_name(body) if body else None
    if found is None and node.child_count:
        last = node.child(node.child_count - 1)
        found = last if last is not None and last.type.endswith("_body") else None
    if found is None:
        return node.end_byte
    before = found.prev_sibling
    while before is not None and "comment" in before.type and before.start_byte > node.start_byte:
        found, before = before, before.prev_sibling
    return found.start_byte


#: An import's target and the names it brings.
Imported = tuple[str, tuple[str, ...]]


def _never(_node: tree_sitter.Node, _source: Source) -> bool | None:
    return None


def _no_exports(_root: tree_sitter.Node, _wrappers: list[tree_sitter.Node], _source: Source) -> frozenset[str] | None:
    return None


@dataclass(frozen=True)
class LanguageTable:
    """One language: its grammar's module and function, its definitions, and query patterns for everything else.

    `calls` capture the called name as @call, `raises` the whole statement as @raise, `imports` a node as @import.
    `wrappers` stand around a definition (decorators, export), `attributes` above it; `markers` change what is public.
    """

    name: str
    grammar: str
    definitions: Mapping[str, Definition]
    imports: tuple[str, ...]
    read_import: Callable[[tree_sitter.Node, Source], Iterator[Imported]]
    public: Callable[[Seen], bool]
    entry: str = "language"
    calls: tuple[str, ...] = ()
    raises: tuple[str, ...] = ()
    raised: re.Pattern[str] = re.compile(r"(?:raise|throw)\s+(?:new\s+|try\s+)?((?:[\w]+(?:\.|::|\\))*_*[A-Z]\w*)")
    comments: tuple[str, ...] = ("comment",)
    wrappers: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    markers: tuple[str, ...] = ()
    mark: Callable[[tree_sitter.Node, Source], bool | None] = field(default=_never)
    exports: Callable[[tree_sitter.Node, list[tree_sitter.Node], Source], frozenset[str] | None] = field(
        default=_no_exports
    )
    docstring: Callable[[tree_sitter.Node, Source], tuple[Doc, tree_sitter.Node] | None] | None = None

    def query(self) -> str:
        """The one query that finds everything the walker looks at."""
        lines: list[str] = []
        for node_type, definition in self.definitions.items():
            lines += definition.patterns or (f"({node_type}) @definition",)
        lines += [*self.calls, *self.raises, *self.imports, *self.markers]
        lines += [f"({node_type}) @comment" for node_type in self.comments]
        lines += [f"({node_type}) @wrapper" for node_type in self.wrappers]
        lines += [f"({node_type}) @attribute" for node_type in self.attributes]
        return "\n".join(lines)

"""What the walker must know of one language; each language's table lives in agents/codebase/structure/languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import tree_sitter

from agents.codebase.structure.documentation import Doc
from agents.codebase.structure.parameters import ParameterStyle
from agents.codebase.structure.source import Source
from agents.codebase.structure.source_comment import Comment
from agents.contracts.structure import MEMBER_KINDS, Parameter, SymbolKind

#: Kinds whose functions are methods.
TYPES = frozenset({SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.ENUM, SymbolKind.TRAIT})
#: Kinds inside which nothing is a symbol of its own.
OPAQUE = (frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.MACRO}) | MEMBER_KINDS) - {SymbolKind.VARIANT}


class Inside(StrEnum):
    """What a definition is to the definitions in it."""

    NOTHING = "nothing"
    """Nothing in it is a symbol."""
    OWNER = "owner"
    """Its name stands before theirs."""
    PASSED = "passed"
    """They belong to what holds it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A definition as its language's table describes it; without `emits` it only lends its name to what it holds.

    What it holds is not public when it is `hiding`.
    `doc` are words of its own, where no comment holds them alone.
    `parameters` are those that its list does not declare.
    One that is `bodiless` is declared beside a function of the same name that runs.
    `node` is where it stands when that is not the whole node; `inside` is decided by the kind when it is None. Of
    those with `once`, the first of a name stays and takes the doc and type that it lacks from the next.
    """

    name: str
    kind: SymbolKind
    signature: str
    emits: bool = True
    public: bool | None = None
    type: str = ""
    default: str = ""
    target: str = ""
    doc: str = ""
    trait: str = ""
    accessors: tuple[str, ...] = ()
    decorators: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    node: tree_sitter.Node | None = None
    inside: Inside | None = None
    once: bool = False
    overload: bool = False
    bodiless: bool = False
    hiding: bool = False


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
    """How a node type is read; `patterns` narrow the query to some places, each capturing @definition.

    `escapes` matches the names of methods in which the definition still belongs to the method's type.
    """

    kind: SymbolKind
    name: str = "name"
    body: str = "body"
    patterns: tuple[str, ...] = ()
    describe: Callable[[tree_sitter.Node, Source], Found | Iterable[Found] | None] | None = None
    escapes: re.Pattern[str] | None = None

    def descriptions(self, node: tree_sitter.Node, source: Source) -> tuple[Found, ...]:
        """What the node defines: nothing when it is no definition after all, several where it declares several."""
        if self.describe is not None:
            described = self.describe(node, source)
            return () if described is None else (described,) if isinstance(described, Found) else tuple(described)
        name = source.name(node.child_by_field_name(self.name))
        if not name:
            return ()
        signature = source.signature(node.start_byte, head_end(node, self.body))
        return (Found(name, self.kind, signature, type=source.name(_returned(node)).lstrip(":-> ").strip()),)


def _returned(node: tree_sitter.Node) -> tree_sitter.Node | None:
    """The node of the type that a function returns, whatever its grammar calls it."""
    for name in ("return_type", "returns", "result"):
        child = node.child_by_field_name(name)
        if child is not None:
            return child
    return node.child_by_field_name("type") if node.type.startswith("method") else None


def head_end(node: tree_sitter.Node, body: str = "body") -> int:
    """The byte at which a definition's body begins, or its end without one; not every grammar names its bodies."""
    child = node.child_by_field_name(body) if body else None
    if child is None and node.child_count:
        last = node.child(node.child_count - 1)
        child = last if last is not None and last.type.endswith("_body") else None
    if child is None:
        return node.end_byte
    before = child.prev_sibling
    while before is not None and "comment" in before.type and before.start_byte > node.start_byte:
        child, before = before, before.prev_sibling
    return child.start_byte


def parameter_lists(node: tree_sitter.Node) -> list[tuple[int, int]]:
    """The bytes between the brackets of a function's parameter lists, of which Scala has several."""
    lists = _lists(node)
    if len(lists) > 1:
        return [(part.start_byte + 1, part.end_byte - 1) for part in lists]
    place = _parameter_list(node)
    return [place] if place is not None else []


def _lists(node: tree_sitter.Node) -> list[tree_sitter.Node]:
    """The lists that a grammar calls parameters; Scala's calls those of types so, too."""
    return [part for part in node.children_by_field_name("parameters") if part.type != "type_parameters"]


def _parameter_list(node: tree_sitter.Node) -> tuple[int, int] | None:
    """The same of a function's one list, wherever its grammar puts it."""
    for name in ("value", "right", "block") if node.type == "call" else ("value", "right"):
        node = node.child_by_field_name(name) or node
    parameters = next(iter(_lists(node)), None)
    if parameters is None and (single := node.child_by_field_name("parameter")) is not None:  # `n => n`
        return single.start_byte, single.end_byte
    holder: tree_sitter.Node | None = node
    while holder is not None:  # C's innermost declarator is the function that is declared
        parameters = next(iter(_lists(holder)), parameters)
        pointed = holder.type == "parenthesized_declarator" and holder.named_child_count
        holder = holder.named_child(0) if pointed else holder.child_by_field_name("declarator")
    if parameters is None:
        parameters = next((child for child in node.named_children if child.type in _PARAMETER_LISTS), None)
    if parameters is not None:
        return parameters.start_byte + 1, parameters.end_byte - 1
    several = [child for child in node.children if child.type in {"(", ")"}]
    return (several[0].end_byte, several[-1].start_byte) if len(several) > 1 else None


_PARAMETER_LISTS = frozenset({"function_value_parameters", "parameter_list", "formal_parameters", "method_parameters"})


#: The comment that ends on a row.
Ending = Callable[[int], Comment | None]
#: An import's target and the names it brings.
Imported = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Marked:
    """Names of one scope of which a statement says whether they are public."""

    public: bool
    names: tuple[str, ...]


def _settled(description: Found, _decorators: tuple[str, ...], _scope: SymbolKind | None) -> Found | None:
    return description


def _never(_node: tree_sitter.Node, _source: Source) -> bool | str | Marked | None:
    return None


def _no_exports(_root: tree_sitter.Node, _wrappers: list[tree_sitter.Node], _source: Source) -> frozenset[str] | None:
    return None


@dataclass(frozen=True)
class LanguageTable:
    """One language: its grammar's module and function, its definitions, and query patterns for everything else.

    `calls` capture the called name as @call, `raises` the whole statement as @raise, `imports` a node as @import.
    `wrappers` stand around a definition (decorators, export), `attributes` above it; `markers` change what is public;
    a word that `mark` returns stands above what follows, which is public; nodes `beyond_markers` stay as they are.
    `bracketed` says that attributes stand in square brackets before a declaration.
    `interleaved` reads documentation that attributes carry a part of; it says nothing where comments alone carry it.
    `settle` has the last word on what was found, once its decorators and the kind of its owner are known.
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
    beyond_markers: frozenset[str] = frozenset()
    mark: Callable[[tree_sitter.Node, Source], bool | str | Marked | None] = field(default=_never)
    exports: Callable[[tree_sitter.Node, list[tree_sitter.Node], Source], frozenset[str] | None] = field(
        default=_no_exports
    )
    settle: Callable[[Found, tuple[str, ...], SymbolKind | None], Found | None] = field(default=_settled)
    parameters: ParameterStyle | None = None
    bracketed: bool = False
    interleaved: Callable[[int, Mapping[int, int], Ending, Source], Doc] | None = None
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

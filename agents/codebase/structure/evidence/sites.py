"""Places in a syntax tree that a rule may judge, with what stands around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import tree_sitter

#: Reading more of one argument than this tells nothing new.
TEXT_LIMIT = 4000
NODE_LIMIT = 300


class SiteKind(StrEnum):
    """What a site is; the captures of a grammar's query have these names."""

    CALL = "call"
    ASSIGN = "assign"
    PAIR = "pair"
    COMPARE = "compare"
    NODE = "node"
    LOOP = "loop"


@dataclass(frozen=True)
class Scope:
    """A function or a loop's body around a site."""

    node: tree_sitter.Node
    is_function: bool
    is_async: bool = False


@dataclass
class FileFacts:
    """What is known of the whole file: its bytes, its imports, and what its names were assigned."""

    source: bytes
    imports: Mapping[str, str]
    assigned: dict[tuple[int, str], list[tree_sitter.Node]] = field(default_factory=dict)

    def text(self, node: tree_sitter.Node) -> str:
        """The node's text, cut to TEXT_LIMIT bytes."""
        start, end = node.start_byte, min(node.end_byte, node.start_byte + TEXT_LIMIT)
        return self.source[start:end].decode("utf-8", "replace")


@dataclass(frozen=True)
class Site:
    """One place: its node, the dotted name it goes by, and the scopes around it, outermost first."""

    kind: SiteKind
    node: tree_sitter.Node
    name: str
    scopes: Sequence[Scope]
    facts: FileFacts

    @property
    def repeated(self) -> bool:
        """Whether a loop of the site's own function is around it."""
        return bool(self.scopes) and not self.scopes[-1].is_function

    @property
    def loops(self) -> list[Scope]:
        """The loops around the site inside its own function, outermost first."""
        inside: list[Scope] = []
        for scope in reversed(self.scopes):
            if scope.is_function:
                break
            inside.append(scope)
        return inside[::-1]

    @property
    def function(self) -> Scope | None:
        """The innermost function around the site."""
        return next((scope for scope in reversed(self.scopes) if scope.is_function), None)

    @property
    def text(self) -> str:
        """The site's own text."""
        return self.facts.text(self.node)

    @property
    def arguments(self) -> list[tree_sitter.Node]:
        """A call's arguments, without comments and without wrappers of single arguments."""
        holder = arguments_of(self.node)
        if holder is None:
            return [child for child in self.node.children_by_field_name("argument") if child.is_named]
        return [unwrapped(child) for child in holder.named_children if "comment" not in child.type]

    @property
    def value(self) -> tree_sitter.Node | None:
        """The right side of an assignment, the value of a pair."""
        node = self.node.child_by_field_name("right") or self.node.child_by_field_name("value")
        if node is None and self.node.named_child_count > 1:
            node = self.node.named_children[-1]
        return unwrapped(node) if node is not None else None

    @property
    def subject(self) -> tree_sitter.Node | None:
        """What the site is about: a call's first argument that is not named, else its value."""
        if self.kind is SiteKind.CALL:
            return next((node for node in self.arguments if node.type not in NAMED_ARGUMENTS), None)
        return self.value

    def assigned(self, name: str) -> list[tree_sitter.Node]:
        """What the name was assigned in the site's own function."""
        function = self.function
        return self.facts.assigned.get((function.node.start_byte if function else -1, name), [])


NAMED_ARGUMENTS = frozenset({"keyword_argument", "dictionary_splat", "named_argument", "block_argument"})
_ARGUMENT_HOLDERS = frozenset({"value_arguments", "token_tree", "argument_list", "arguments"})
_WRAPPERS = frozenset({"argument", "value_argument", "literal_element", "expression_list", "parenthesized_expression"})


def arguments_of(node: tree_sitter.Node) -> tree_sitter.Node | None:
    """The node that holds a call's arguments."""
    arguments = node.child_by_field_name("arguments")
    if arguments is None and node.named_child_count:
        last = node.named_children[-1]
        arguments = last if last.type in _ARGUMENT_HOLDERS else None
    return arguments


def unwrapped(node: tree_sitter.Node) -> tree_sitter.Node:
    """The node inside wrappers that hold nothing else."""
    while node.type in _WRAPPERS and node.named_child_count == 1:
        node = node.named_children[0]
    return node


def descendants(node: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    """The node and what is in it, outermost first, NODE_LIMIT at most."""
    stack, seen = [node], 0
    while stack and seen < NODE_LIMIT:
        node = stack.pop()
        seen += 1
        yield node
        stack.extend(reversed(node.named_children))

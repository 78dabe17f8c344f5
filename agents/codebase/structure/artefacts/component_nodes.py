"""Pieces of a component's script: the pairs of an object, the names of a pattern, values, comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import tree_sitter

from agents.codebase.structure.documentation import NOTHING, Doc, of_comment
from agents.codebase.structure.source import Source, fold, nth
from agents.contracts.structure import SymbolKind

FUNCTIONS = frozenset({"arrow_function", "function_expression", "method_definition"})
_WRAPPED = frozenset({"as_expression", "satisfies_expression", "parenthesized_expression"})
#: A function that makes an empty default.
_MADE = re.compile(r"\(\)\s*=>\s*\(?(\[\]|\{\})\)?")
_SIGNS = frozenset({",", "{", ";", "|"})


class ComponentMember(NamedTuple):
    """A member of a component; the one without a name is Vue's object of options, documented as the component is."""

    name: str
    kind: SymbolKind
    line: int
    end: int
    signature: str = ""
    type: str = ""
    default: str = ""
    doc: Doc = NOTHING
    accessors: tuple[str, ...] = ()
    public: bool = True


class Nodes:
    """Reads pieces of one script."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def argument(self, call: tree_sitter.Node | None, at: int, of: str = "arguments") -> tree_sitter.Node | None:
        """An argument of a call, or with `type_arguments` one of its types; None where it is not given."""
        arguments = call.child_by_field_name(of) if call is not None else None
        return nth(arguments, at) if arguments is not None else None

    def unpacked(self, pattern: tree_sitter.Node | None) -> Iterator[tuple[str, tree_sitter.Node]]:
        """The names that a pattern takes out of an object, each with its place."""
        if pattern is None or pattern.type != "object_pattern":
            return
        for part in pattern.named_children:
            key = part.child_by_field_name("key") or part.child_by_field_name("left") or part
            if part.type != "rest_pattern" and part.type != "comment":
                yield self.source.name(key).strip("\"'"), part

    def defaults(self, pattern: tree_sitter.Node | None) -> dict[str, str]:
        defaults: dict[str, str] = {}
        for key, part in self.unpacked(pattern):
            holder = part.child_by_field_name("value") if part.type == "pair_pattern" else part
            value = holder.child_by_field_name("right") if holder is not None else None
            if value is not None:
                default = self.value(value)
                bound = re.fullmatch(r"\$bindable\((.*)\)", default)
                defaults[key] = bound.group(1) if bound else default
        return defaults

    def pairs(self, value: tree_sitter.Node | None) -> Iterator[tuple[str, tree_sitter.Node, tree_sitter.Node | None]]:
        """The names of an object with their places and values; a method is its own value."""
        while value is not None and value.type in _WRAPPED:
            value = nth(value, 0)
        for part in value.named_children if value is not None and value.type == "object" else ():
            named = part.child_by_field_name("key") or part.child_by_field_name("name")
            if part.type in {"pair", "method_definition"} and named is not None:
                inner = part.child_by_field_name("value") if part.type == "pair" else part
                yield self.source.name(named).strip("\"'"), part, inner
            elif part.type == "shorthand_property_identifier":
                yield self.source.name(part), part, None

    def member(
        self, node: tree_sitter.Node, owner: str, name: str, kind: SymbolKind, type_: str, default: str = ""
    ) -> ComponentMember:
        body = node.child_by_field_name("body")
        end = body.start_byte if body is not None else node.end_byte
        written = fold(self.source.signature(node.start_byte, end), 300)
        return ComponentMember(
            f"{owner}.{name}" if owner else name,
            kind,
            node.start_point[0] + 1,
            node.end_point[0] + 1,
            written,
            type_,
            default,
            self.doc(node),
        )

    def value(self, node: tree_sitter.Node | None) -> str:
        made = _MADE.fullmatch(self.source.written(node))
        return made.group(1) if made else self.source.value(node)

    def doc(self, node: tree_sitter.Node) -> Doc:
        """The comment directly above, or above the declaration that a name begins."""
        before = node.prev_sibling
        while before is not None and before.type in _SIGNS:
            before = before.prev_sibling
        above = node.parent if node.type == "variable_declarator" else None
        if above is not None and (before is None or before.type != "comment"):
            return self.doc(above)
        if before is None or before.type != "comment" or before.end_point[0] < node.start_point[0] - 1:
            return NOTHING
        return of_comment(self.source.text(before, 100_000), "typescript")


def returned(data: tree_sitter.Node) -> tree_sitter.Node | None:
    """The object that Vue's `data` is or returns."""
    value = data.child_by_field_name("value") if data.type == "pair" else data
    body = value.child_by_field_name("body") if value is not None and value.type in FUNCTIONS else value
    if body is None or body.type != "statement_block":
        return body
    returns = [child for child in body.named_children if child.type == "return_statement"]
    return nth(returns[-1], 0) if returns else None

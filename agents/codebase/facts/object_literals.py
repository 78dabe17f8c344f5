"""Object literals of JavaScript and TypeScript: commands, tables and routes are described by them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import tree_sitter

from agents.codebase.facts.calls import CodeCall, node_text
from agents.codebase.facts.file import ParsedCode, place_at
from agents.codebase.facts.written import literal
from agents.codebase.structure.comments import plain
from agents.contracts.base import Lines

_AROUND = frozenset(
    {"parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression", "type_assertion"}
)


@dataclass(frozen=True)
class ObjectEntry:
    """A member of an object: its name, its value as written and as a node, and the comment above it."""

    name: str
    value: str
    node: tree_sitter.Node
    lines: Lines
    doc: str = ""


def argument_nodes(call: CodeCall) -> list[tree_sitter.Node]:
    """The arguments of a call as nodes."""
    holder = call.node.child_by_field_name("arguments") if call.node is not None else None
    return [item for item in holder.named_children if "comment" not in item.type] if holder is not None else []


def nodes_by_name(node: tree_sitter.Node | None, source: bytes) -> dict[str, tree_sitter.Node]:
    """The values of an object by their names; a method or a name alone stands for itself."""
    described = _unwrapped(node) if node is not None else None
    if described is None or described.type != "object":
        return {}
    result: dict[str, tree_sitter.Node] = {}
    for child in described.named_children:
        key = child.child_by_field_name("key") or child.child_by_field_name("name") or child
        value = child.child_by_field_name("value") if child.type == "pair" else child
        if value is not None and "comment" not in child.type:
            result.setdefault(node_text(key, source).strip("\"'"), value)
    return result


def texts_by_name(node: tree_sitter.Node | None, source: bytes) -> dict[str, str]:
    """The values of an object as they are written, by their names."""
    return {name: node_text(value, source) for name, value in nodes_by_name(node, source).items()}


def object_in(node: tree_sitter.Node, file: ParsedCode) -> tree_sitter.Node | None:
    """The object that an expression is, that a function answers, or that a variable of the file is given."""
    if node.type == "identifier":
        node = file.variables.get(file.text(node), node)
    if node.type == "arrow_function":
        node = node.child_by_field_name("body") or node
    node = _unwrapped(node)
    return node if node.type == "object" else None


def _unwrapped(node: tree_sitter.Node) -> tree_sitter.Node:
    """What stands inside brackets and below assertions of types."""
    while node.type in _AROUND and node.named_children:
        node = node.named_children[0]
    return node


def entries(node: tree_sitter.Node, file: ParsedCode) -> Iterator[ObjectEntry]:
    """The named members of an object."""
    above: tree_sitter.Node | None = None
    last = node.start_point[0]
    comment = ""
    for child in node.named_children:
        if child.type == "comment":
            is_above = child.start_point[0] > last or above is None
            comment = plain(file.text(child)) if is_above else ""
            continue
        name, value = child.child_by_field_name("key"), child.child_by_field_name("value")
        if child.type == "pair" and name is not None and value is not None:
            written = file.text(name)
            yield ObjectEntry(literal(written) or written, file.text(value), value, place_at(child), comment)
        above, last, comment = child, child.end_point[0], ""


def entry_values(node: tree_sitter.Node | None, file: ParsedCode) -> dict[str, str]:
    """The values of an object as written, by name; nothing for what is no object."""
    described = object_in(node, file) if node is not None else None
    return {item.name: item.value for item in entries(described, file)} if described is not None else {}

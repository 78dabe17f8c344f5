"""Object literals of JavaScript and TypeScript as their trees have them: comments between entries are no part."""

from __future__ import annotations

import tree_sitter

from agents.codebase.facts.calls import CodeCall

_WRAPPERS = frozenset({"as_expression", "satisfies_expression", "parenthesized_expression", "type_assertion"})


def entries(node: tree_sitter.Node | None, source: bytes) -> dict[str, tree_sitter.Node]:
    """The values of an object literal by their names; a method or a name alone stands for itself."""
    while node is not None and node.type in _WRAPPERS and node.named_children:
        node = node.named_children[0]
    if node is None or node.type != "object":
        return {}
    result: dict[str, tree_sitter.Node] = {}
    for child in node.named_children:
        key = child.child_by_field_name("key") or child.child_by_field_name("name") or child
        value = child.child_by_field_name("value") if child.type == "pair" else child
        if value is not None and "comment" not in child.type:
            result.setdefault(written(key, source).strip("\"'"), value)
    return result


def written(node: tree_sitter.Node | None, source: bytes) -> str:
    """A node as it is written; empty for none."""
    if node is None:
        return ""
    return source[node.start_byte : min(node.end_byte, node.start_byte + 4_000)].decode("utf-8", "replace")


def argument_nodes(call: CodeCall) -> list[tree_sitter.Node]:
    """The arguments of a call."""
    holder = call.node.child_by_field_name("arguments") if call.node is not None else None
    nodes = holder.named_children if holder is not None else []
    return [node for node in nodes if "comment" not in node.type]


def values(node: tree_sitter.Node | None, source: bytes) -> dict[str, str]:
    """The values of an object literal as they are written, by their names."""
    return {name: written(value, source) for name, value in entries(node, source).items()}

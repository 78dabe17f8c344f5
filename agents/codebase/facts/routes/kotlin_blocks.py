"""Blocks of Kotlin as the calls they belong to: in its tree, a block behind arguments makes a call around theirs."""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter

from agents.codebase.facts.calls import CodeCall, read


def blocks_around(call: CodeCall) -> Iterator[CodeCall]:
    """The calls in whose arguments or blocks a call stands, the innermost first."""
    return (called_with(outer) for outer in call.around() if _called(outer) != call.node)


def called_with(call: CodeCall) -> CodeCall:
    """The call with the arguments before its block; itself where it is no block's."""
    inner = _called(call)
    return read(inner, call.source) if inner is not None else call


def _called(call: CodeCall) -> tree_sitter.Node | None:
    children = call.node.named_children if call.node is not None else []
    return children[0] if children and children[0].type == "call_expression" else None

"""Symbols that comments declare, in languages whose documentation has tags for that."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import tree_sitter

from agents.codebase.structure.documentation import NOTHING, Doc
from agents.codebase.structure.language import Definition, Found
from agents.codebase.structure.source import Source
from agents.contracts.structure import SymbolKind


def declared_in_comments(
    kind: SymbolKind, tag: str, describe: Callable[[tree_sitter.Node, Source], Found | Iterable[Found] | None]
) -> Definition:
    """The definitions in comments with a `tag`, an expression as the grammar's queries write it."""
    return Definition(kind, patterns=(f'((comment) @definition (#match? @definition "{tag}"))',), describe=describe)


def own_words(node: tree_sitter.Node, _source: Source) -> tuple[Doc, tree_sitter.Node] | None:
    """What a comment declares has the comment's words already, and no other comment's."""
    return (NOTHING, node) if node.type == "comment" else None

"""Files with a grammar: parse, query once, walk, and find the file's own doc."""

from __future__ import annotations

import re

import tree_sitter

from agents.contracts.base import Lines
from agents.contracts.structure import Structure
from agents.structure import evidence
from agents.structure.grammars import Grammar, grammar
from agents.structure.source import Source
from agents.structure.walker import Walk

_BRACKET = re.compile(rb"[()\[\]{}]")
_DEEPEST_BRACKET = 500
_NESTING_COMMENTS = frozenset({"kotlin", "rust", "scala", "swift"})
_MOST_UNCLOSED = 300
_NO_CODE = frozenset({"php_tag", "text", "hash_bang_line"})


def read(language: str, data: bytes, lines: int) -> Structure:
    """The structure of one file in a language that has a grammar."""
    if language in _NESTING_COMMENTS and data.count(b"/*") - data.replace(b"/*", b"").count(b"*/") > _MOST_UNCLOSED:
        # Grammars with nested comments look for the end of each again and again, minutes for a few kilobytes.
        raise ValueError("hundreds of comments are never closed")
    used = grammar(language)
    table = used.table
    root = used.parser.parse(data).root_node
    captures = tree_sitter.QueryCursor(used.query).captures(root)
    plain = Source(data)
    source = Source(data, table.exports(root, captures.get("wrapper", []), plain))
    walk = Walk(table, source, captures, lines)
    symbols = walk.symbols()
    doc = _file_doc(used, root, walk, source)
    return Structure(
        language=language,
        line_count=lines,
        doc=doc[0] if doc else "",
        doc_lines=doc[1] if doc else None,
        symbols=symbols,
        imports=walk.imports(),
        evidence=evidence.collect(language, root, data, symbols) if _is_shallow(data) else (),
        parse_errors=len(tree_sitter.QueryCursor(used.errors).captures(root).get("error", ())) if root.has_error else 0,
    )


def _is_shallow(data: bytes) -> bool:
    """Whether brackets nest as people nest them; queries for evidence take time by the square of the depth."""
    depth = 0
    for bracket in _BRACKET.finditer(data):
        depth += 1 if bracket.group() in b"([{" else -1
        if depth > _DEEPEST_BRACKET:
            return False
    return True


def _file_doc(used: Grammar, root: tree_sitter.Node, walk: Walk, source: Source) -> tuple[str, Lines] | None:
    table = used.table
    if table.docstring is not None:
        inside = table.docstring(root, source)
        if inside is not None:
            return inside[0], walk.lines(inside[1])
    code = _first_code(root, {*table.comments, *table.attributes})
    if code is None:
        head = walk.comments.head(len(source.data), -1, belongs=False)
    else:
        belongs = code.type in table.definitions or code.type in table.wrappers
        head = walk.comments.head(code.start_byte, code.start_point[0], belongs)
    return (head[0], Lines(start=head[1] + 1, end=head[2] + 1)) if head else None


def _first_code(root: tree_sitter.Node, passed: set[str]) -> tree_sitter.Node | None:
    """The first node that is no comment; an attribute above a definition is passed over with it."""
    cursor = root.walk()
    if not cursor.goto_first_child():
        return None
    while True:
        node = cursor.node
        if node is not None and node.type not in passed and node.type not in _NO_CODE:
            return node
        if not cursor.goto_next_sibling():
            return None

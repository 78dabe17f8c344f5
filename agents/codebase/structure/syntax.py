"""Files with a grammar: parse, query once, walk, and find the file's own doc."""

from __future__ import annotations

import re
from itertools import accumulate

import tree_sitter

from agents.codebase.facts import facts_of_code
from agents.codebase.facts.file import ParsedCode
from agents.codebase.structure import conditionals, evidence, kotlin_text
from agents.codebase.structure.deadline import captures as captures_of
from agents.codebase.structure.deadline import parsed
from agents.codebase.structure.documentation import Doc
from agents.codebase.structure.expansions import with_expanded
from agents.codebase.structure.grammars import Grammar, grammar
from agents.codebase.structure.inherited import with_inherited
from agents.codebase.structure.source import Source
from agents.codebase.structure.walker import Walk
from agents.contracts.base import Lines
from agents.contracts.structure import Structure, Symbol

_STEPS = {**dict.fromkeys(b"([{", 1), **dict.fromkeys(b")]}", -1)}
_NO_BRACKETS = bytes(sorted({*range(256)} - {*_STEPS}))
#: Beyond this the recovery of every grammar takes time by the square of what is left.
_MOST_OPEN = 3_000
_DEEPEST_BRACKET = 500
#: Java's and C#'s grammars follow every reading of `A<A<A<` at once: a gigabyte for 16 kB, in one step of the parser.
_MOST_ANGLES = 1_000
_ANGLES = {ord("<"): 1, ord(">"): -1}
_NO_ANGLE = re.compile(rb"<<|->|=>|>=|<=|[^<>;{}]+")
_STATEMENT_END = re.compile(rb"[;{}]")
_NESTING_COMMENTS = frozenset({"kotlin", "rust", "scala", "swift"})
_STARRED = re.compile(rb"\*\*[ \t\\\r\n]*(?:[/@%]+[ \t\\\r\n]*\*+[ \t\\\r\n]*){60}")
_MOST_UNCLOSED = 300
_DIRECTIVE = re.compile(rb"[\"']use ")
#: How many unread bytes are as bad as one more place that could not be read.
_PLACE = 20
_WITH_INHERITED = frozenset({"javascript", "typescript", "tsx"})
_ANNOTATED = "annotated_expression"
_NO_CODE = frozenset({"php_tag", "text", "hash_bang_line", "declare_statement"})


def read(language: str, data: bytes, lines: int, *, with_evidence: bool = True) -> Structure:
    """The structure of one file in a language that has a grammar; without evidence it has no facts either."""
    return read_with_tree(language, data, lines, with_evidence=with_evidence)[0]


def read_with_tree(
    language: str, data: bytes, lines: int, *, with_evidence: bool = True
) -> tuple[Structure, tree_sitter.Node]:
    """The same with the tree's root, for whoever reads more in it."""
    if language in _NESTING_COMMENTS and data.count(b"/*") - data.replace(b"/*", b"").count(b"*/") > _MOST_UNCLOSED:
        # Grammars with nested comments look for the end of each again and again, minutes for a few kilobytes.
        raise ValueError("hundreds of comments are never closed")
    if language == "python" and _STARRED.search(data):
        # Its grammar tries every star as two operators: 2.9 GB for 6 kB, in one step that nothing can interrupt.
        raise ValueError("dozens of operators have no operands")
    deepest, unclosed = _nesting(data)
    if unclosed > _MOST_OPEN:
        raise ValueError("thousands of brackets are never closed")
    if any(_deepest_angle(statement) > _MOST_ANGLES for statement in _STATEMENT_END.split(_NO_ANGLE.sub(b"", data))):
        raise ValueError("thousands of angle brackets are never closed in one statement")
    used = grammar(language)
    table = used.table
    root, parse_errors = _parsed(used, language, data)
    captures = captures_of(used.query, root)
    plain = Source(data)
    comments = sorted((node.start_byte, node.end_byte) for node in captures.get("comment", ()))
    source = Source(data, table.exports(root, captures.get("wrapper", []), plain), comments, table.bracketed)
    walk = Walk(table, source, captures, lines)
    symbols = walk.symbols()
    if language == "rust" and b"!" in data:
        symbols = with_expanded(symbols, root, data, lambda part: _symbols_of(used, part))
    if language in _WITH_INHERITED:
        symbols = with_inherited(symbols)
    doc = _file_doc(used, root, walk, source)
    # Queries for evidence take time by the square of the depth.
    shallow = deepest <= _DEEPEST_BRACKET
    lines_of_evidence = evidence.collect(language, root if shallow else None, data, symbols) if with_evidence else ()
    imports = walk.imports()
    structure = Structure(
        language=language,
        line_count=lines,
        doc=doc[0].text if doc else "",
        documentation=doc[0].document if doc else None,
        doc_lines=doc[1] if doc else None,
        symbols=symbols,
        imports=imports,
        evidence=lines_of_evidence,
        facts=facts_of_code(ParsedCode(language, root, data, symbols, imports)) if shallow and with_evidence else (),
        # What was not looked at is admitted as well.
        parse_errors=parse_errors if shallow else max(1, parse_errors),
    )
    return structure, root


def _symbols_of(used: Grammar, data: bytes) -> tuple[tuple[Symbol, ...], tree_sitter.Node]:
    """The symbols of a text that no file holds by itself, and its tree."""
    root = parsed(used.parser, data)
    captures = captures_of(used.query, root)
    comments = sorted((node.start_byte, node.end_byte) for node in captures.get("comment", ()))
    walk = Walk(used.table, Source(data, None, comments, used.table.bracketed), captures, data.count(b"\n") + 1)
    return walk.symbols(), root


def _parsed(used: Grammar, language: str, data: bytes) -> tuple[tree_sitter.Node, int]:
    """The tree that reads most of the file, and how many places even that one could not read."""
    data = conditionals.prepared(language, data) if language in conditionals.LANGUAGES else data
    root = parsed(used.parser, data)
    if language == "kotlin" and (starts := [node.start_byte for node in root.children if node.type == _ANNOTATED]):
        # No expression stands at the top of a file: a declaration was taken for one.
        data = kotlin_text.declared(data, starts)
        root = parsed(used.parser, data)
    errors, unread = _errors(used, root)
    if errors and language in conditionals.LANGUAGES:
        again = parsed(used.parser, conditionals.tidied(language, data))
        left, still_unread = _errors(used, again)
        # One place may be the whole file.
        if still_unread + _PLACE * left < unread + _PLACE * errors:
            return again, left
    return root, errors


def _errors(used: Grammar, root: tree_sitter.Node) -> tuple[int, int]:
    """How many places the grammar could not read, and how many bytes they are."""
    if not root.has_error:
        return 0, 0
    places = captures_of(used.errors, root).get("error", ())
    return max(1, len(places)), sum(place.end_byte - place.start_byte for place in places)


def _nesting(data: bytes) -> tuple[int, int]:
    """How deep brackets nest, and how many are never closed."""
    steps = list(map(_STEPS.__getitem__, data.translate(None, _NO_BRACKETS)))
    return max(accumulate(steps), default=0), sum(steps)


def _deepest_angle(statement: bytes) -> int:
    """How deep angle brackets nest, of which nothing else is left in the statement."""
    if len(statement) <= _MOST_ANGLES:
        return 0
    return max(accumulate(map(_ANGLES.__getitem__, statement)))


def _file_doc(used: Grammar, root: tree_sitter.Node, walk: Walk, source: Source) -> tuple[Doc, Lines] | None:
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
        if node is not None and node.type == "preproc_ifdef" and cursor.goto_first_child():
            continue  # the guard of a header
        is_code = node is not None and node.type not in passed and node.type not in _NO_CODE
        if node is not None and is_code and not _DIRECTIVE.match(node.text or b"") and not _is_guard(node):
            return node
        if not cursor.goto_next_sibling():
            return None


def _is_guard(node: tree_sitter.Node) -> bool:
    """Whether a node is a part of what keeps a header from being read twice."""
    if node.type == "preproc_def":
        return node.child_by_field_name("value") is None
    parent = node.parent
    of_guard = (
        parent is not None and parent.type == "preproc_ifdef" and node.type in {"#ifndef", "#ifdef", "identifier"}
    )
    return of_guard or (node.type == "preproc_call" and (node.text or b"").startswith(b"#pragma once"))

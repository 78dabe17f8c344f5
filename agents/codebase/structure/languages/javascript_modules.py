"""Modules inside a file: a function that is called where it stands and returns what it offers, and a namespace."""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter

from agents.codebase.structure.language import Marked
from agents.codebase.structure.source import Source, nth

_FUNCTIONS = frozenset({"function_expression", "arrow_function"})
#: `const App = (function () { … return { open, close: stop }; })();`
MARKERS = ("(statement_block (return_statement (object) @marker))",)
NAMESPACES = ("(internal_module body: (statement_block) @marker)",)


def called_at_once(value: tree_sitter.Node) -> tree_sitter.Node | None:
    """The body of the function that a value calls where it stands; None for another value."""
    called = value.child_by_field_name("function") if value.type == "call_expression" else None
    if called is not None and called.type == "parenthesized_expression":
        called = nth(called, 0)
    if called is None or called.type not in _FUNCTIONS:
        return None
    body = called.child_by_field_name("body")
    return body if body is not None and body.type == "statement_block" else None


def offered(value: tree_sitter.Node) -> tree_sitter.Node | None:
    """The object that such a function returns."""
    body = called_at_once(value)
    for statement in reversed(body.named_children if body is not None else ()):
        if statement.type == "return_statement":
            returned = nth(statement, 0)
            return returned if returned is not None and returned.type == "object" else None
    return None


def is_no_module(pair: tree_sitter.Node) -> bool:
    """Whether a pair stands in an object that a function returns, and the function is no module."""
    returned = pair.parent
    is_returned = returned is not None and returned.parent is not None and returned.parent.type == "return_statement"
    return returned is not None and is_returned and _module_of(returned) is None


def mark(node: tree_sitter.Node, source: Source) -> Marked | None:
    """The names of a module that only it can use."""
    if node.type == "statement_block":
        return _of_namespace(node, source)
    body = _module_of(node)
    if body is None:
        return None
    given = set(_given(node, source))
    declared = [
        source.name(statement.child_by_field_name("name"))
        for statement in body.named_children
        if statement.type.endswith(("function_declaration", "class_declaration"))
    ]
    return Marked(public=False, names=tuple(name for name in declared if name not in given))


def _module_of(returned: tree_sitter.Node) -> tree_sitter.Node | None:
    """The body of the function that returns an object, if a variable gets what it returns."""
    node: tree_sitter.Node | None = returned
    for _ in range(6):
        node = node.parent if node is not None else None
        if node is not None and node.type == "variable_declarator":
            value = node.child_by_field_name("value")
            if value is None or offered(value) != returned:
                return None
            return called_at_once(value)
    return None


def _given(returned: tree_sitter.Node, source: Source) -> Iterator[str]:
    for part in returned.named_children:
        if part.type == "shorthand_property_identifier":
            yield source.name(part)
        elif part.type == "pair":
            yield source.name(part.child_by_field_name("value"))


def _of_namespace(body: tree_sitter.Node, source: Source) -> Marked | None:
    """What a namespace does not export; all of one that is only declared is exported."""
    above = body.parent
    while above is not None:
        if above.type == "ambient_declaration":
            return None
        above = above.parent
    hidden: list[str] = []
    for statement in body.named_children:
        if statement.type in {"lexical_declaration", "variable_declaration"}:
            hidden += [source.name(part.child_by_field_name("name")) for part in statement.named_children]
        elif (named := statement.child_by_field_name("name")) is not None:
            hidden.append(source.name(named))
    return Marked(public=False, names=tuple(hidden))

"""Python: docstrings, decorators, relative imports; a leading underscore is private."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter

from agents.codebase.structure.documentation import NOTHING, Doc, docstrings, document
from agents.codebase.structure.language import Definition, Found, Imported, LanguageTable, Seen
from agents.codebase.structure.source import Source, is_literal_harmless, nth
from agents.contracts.structure import SymbolKind

_CONSTANT = re.compile(r"_?[A-Z][A-Z0-9_]*$")


def _constant(node: tree_sitter.Node, source: Source) -> Found | None:
    name = source.name(node.child_by_field_name("left"))
    if not _CONSTANT.match(name):
        return None
    hint = node.child_by_field_name("type")
    value = node.child_by_field_name("right")
    written = source.text(value) if value is not None else ""
    signature = name + (f": {source.name(hint)}" if hint is not None else "")
    if value is not None:
        signature += f" = {written if is_literal_harmless(written) else '…'}"
    return Found(name, SymbolKind.CONSTANT, signature)


def _alias(node: tree_sitter.Node, source: Source) -> Found | None:
    return Found(
        source.name(node.child_by_field_name("left")).split("[")[0],
        SymbolKind.TYPE,
        source.signature(node.start_byte, node.end_byte),
    )


def _docstring(node: tree_sitter.Node, source: Source) -> tuple[Doc, tree_sitter.Node] | None:
    text = _below(node) if node.type == "assignment" else _first_statement(node)
    if text is None:
        return None
    said = docstrings.text_of(text, source)
    doc = document(said, "python") if said else NOTHING
    return (doc, text) if doc.text else None


def _first_statement(node: tree_sitter.Node) -> tree_sitter.Node | None:
    """What the first statement of a body says."""
    body = node if node.type == "module" else node.child_by_field_name("body")
    statement = nth(body, 0) if body is not None else None
    for at in range(1, 10):
        if body is None or statement is None or statement.type != "comment":
            break
        statement = nth(body, at)
    return _expression(statement)


def _below(node: tree_sitter.Node) -> tree_sitter.Node | None:
    """The string directly below an assignment documents what is assigned."""
    following = node.parent.next_named_sibling if node.parent is not None else None
    near = following is not None and following.start_point[0] <= node.end_point[0] + 1
    return _expression(following) if near else None


def _expression(statement: tree_sitter.Node | None) -> tree_sitter.Node | None:
    if statement is None or statement.type != "expression_statement":
        return None
    return nth(statement, 0)


def _imports(node: tree_sitter.Node, source: Source) -> Iterator[Imported]:
    names = tuple(source.name(_imported(name)) for name in node.children_by_field_name("name"))
    if node.type == "import_statement":
        yield from ((name, ()) for name in names)
    elif node.type == "future_import_statement":
        yield "__future__", names
    else:
        wildcard = any(child.type == "wildcard_import" for child in node.children)
        yield source.name(node.child_by_field_name("module_name")).replace(" ", ""), ("*",) if wildcard else names


def _imported(name: tree_sitter.Node) -> tree_sitter.Node:
    return (name.child_by_field_name("name") if name.type == "aliased_import" else None) or name


def _is_public(seen: Seen) -> bool:
    dunder = seen.name.startswith("__") and seen.name.endswith("__")
    return dunder or not seen.name.startswith("_")


TABLE = LanguageTable(
    name="python",
    grammar="python",
    definitions={
        "class_definition": Definition(SymbolKind.CLASS),
        "function_definition": Definition(SymbolKind.FUNCTION),
        "assignment": Definition(
            SymbolKind.CONSTANT,
            patterns=("(module (expression_statement (assignment left: (identifier)) @definition))",),
            describe=_constant,
        ),
        "type_alias_statement": Definition(SymbolKind.TYPE, describe=_alias),
    },
    imports=("[(import_statement) (import_from_statement) (future_import_statement)] @import",),
    read_import=_imports,
    public=_is_public,
    calls=("(call function: (_) @call)",),
    raises=("(raise_statement) @raise",),
    wrappers=("decorated_definition",),
    docstring=_docstring,
)

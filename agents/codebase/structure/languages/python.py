"""Python: docstrings, decorators, relative imports; a leading underscore is private."""

from __future__ import annotations

import re
from collections.abc import Iterator
from inspect import cleandoc

import tree_sitter

from agents.codebase.structure.docs import spoken
from agents.codebase.structure.language import Definition, Found, Imported, LanguageTable, Seen
from agents.codebase.structure.source import Source, is_literal_harmless, nth
from agents.contracts.structure import SymbolKind

_CONSTANT = re.compile(r"_?[A-Z][A-Z0-9_]*$")
_DOC_LENGTH = 4000


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


def _docstring(node: tree_sitter.Node, source: Source) -> tuple[str, tree_sitter.Node] | None:
    body = node if node.type == "module" else node.child_by_field_name("body")
    if body is None:
        return None
    statement = nth(body, 0)
    for at in range(1, 10):
        if statement is None or statement.type != "comment":
            break
        statement = nth(body, at)
    if statement is None or statement.type != "expression_statement":
        return None
    text = nth(statement, 0)
    if text is None or text.type != "string":
        return None
    content = [source.text(part, _DOC_LENGTH) for part in text.named_children if part.type == "string_content"]
    doc = spoken(cleandoc("".join(content)).strip())[:_DOC_LENGTH]
    return (doc, text) if doc else None


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

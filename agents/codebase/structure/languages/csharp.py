"""C#: XML doc comments, properties, records; public where it says so, and in interfaces."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter

from agents.codebase.structure.language import Definition, Found, Imported, LanguageTable, Seen, head_end
from agents.codebase.structure.source import Source, is_literal_harmless, nth
from agents.contracts.structure import SymbolKind

_PUBLIC = re.compile(r"\bpublic\b")


def _method(node: tree_sitter.Node, source: Source) -> Found | None:
    """A method's signature ends at its block or its arrow; its base or this call is left out."""
    name = source.name(node.child_by_field_name("name"))
    ends = [
        child.start_byte
        for child in node.children
        if child.type in {"arrow_expression_clause", "constructor_initializer"}
    ]
    signature = source.signature(node.start_byte, min([head_end(node), *ends]))
    return Found(f"~{name}" if node.type == "destructor_declaration" else name, SymbolKind.FUNCTION, signature)


def _constant(node: tree_sitter.Node, source: Source) -> Found | None:
    variable = next((child for child in node.named_children if child.type == "variable_declaration"), None)
    declarator = nth(variable, -1) if variable is not None else None
    if variable is None or declarator is None:
        return None
    head = source.signature(node.start_byte, declarator.start_byte)
    if not re.search(r"\bconst\b|\bstatic\b.*\breadonly\b", head):
        return None
    name = source.name(declarator.child_by_field_name("name"))
    value = nth(declarator, -1)
    shown = source.text(value) if value is not None else "…"
    return Found(name, SymbolKind.CONSTANT, f"{head} {name} = {shown if is_literal_harmless(shown) else '…'}")


def _imports(node: tree_sitter.Node, source: Source) -> Iterator[Imported]:
    alias = node.child_by_field_name("name")
    target = nth(node, -1)
    yield source.name(target), (source.name(alias),) if alias is not None else ()


def _is_public(seen: Seen) -> bool:
    return seen.scope is SymbolKind.INTERFACE or bool(_PUBLIC.search(seen.signature.split("(")[0]))


TABLE = LanguageTable(
    name="csharp",
    grammar="c_sharp",
    definitions={
        "class_declaration": Definition(SymbolKind.CLASS),
        "record_declaration": Definition(SymbolKind.CLASS),
        "interface_declaration": Definition(SymbolKind.INTERFACE),
        "struct_declaration": Definition(SymbolKind.STRUCT),
        "enum_declaration": Definition(SymbolKind.ENUM),
        "delegate_declaration": Definition(SymbolKind.TYPE),
        "method_declaration": Definition(SymbolKind.FUNCTION, describe=_method),
        "constructor_declaration": Definition(SymbolKind.FUNCTION, describe=_method),
        "destructor_declaration": Definition(SymbolKind.FUNCTION, describe=_method),
        "property_declaration": Definition(SymbolKind.METHOD, body="accessors"),
        "field_declaration": Definition(SymbolKind.CONSTANT, describe=_constant),
    },
    imports=("(using_directive) @import",),
    read_import=_imports,
    public=_is_public,
    calls=("(invocation_expression function: (_) @call)", "(object_creation_expression type: (_) @call)"),
    raises=("(throw_statement) @raise", "(throw_expression) @raise"),
)

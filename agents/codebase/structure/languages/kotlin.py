"""Kotlin: KDoc, objects and companions, extension functions; public unless it says otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter

from agents.codebase.structure.language import Definition, Found, Imported, LanguageTable, head_end
from agents.codebase.structure.source import Source, is_literal_harmless, nth
from agents.contracts.structure import SymbolKind

_HIDDEN = re.compile(r"\b(?:private|internal|protected)\b")


def _class(node: tree_sitter.Node, source: Source) -> Found | None:
    name = source.name(node.child_by_field_name("name"))
    signature = source.signature(node.start_byte, head_end(node))
    words = set(signature.split(name)[0].split()) if name else set()
    kind = SymbolKind.INTERFACE if "interface" in words else SymbolKind.ENUM if "enum" in words else SymbolKind.CLASS
    return Found(name, kind, signature)


def _companion(node: tree_sitter.Node, source: Source) -> Found | None:
    return Found(
        source.name(node.child_by_field_name("name")) or "Companion", SymbolKind.CLASS, "companion object", False
    )


def _function(node: tree_sitter.Node, source: Source) -> Found | None:
    name = source.name(node.child_by_field_name("name"))
    return Found(name, SymbolKind.FUNCTION, source.signature(node.start_byte, head_end(node)))


def _property(node: tree_sitter.Node, source: Source) -> Found | None:
    declared = next((child for child in node.named_children if child.type == "variable_declaration"), None)
    if declared is None:
        return None
    name = source.name(nth(declared, 0))
    value = nth(node, -1)
    head = source.signature(node.start_byte, declared.end_byte)
    if "const " not in head and not re.fullmatch(r"[A-Z][A-Z0-9_]*", name):
        return None
    shown = source.text(value) if value is not None and value.type.endswith("_literal") else "…"
    return Found(name, SymbolKind.CONSTANT, f"{head} = {shown if is_literal_harmless(shown) else '…'}")


def _alias(node: tree_sitter.Node, source: Source) -> Found | None:
    name = next((source.name(child) for child in node.named_children if child.type.endswith("identifier")), "")
    return Found(name, SymbolKind.TYPE, source.signature(node.start_byte, node.end_byte))


def _imports(node: tree_sitter.Node, source: Source) -> Iterator[Imported]:
    target = source.name(nth(node, 0))
    wildcard = source.text(node).rstrip().endswith("*")
    yield target, ("*",) if wildcard else (target.rsplit(".", 1)[-1],)


TABLE = LanguageTable(
    name="kotlin",
    grammar="kotlin",
    definitions={
        "class_declaration": Definition(SymbolKind.CLASS, describe=_class),
        "object_declaration": Definition(SymbolKind.CLASS),
        "companion_object": Definition(SymbolKind.CLASS, describe=_companion),
        "function_declaration": Definition(SymbolKind.FUNCTION, describe=_function),
        "secondary_constructor": Definition(
            SymbolKind.METHOD,
            describe=lambda node, source: Found(
                "constructor", SymbolKind.METHOD, source.signature(node.start_byte, head_end(node))
            ),
        ),
        "property_declaration": Definition(SymbolKind.CONSTANT, describe=_property),
        "type_alias": Definition(SymbolKind.TYPE, describe=_alias),
    },
    imports=("(import) @import",),
    read_import=_imports,
    public=lambda seen: not _HIDDEN.search(seen.signature.split("(")[0]),
    calls=("(call_expression . (_) @call)",),
    raises=("(throw_expression) @raise",),
    comments=("line_comment", "block_comment"),
)

"""TypeScript: JavaScript's table with types, interfaces, enums, namespaces and signatures without bodies."""

from __future__ import annotations

from dataclasses import replace

import tree_sitter

from agents.codebase.structure.language import Definition, Found, head_end
from agents.codebase.structure.languages import javascript
from agents.codebase.structure.source import Source
from agents.contracts.structure import SymbolKind


def _module(node: tree_sitter.Node, source: Source) -> Found | None:
    """`declare module "name"` or `module Name`."""
    name = source.name(node.child_by_field_name("name")).strip("\"'")
    return Found(name, SymbolKind.MODULE, source.signature(node.start_byte, head_end(node)))


TABLE = replace(
    javascript.TABLE,
    name="typescript",
    grammar="typescript",
    entry="language_typescript",
    definitions={
        **javascript.DEFINITIONS,
        "public_field_definition": javascript.TYPED_FIELD,
        "abstract_class_declaration": Definition(SymbolKind.CLASS),
        "interface_declaration": Definition(SymbolKind.INTERFACE),
        "enum_declaration": Definition(SymbolKind.ENUM),
        "type_alias_declaration": Definition(SymbolKind.TYPE, body=""),
        "internal_module": Definition(SymbolKind.MODULE),
        "module": Definition(SymbolKind.MODULE, describe=_module),
        "function_signature": Definition(SymbolKind.FUNCTION),
        "method_signature": Definition(
            SymbolKind.FUNCTION,
            patterns=(
                "(interface_body (method_signature) @definition)",
                "(class_body (method_signature) @definition)",
            ),
        ),
        "abstract_method_signature": Definition(SymbolKind.FUNCTION),
    },
    wrappers=("export_statement", "ambient_declaration"),
)

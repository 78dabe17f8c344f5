"""Java: Javadoc, `throws` and `throw`; public where it says so, and in interfaces."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter

from agents.codebase.structure.language import Definition, Found, Imported, LanguageTable, Seen
from agents.codebase.structure.source import Source, is_literal_harmless, nth
from agents.contracts.structure import SymbolKind

_PUBLIC = re.compile(r"\bpublic\b")
_PRIVATE = re.compile(r"\b(?:private|protected)\b")


def _constant(node: tree_sitter.Node, source: Source) -> Found | None:
    declarator = node.child_by_field_name("declarator")
    if declarator is None:
        return None
    name = source.name(declarator.child_by_field_name("name"))
    value = declarator.child_by_field_name("value")
    head = source.signature(node.start_byte, declarator.start_byte)
    modifiers = nth(node, 0)
    written = source.text(modifiers) if modifiers is not None and modifiers.type == "modifiers" else ""
    if node.type != "constant_declaration" and not ("static" in written and "final" in written):
        return None
    shown = source.text(value) if value is not None else ""
    return Found(
        name, SymbolKind.CONSTANT, f"{head} {name}" + (f" = {shown}" if value and is_literal_harmless(shown) else "")
    )


def _imports(node: tree_sitter.Node, source: Source) -> Iterator[Imported]:
    target = next((source.name(child) for child in node.named_children if child.type.endswith("identifier")), "")
    wildcard = any(child.type == "asterisk" for child in node.named_children)
    yield target, ("*",) if wildcard else (target.rsplit(".", 1)[-1],)


def _is_public(seen: Seen) -> bool:
    if seen.scope is SymbolKind.INTERFACE:
        return not _PRIVATE.search(seen.signature)
    return bool(_PUBLIC.search(seen.signature.split("(")[0]))


TABLE = LanguageTable(
    name="java",
    grammar="java",
    definitions={
        "class_declaration": Definition(SymbolKind.CLASS),
        "record_declaration": Definition(SymbolKind.CLASS),
        "interface_declaration": Definition(SymbolKind.INTERFACE),
        "annotation_type_declaration": Definition(SymbolKind.INTERFACE),
        "enum_declaration": Definition(SymbolKind.ENUM),
        "method_declaration": Definition(SymbolKind.FUNCTION),
        "constructor_declaration": Definition(SymbolKind.METHOD),
        "compact_constructor_declaration": Definition(SymbolKind.METHOD),
        "field_declaration": Definition(SymbolKind.CONSTANT, describe=_constant),
        "constant_declaration": Definition(SymbolKind.CONSTANT, describe=_constant),
    },
    imports=("(import_declaration) @import",),
    read_import=_imports,
    public=_is_public,
    calls=("(method_invocation name: (_) @call)", "(object_creation_expression type: (_) @call)"),
    raises=("(throw_statement) @raise", "(throws) @raise"),
    raised=re.compile(r"(?:throw\s+new\s+|throws\s+|,\s*)((?:\w+\.)*_*[A-Z]\w*)"),
    comments=("line_comment", "block_comment"),
)

"""Go: methods belong to their receiver's type; a capital letter is public."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter

from agents.codebase.structure.language import Definition, Found, Imported, LanguageTable
from agents.codebase.structure.source import Source, is_literal_harmless
from agents.contracts.structure import SymbolKind

_RECEIVER = re.compile(r"([A-Za-z_]\w*)\s*(?:\[[^\[\]]*\])?\s*\)$")
_TYPE_KINDS = {"struct_type": SymbolKind.STRUCT, "interface_type": SymbolKind.INTERFACE}


def _method(node: tree_sitter.Node, source: Source) -> Found | None:
    name = source.name(node.child_by_field_name("name"))
    receiver = _RECEIVER.search(source.name(node.child_by_field_name("receiver")))
    body = node.child_by_field_name("body")
    signature = source.signature(node.start_byte, body.start_byte if body is not None else node.end_byte)
    qualified = f"{receiver.group(1)}.{name}" if receiver else name
    return Found(qualified, SymbolKind.METHOD, signature, public=name[:1].isupper())


def _type(node: tree_sitter.Node, source: Source) -> Found | None:
    name = source.name(node.child_by_field_name("name"))
    of = node.child_by_field_name("type")
    kind = _TYPE_KINDS.get(of.type if of is not None else "", SymbolKind.TYPE)
    end = node.end_byte
    if of is not None and kind is not SymbolKind.TYPE:
        end = of.start_byte + len("struct" if kind is SymbolKind.STRUCT else "interface")
    return Found(name, kind, f"type {source.signature(node.start_byte, end)}", public=name[:1].isupper())


def _constant(node: tree_sitter.Node, source: Source) -> Found | None:
    name = source.name(node.child_by_field_name("name"))
    word = node.type.removesuffix("_spec")
    if word == "var" and not name[:1].isupper():
        return None
    value = node.child_by_field_name("value")
    signature = f"{word} {source.signature(node.start_byte, value.start_byte if value is not None else node.end_byte)}"
    if value is not None:
        written = source.text(value)
        signature += f" = {written if is_literal_harmless(written) else '…'}"
    return Found(name, SymbolKind.CONSTANT, signature, public=name[:1].isupper())


def _imports(node: tree_sitter.Node, source: Source) -> Iterator[Imported]:
    alias = node.child_by_field_name("name")
    yield source.name(node.child_by_field_name("path")).strip('"`'), (source.name(alias),) if alias is not None else ()


TABLE = LanguageTable(
    name="go",
    grammar="go",
    definitions={
        "function_declaration": Definition(SymbolKind.FUNCTION),
        "method_declaration": Definition(SymbolKind.METHOD, describe=_method),
        "type_spec": Definition(SymbolKind.TYPE, describe=_type),
        "type_alias": Definition(SymbolKind.TYPE, describe=_type),
        "method_elem": Definition(SymbolKind.FUNCTION),
        "const_spec": Definition(
            SymbolKind.CONSTANT,
            patterns=("(source_file (const_declaration (const_spec) @definition))",),
            describe=_constant,
        ),
        "var_spec": Definition(
            SymbolKind.CONSTANT,
            patterns=(
                "(source_file (var_declaration (var_spec) @definition))",
                "(source_file (var_declaration (var_spec_list (var_spec) @definition)))",
            ),
            describe=_constant,
        ),
    },
    imports=("(import_spec) @import",),
    read_import=_imports,
    public=lambda seen: seen.name[:1].isupper(),
    calls=("(call_expression function: (_) @call)",),
)

"""Swift: `///` comments, extensions lend their type's name; `public` and `open` are public."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter

from agents.codebase.structure.language import Definition, Found, Imported, LanguageTable, Seen, head_end
from agents.codebase.structure.source import Source
from agents.contracts.structure import SymbolKind

_KINDS = {"struct": SymbolKind.STRUCT, "enum": SymbolKind.ENUM}
_PUBLIC = re.compile(r"\b(?:public|open)\b")
_HIDDEN = re.compile(r"\b(?:private|fileprivate|internal)\b")


def _class(node: tree_sitter.Node, source: Source) -> Found | None:
    """A class, actor, struct or enum; an extension only lends its name, and its `public` to what it holds."""
    name = re.split(r"[<\s]", source.name(node.child_by_field_name("name")))[0]
    word = node.child_by_field_name("declaration_kind")
    kind = _KINDS.get(source.name(word), SymbolKind.CLASS)
    signature = source.signature(node.start_byte, head_end(node))
    if source.name(word) == "extension":
        shown = SymbolKind.INTERFACE if _PUBLIC.match(signature) else SymbolKind.CLASS
        return Found(name, shown, signature, emits=False, public=not _HIDDEN.match(signature))
    return Found(name, kind, signature)


def _initialiser(node: tree_sitter.Node, source: Source) -> Found | None:
    name = "deinit" if node.type == "deinit_declaration" else "init"
    return Found(name, SymbolKind.METHOD, source.signature(node.start_byte, head_end(node)))


def _imports(node: tree_sitter.Node, source: Source) -> Iterator[Imported]:
    target = next((source.name(child) for child in node.named_children if child.type == "identifier"), "")
    yield target, ()


def _is_public(seen: Seen) -> bool:
    head = seen.signature.split("(")[0]
    if seen.scope is SymbolKind.INTERFACE:
        return not _HIDDEN.search(head)
    return bool(_PUBLIC.search(head))


TABLE = LanguageTable(
    name="swift",
    grammar="swift",
    definitions={
        "class_declaration": Definition(SymbolKind.CLASS, describe=_class),
        "protocol_declaration": Definition(SymbolKind.INTERFACE),
        "function_declaration": Definition(SymbolKind.FUNCTION),
        "protocol_function_declaration": Definition(SymbolKind.FUNCTION),
        "init_declaration": Definition(SymbolKind.METHOD, describe=_initialiser),
        "deinit_declaration": Definition(SymbolKind.METHOD, describe=_initialiser),
        "typealias_declaration": Definition(SymbolKind.TYPE, body=""),
    },
    imports=("(import_declaration) @import",),
    read_import=_imports,
    public=_is_public,
    calls=("(call_expression . (_) @call)",),
    raises=("((control_transfer_statement . (throw_keyword)) @raise)",),
    comments=("comment", "multiline_comment"),
)

"""Scala 2 and 3: Scaladoc, objects, traits; public unless it says otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter

from agents.codebase.structure.language import Definition, Found, Imported, LanguageTable
from agents.codebase.structure.source import Source, is_literal_harmless
from agents.contracts.structure import SymbolKind

_HIDDEN = re.compile(r"\b(?:private|protected)\b")


def _value(node: tree_sitter.Node, source: Source) -> Found | None:
    pattern = node.child_by_field_name("pattern")
    name = source.name(pattern)
    value = node.child_by_field_name("value")
    if value is None or not re.fullmatch(r"[A-Z]\w*", name):
        return None
    shown = source.text(value)
    head = source.signature(node.start_byte, value.start_byte)
    return Found(name, SymbolKind.CONSTANT, f"{head} = {shown if is_literal_harmless(shown) else '…'}")


def _imports(node: tree_sitter.Node, source: Source) -> Iterator[Imported]:
    written = source.text(node, 800).removeprefix("import").strip()
    for part in re.split(r",(?![^{]*\})", written):
        path, _, selected = part.strip().partition("{")
        if selected:
            names = tuple(re.split(r"\s+as\s+|=>", name)[0].strip() for name in selected.strip(" }\n").split(","))
            yield path.rstrip(". "), names
        elif path.endswith(("._", ".*")):
            yield path[:-2], ("*",)
        else:
            yield path, (path.rsplit(".", 1)[-1],)


TABLE = LanguageTable(
    name="scala",
    grammar="scala",
    definitions={
        "class_definition": Definition(SymbolKind.CLASS),
        "object_definition": Definition(SymbolKind.CLASS),
        "trait_definition": Definition(SymbolKind.TRAIT),
        "enum_definition": Definition(SymbolKind.ENUM),
        "function_definition": Definition(SymbolKind.FUNCTION),
        "function_declaration": Definition(SymbolKind.FUNCTION),
        "type_definition": Definition(SymbolKind.TYPE, body=""),
        "val_definition": Definition(SymbolKind.CONSTANT, describe=_value),
    },
    imports=("(import_declaration) @import",),
    read_import=_imports,
    public=lambda seen: not _HIDDEN.search(seen.signature.split("(")[0]),
    calls=("(call_expression function: (_) @call)",),
    raises=("(throw_expression) @raise",),
    comments=("comment", "block_comment"),
)

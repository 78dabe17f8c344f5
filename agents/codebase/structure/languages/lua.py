"""Lua: functions by assignment too; `local` is private; `require` is a call."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter

from agents.codebase.structure.language import Definition, Found, Imported, LanguageTable
from agents.codebase.structure.source import Source, nth
from agents.contracts.structure import SymbolKind


def _function(node: tree_sitter.Node, source: Source) -> Found | None:
    name = source.name(node.child_by_field_name("name")).replace(":", ".")
    return _found(node, name, node.child_by_field_name("parameters"), source)


def _assigned(node: tree_sitter.Node, source: Source) -> Found | None:
    names, values = nth(node, 0), nth(node, 1)
    value = nth(values, 0) if values is not None else None
    if names is None or value is None or names.named_child_count != 1 or value.type != "function_definition":
        return None
    return _found(node, source.name(names).replace(":", "."), value.child_by_field_name("parameters"), source)


def _found(node: tree_sitter.Node, name: str, end: tree_sitter.Node | None, source: Source) -> Found | None:
    if not re.fullmatch(r"[\w.]+", name):
        return None
    kind = SymbolKind.METHOD if "." in name else SymbolKind.FUNCTION
    begin = node.start_byte - (len("local ") if node.type == "assignment_statement" else 0)
    public = not source.span(max(0, begin), node.end_byte)[:6].startswith("local ")
    return Found(
        name, kind, source.signature(node.start_byte, (end or node).end_byte), public=public and name[0] != "_"
    )


def _imports(node: tree_sitter.Node, source: Source) -> Iterator[Imported]:
    arguments = node.child_by_field_name("arguments")
    written = re.match(r"\(?\s*[\"']([^\"']+)[\"']", source.name(arguments))
    if written:
        yield written.group(1), ()


TABLE = LanguageTable(
    name="lua",
    grammar="lua",
    definitions={
        "function_declaration": Definition(SymbolKind.FUNCTION, describe=_function),
        "assignment_statement": Definition(
            SymbolKind.FUNCTION,
            patterns=("(assignment_statement (expression_list value: (function_definition))) @definition",),
            describe=_assigned,
        ),
    },
    imports=('((function_call name: (identifier) @_required) @import (#eq? @_required "require"))',),
    read_import=_imports,
    public=lambda seen: not seen.name.startswith("_"),
    calls=("(function_call name: (_) @call)",),
)

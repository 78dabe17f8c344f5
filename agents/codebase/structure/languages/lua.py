"""Lua: functions by assignment too; `local` is private; `require` is a call."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter

from agents.codebase.structure.language import Definition, Found, Imported, Inside, LanguageTable
from agents.codebase.structure.languages.comment_declarations import own_words
from agents.codebase.structure.languages.lua_comments import DECLARED_IN_COMMENTS, is_class
from agents.codebase.structure.parameters import ParameterStyle
from agents.codebase.structure.source import Source, nth
from agents.contracts.structure import SymbolKind

#: `M["name"]`
_INDEX = re.compile(r"\[[\"'](\w+)[\"']\]")


def _function(node: tree_sitter.Node, source: Source) -> Found | None:
    name = source.name(node.child_by_field_name("name")).replace(":", ".")
    return _definition(node, name, node.child_by_field_name("parameters"), source)


def _assigned(node: tree_sitter.Node, source: Source) -> Iterator[Found]:
    """Names that are given functions, tables and values: `M.x, M.y = 1, 2`."""
    names, values = nth(node, 0), nth(node, 1)
    if names is None or values is None:
        return
    several = names.named_child_count
    for number, child in enumerate(names.named_children):
        value = nth(values, number)
        name = _INDEX.sub(r".\1", source.name(child)).replace(":", ".")
        if value is not None and value.type == "function_definition":
            definition = _definition(node, name, value.child_by_field_name("parameters"), source)
            if definition is not None and (several == 1 or number == 0):
                yield definition
            continue
        if not re.fullmatch(r"[\w.]+", name) or (value is not None and source.text(value, 9).startswith("require")):
            continue
        yield _value(node, name, value, child if number else None, source)


def _value(
    node: tree_sitter.Node, name: str, value: tree_sitter.Node | None, place: tree_sitter.Node | None, source: Source
) -> Found:
    kind = SymbolKind.FIELD if "." in name else SymbolKind.VARIABLE
    if re.fullmatch(r"[A-Z][A-Z0-9_]+", name.rpartition(".")[2]):
        kind = SymbolKind.CONSTANT
    value_text = source.value(value)
    local = source.span(max(0, node.start_byte - len("local ")), node.start_byte) == "local "
    signature = f"{'local ' if local else ''}{name} = {value_text}" if value_text else name
    table = value is not None and value.type == "table_constructor"
    inside = Inside.OWNER if table else Inside.NOTHING
    public = not local and not name.rpartition(".")[2].startswith("_")
    if local and table and node.parent is not None and is_class(node.parent, name, source):
        return Found(name, SymbolKind.CLASS, signature, public=True, node=place, inside=inside, once=True)
    return Found(name, kind, signature, public=public, default=value_text, node=place, inside=inside, once=True)


def _field(node: tree_sitter.Node, source: Source) -> Found | None:
    """A field of a table: a function, or a value."""
    named, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    name = source.name(named).strip("\"'")
    if value is None or named is None or named.type == "number" or not re.fullmatch(r"[\w.:-]+", name):
        return None
    public = not name.startswith("_")
    if value.type == "function_definition":
        parameters = value.child_by_field_name("parameters")
        signature = source.signature(node.start_byte, (parameters or node).end_byte)
        return Found(name, SymbolKind.METHOD, signature, public=public)
    value_text = source.value(value)
    return Found(name, SymbolKind.FIELD, f"{name} = {value_text}", public=public, default=value_text)


def _definition(node: tree_sitter.Node, name: str, end: tree_sitter.Node | None, source: Source) -> Found | None:
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
            patterns=(
                "(assignment_statement (expression_list value: (function_definition))) @definition",
                "(chunk (assignment_statement) @definition)",
                "(chunk (variable_declaration (assignment_statement) @definition))",
            ),
            describe=_assigned,
        ),
        "comment": DECLARED_IN_COMMENTS,
        "field": Definition(
            SymbolKind.FIELD,
            patterns=tuple(
                f"(chunk {begin}(expression_list (table_constructor (field) @definition)))){end}"
                for begin, end in (
                    ("(assignment_statement ", ""),
                    ("(variable_declaration (assignment_statement ", ")"),
                    ("(return_statement ", ""),
                )
            ),
            describe=_field,
        ),
    },
    imports=('((function_call name: (identifier) @_required) @import (#eq? @_required "require"))',),
    read_import=_imports,
    public=lambda seen: not seen.name.startswith("_"),
    parameters=ParameterStyle.BARE,
    docstring=own_words,
    calls=("(function_call name: (_) @call)",),
)

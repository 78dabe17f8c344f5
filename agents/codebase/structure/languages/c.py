"""C: declarators hide the name; `static` is private; a header's prototypes are symbols as well."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter

from agents.codebase.structure.language import Definition, Found, Imported, LanguageTable, Seen, head_end
from agents.codebase.structure.source import Source, is_literal_harmless
from agents.contracts.structure import SymbolKind

_STATIC = re.compile(r"\bstatic\b")
_GUARD = re.compile(r"_+H(?:PP|XX|H)?_*$|_INCLUDED_*$")
_NAMES = frozenset(
    {"identifier", "field_identifier", "type_identifier", "qualified_identifier", "destructor_name", "operator_name"}
    | {"operator_cast", "template_function"}
)
_DEEPEST = 40


def declared(node: tree_sitter.Node) -> tuple[tree_sitter.Node | None, bool]:
    """The name at the bottom of a declarator, and whether it is a function that is declared."""
    part = node.child_by_field_name("declarator")
    is_function = False
    pointed = False
    for _ in range(_DEEPEST):
        if part is None or part.type in _NAMES:
            return part, is_function
        if part.type == "function_declarator":
            is_function = True
        elif part.type == "parenthesized_declarator":
            pointed = True
        inner = part.child_by_field_name("declarator")
        if inner is None:
            inner = next(
                (child for child in part.named_children if child.type in _NAMES or "declarator" in child.type), None
            )
        if pointed and part.type == "pointer_declarator":
            is_function = False
        part = inner
    return None, False


def function(node: tree_sitter.Node, source: Source) -> Found | None:
    """A function with a body, or a prototype."""
    named, is_function = declared(node)
    if named is None or not is_function:
        return None
    if test := _test(node, named, source):
        return test
    name = re.sub(r"<[^<>]*>", "", source.name(named)).replace("::", ".").strip(".")
    kind = SymbolKind.METHOD if "." in name else SymbolKind.FUNCTION
    end = head_end(node)
    initialisers = next((child for child in node.children if child.type == "field_initializer_list"), None)
    return Found(name, kind, source.signature(node.start_byte, initialisers.start_byte if initialisers else end))


def _test(node: tree_sitter.Node, named: tree_sitter.Node, source: Source) -> Found | None:
    """`TEST(Suite, Case) { … }`: the macro's arguments are the name."""
    macro = source.name(named)
    if node.type != "function_definition" or node.child_by_field_name("type") is not None or not macro.isupper():
        return None
    end = head_end(node)
    arguments = re.fullmatch(
        r"\s*\(\s*(\w+)\s*,\s*(\w+)\s*\)\s*", source.span(named.end_byte, min(end, named.end_byte + 300))
    )
    if arguments is None:
        return None
    return Found(
        f"{arguments.group(1)}.{arguments.group(2)}", SymbolKind.FUNCTION, source.signature(node.start_byte, end)
    )


def declaration(node: tree_sitter.Node, source: Source) -> Found | None:
    """A prototype, or a constant."""
    found = function(node, source)
    if found is not None:
        return found
    value = node.child_by_field_name("declarator")
    if value is None or value.type != "init_declarator":
        return None
    name = source.name(declared(value)[0])
    head = source.signature(node.start_byte, value.start_byte)
    if not name or not re.search(r"\bconst(?:expr)?\b", head):
        return None
    written = source.name(value.child_by_field_name("value"))
    shown = f" = {written}" if is_literal_harmless(written) else ""
    return Found(name, SymbolKind.CONSTANT, f"{head} {name}{shown}")


def composite(kind: SymbolKind) -> Definition:
    """A struct, union, enum or class with a body; without one it is only mentioned."""

    def describe(node: tree_sitter.Node, source: Source) -> Found | None:
        name = source.name(node.child_by_field_name("name"))
        body = node.child_by_field_name("body")
        if not name or body is None:
            return None
        return Found(name.replace("::", "."), kind, source.signature(node.start_byte, body.start_byte))

    return Definition(kind, describe=describe)


def _typedef(node: tree_sitter.Node, source: Source) -> Found | None:
    named, _ = declared(node)
    of = node.child_by_field_name("type")
    body = of.child_by_field_name("body") if of is not None else None
    if named is None:
        return None
    name = source.name(named)
    if of is None or body is None:
        return Found(name, SymbolKind.TYPE, source.signature(node.start_byte, node.end_byte))
    if source.name(of.child_by_field_name("name")) == name:
        return None
    kind = SymbolKind.ENUM if of.type == "enum_specifier" else SymbolKind.STRUCT
    return Found(name, kind, f"{source.signature(node.start_byte, body.start_byte)} {name}")


def _macro(node: tree_sitter.Node, source: Source) -> Found | None:
    name = source.name(node.child_by_field_name("name"))
    value = node.child_by_field_name("value")
    if value is None or _GUARD.search(name):
        return None
    kind = SymbolKind.MACRO if node.type == "preproc_function_def" else SymbolKind.CONSTANT
    head = source.signature(node.start_byte, value.start_byte).rstrip("\\ ")
    written = source.name(value)
    shown = f" {written}" if kind is SymbolKind.CONSTANT and is_literal_harmless(written) else ""
    return Found(name, kind, head + shown)


def read_import(node: tree_sitter.Node, source: Source) -> Iterator[Imported]:
    """`#include`: the header's path without its quotes."""
    yield source.name(node.child_by_field_name("path")).strip('<>"'), ()


def _is_public(seen: Seen) -> bool:
    return not _STATIC.search(seen.signature.split("(")[0])


DEFINITIONS = {
    "function_definition": Definition(SymbolKind.FUNCTION, describe=function),
    "struct_specifier": composite(SymbolKind.STRUCT),
    "union_specifier": composite(SymbolKind.STRUCT),
    "enum_specifier": composite(SymbolKind.ENUM),
    "type_definition": Definition(SymbolKind.TYPE, describe=_typedef),
    "preproc_def": Definition(SymbolKind.CONSTANT, describe=_macro),
    "preproc_function_def": Definition(SymbolKind.MACRO, describe=_macro),
}

TABLE = LanguageTable(
    name="c",
    grammar="c",
    definitions={
        **DEFINITIONS,
        "declaration": Definition(SymbolKind.FUNCTION, describe=declaration),
    },
    imports=("(preproc_include) @import",),
    read_import=read_import,
    public=_is_public,
    calls=("(call_expression function: (_) @call)",),
)

"""Ruby: comments above, `private` as a line of its own, `require` as a call."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter

from agents.codebase.structure.language import Definition, Found, Imported, LanguageTable
from agents.codebase.structure.source import Source, is_literal_harmless, nth
from agents.contracts.structure import SymbolKind


def _head(kind: SymbolKind) -> Definition:
    """A class, module or method whose signature ends with its name, its parameters or its superclass."""

    def describe(node: tree_sitter.Node, source: Source) -> Found | None:
        named = node.child_by_field_name("name")
        if named is None:
            return None
        last = node.child_by_field_name("superclass") or node.child_by_field_name("parameters") or named
        owner = node.child_by_field_name("object")
        name = source.name(named).replace("::", ".")
        if owner is not None and source.name(owner) != "self":
            name = f"{source.name(owner)}.{name}"
        public = True if node.type == "singleton_method" else None
        return Found(name, kind, source.signature(node.start_byte, last.end_byte), public=public)

    return Definition(kind, describe=describe)


def _eigenclass(_node: tree_sitter.Node, _source: Source) -> Found | None:
    return Found("self", SymbolKind.CLASS, "", emits=False)


def _constant(node: tree_sitter.Node, source: Source) -> Found | None:
    name = source.name(node.child_by_field_name("left"))
    value = node.child_by_field_name("right")
    shown = source.text(value) if value is not None else ""
    return Found(name, SymbolKind.CONSTANT, f"{name} = {shown if is_literal_harmless(shown) else '…'}")


def _visibility(node: tree_sitter.Node, source: Source) -> bool | None:
    return {"private": False, "protected": False, "public": True}.get(source.name(node))


def _imports(node: tree_sitter.Node, source: Source) -> Iterator[Imported]:
    arguments = node.child_by_field_name("arguments")
    string = nth(arguments, 0) if arguments is not None else None
    if string is not None and string.type == "string":
        target = source.name(string).strip("\"'")
        relative = source.name(node.child_by_field_name("method")) == "require_relative"
        yield target if not relative or target.startswith(".") else f"./{target}", ()


TABLE = LanguageTable(
    name="ruby",
    grammar="ruby",
    definitions={
        "module": _head(SymbolKind.MODULE),
        "class": _head(SymbolKind.CLASS),
        "singleton_class": Definition(SymbolKind.CLASS, describe=_eigenclass),
        "method": _head(SymbolKind.FUNCTION),
        "singleton_method": _head(SymbolKind.FUNCTION),
        "assignment": Definition(
            SymbolKind.CONSTANT, patterns=("(assignment left: (constant)) @definition",), describe=_constant
        ),
    },
    imports=(
        (
            "((call !receiver method: (identifier) @_method) @import"
            ' (#any-of? @_method "require" "require_relative" "load"))'
        ),
    ),
    read_import=_imports,
    public=lambda seen: not re.match(r"(?:private|protected)\b", seen.signature),
    calls=("(call method: (_) @call)",),
    raises=('((call !receiver method: (identifier) @_raise) @raise (#any-of? @_raise "raise" "fail"))',),
    raised=re.compile(r"(?:raise|fail)[\s(]+((?:\w+::)*[A-Z]\w*)"),
    markers=("(body_statement (identifier) @marker)",),
    mark=_visibility,
)

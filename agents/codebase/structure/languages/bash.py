"""Bash: functions, `readonly` names, and what is sourced."""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter

from agents.codebase.structure.language import Definition, Found, Imported, LanguageTable
from agents.codebase.structure.source import Source, is_literal_harmless
from agents.contracts.structure import SymbolKind


def _function(node: tree_sitter.Node, source: Source) -> Found | None:
    name = source.name(node.child_by_field_name("name"))
    return Found(name, SymbolKind.FUNCTION, f"{name}()")


def _constant(node: tree_sitter.Node, source: Source) -> Found | None:
    assignment = next((child for child in node.named_children if child.type == "variable_assignment"), None)
    word = node.child(0)
    if assignment is None or word is None or source.name(word) not in {"readonly", "export"}:
        return None
    name = source.name(assignment.child_by_field_name("name"))
    value = assignment.child_by_field_name("value")
    shown = source.text(value) if value is not None else ""
    return Found(
        name, SymbolKind.CONSTANT, f"{source.name(word)} {name}={shown if is_literal_harmless(shown) else '…'}"
    )


def _imports(node: tree_sitter.Node, source: Source) -> Iterator[Imported]:
    argument = node.child_by_field_name("argument")
    if argument is not None:
        yield source.name(argument).strip("\"'"), ()


TABLE = LanguageTable(
    name="bash",
    grammar="bash",
    definitions={
        "function_definition": Definition(SymbolKind.FUNCTION, describe=_function),
        "declaration_command": Definition(
            SymbolKind.CONSTANT, patterns=("(program (declaration_command) @definition)",), describe=_constant
        ),
    },
    imports=('((command name: (command_name) @_name) @import (#any-of? @_name "source" "."))',),
    read_import=_imports,
    public=lambda seen: not seen.name.startswith("_"),
    calls=("(command name: (command_name) @call)",),
)

"""Bash: functions, `readonly` names, and what is sourced."""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter

from agents.codebase.structure.language import Definition, Found, Imported, LanguageTable
from agents.codebase.structure.source import Source
from agents.contracts.structure import SymbolKind


def _function(node: tree_sitter.Node, source: Source) -> Found | None:
    name = source.name(node.child_by_field_name("name"))
    return Found(name, SymbolKind.FUNCTION, f"{name}()")


def _declared(node: tree_sitter.Node, source: Source) -> Iterator[Found]:
    """The names that `readonly`, `export` or `declare` sets."""
    word = node.child(0)
    if word is None or source.name(word) not in {"readonly", "export", "declare", "typeset"}:
        return
    fixed = source.name(word) in {"readonly", "export"} or " -r" in source.text(node, 40)
    kind = SymbolKind.CONSTANT if fixed else SymbolKind.VARIABLE
    assigned = [child for child in node.named_children if child.type == "variable_assignment"]
    flags = [source.name(child) for child in node.named_children if source.data.startswith(b"-", child.start_byte)]
    head = " ".join([source.name(word), *flags, ""])
    for number, child in enumerate(assigned):
        yield _assigned(child, source, kind, head, child if number else None)


def _variable(node: tree_sitter.Node, source: Source) -> Found:
    return _assigned(node, source, SymbolKind.VARIABLE, "", None)


def _assigned(
    node: tree_sitter.Node, source: Source, kind: SymbolKind, word: str, place: tree_sitter.Node | None
) -> Found:
    written = source.name(node.child_by_field_name("name"))
    value = node.child_by_field_name("value")
    value_text = source.value(value)
    name = written.partition("[")[0]
    head = source.span(node.start_byte, value.start_byte) if value is not None else f"{written}="
    default = value_text if name == written and not head.endswith("+=") else ""
    return Found(name, kind, f"{word}{head}{value_text or '…'}", default=default, node=place, once=True)


def _alias(node: tree_sitter.Node, source: Source) -> Iterator[Found]:
    """`alias ll='ls -l'`."""
    for number, child in enumerate(node.children_by_field_name("argument")):
        name, equals, target = source.written(child).partition("=")
        if equals and name:
            place = child if number else None
            yield Found(name, SymbolKind.ALIAS, f"alias {name}={target}", target=target.strip("\"'"), node=place)


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
            SymbolKind.CONSTANT, patterns=("(program (declaration_command) @definition)",), describe=_declared
        ),
        "command": Definition(
            SymbolKind.ALIAS,
            patterns=('(program (command name: (command_name) @_alias (#eq? @_alias "alias")) @definition)',),
            describe=_alias,
        ),
        "variable_assignment": Definition(
            SymbolKind.VARIABLE,
            patterns=(
                "(program (variable_assignment) @definition)",
                "(program (variable_assignments (variable_assignment) @definition))",
            ),
            describe=_variable,
        ),
    },
    imports=('((command name: (command_name) @_name) @import (#any-of? @_name "source" "."))',),
    read_import=_imports,
    public=lambda seen: not seen.name.startswith("_"),
    calls=("(command name: (command_name) @call)",),
)

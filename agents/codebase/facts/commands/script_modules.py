"""Commands of yargs that are modules: what a file exports, or an object says, is one command."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import tree_sitter

from agents.codebase.facts.calls import node_text
from agents.codebase.facts.commands.command_facts import captured, command_fact, text_in
from agents.codebase.facts.file import ParsedCode, place_at
from agents.codebase.facts.object_literals import nodes_by_name
from agents.codebase.facts.written import texts_in
from agents.contracts.facts import Fact, FactKind

_SOURCE = "yargs"
_STATEMENTS = """
(program (export_statement (lexical_declaration (variable_declarator) @exported)))
(program (export_statement (function_declaration) @exported))
(program (expression_statement (assignment_expression) @assigned))
(program (export_statement value: (object) @whole))
"""
_TYPED = "(variable_declarator type: (type_annotation)) @typed"
_OBJECTS = frozenset({"object", "as_expression", "satisfies_expression"})
_EXPORTS = ("exports", "module.exports")


class YargsModule(NamedTuple):
    """A command's module: the fact that tells it, and the tree in which its options stand."""

    fact: Fact
    builder: tree_sitter.Node | None


def yargs_modules(file: ParsedCode) -> Iterator[YargsModule]:
    """Modules with a command, a description and what builds or handles it."""
    alone: dict[str, tree_sitter.Node] = {}
    for node in captured(file, _STATEMENTS, "exported"):
        value = node.child_by_field_name("value") or node
        alone.setdefault(node_text(node.child_by_field_name("name"), file.source), value)
    wholes = captured(file, _STATEMENTS, "whole")
    for node in captured(file, _STATEMENTS, "assigned"):
        receiver, _, name = node_text(node.child_by_field_name("left"), file.source).rpartition(".")
        right = node.child_by_field_name("right")
        if right is None:
            continue
        if receiver in _EXPORTS:
            alone.setdefault(name, right)
        elif (receiver, name) == ("module", "exports") and right.type in _OBJECTS:
            wholes.append(right)
    yield from _module(alone, "command", file)
    for node in wholes:
        yield from _module(nodes_by_name(node, file.source), "command", file)
    for node in captured(file, _TYPED, "typed") if _is_typed(file) else ():
        if b"CommandModule" in file.source[node.start_byte : node.start_byte + 300]:
            name = node_text(node.child_by_field_name("name"), file.source)
            yield from _module(nodes_by_name(node.child_by_field_name("value"), file.source), name, file)


def _is_typed(file: ParsedCode) -> bool:
    return file.language == "typescript" and file.holds(b"CommandModule")


def _module(given: Mapping[str, tree_sitter.Node], key: str, file: ParsedCode) -> Iterator[YargsModule]:
    texts = {name: node_text(given[name], file.source) for name in ("command", "describe", "desc") if name in given}
    names = texts_in(texts.get("command", ""))
    is_module = ("describe" in texts or "desc" in texts) and ("builder" in given or "handler" in given)
    if names and is_module:
        text = text_in(texts.get("describe", texts.get("desc", "")))
        lines = place_at(given["command"])
        yield YargsModule(
            command_fact(
                FactKind.COMMAND, names[0], _SOURCE, lines, owner=key, symbol=file.symbol_at(lines.start), text=text
            ),
            given.get("builder"),
        )

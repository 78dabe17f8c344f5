"""Command lines that C++ builds with CLI11, cxxopts and Boost's program_options."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import tree_sitter

from agents.codebase.facts.calls import CodeCall, read
from agents.codebase.facts.commands.command_facts import (
    captured,
    command_fact,
    marks,
    mounted,
    spelled,
    text_in,
)
from agents.codebase.facts.file import ParsedCode, place, place_at
from agents.codebase.facts.line_numbers import line_numbers
from agents.codebase.facts.written import read_call, shown_default
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind

_CLI11 = "CLI11"
_APP = re.compile(r"\bCLI::App\s+(\w+)\s*(?=[{(])")
_OPTIONS = ("add_option", "add_option_function", "add_flag", "add_flag_function", "add_flag_callback")
_CALLED = "(call_expression function: (call_expression) @called)"
_VALUE = re.compile(r"\bvalue\s*<(.{1,100}?)>\s*\(")
_DEFAULT = re.compile(r"\bdefault_value\s*(?=\()")


class _App(NamedTuple):
    """A program or subcommand that a variable holds: `key` is what its options and subcommands call it."""

    variable: str
    key: str
    line: int
    node: tree_sitter.Node | None
    is_named: bool


def cli11_commands(file: ParsedCode) -> Iterator[Fact]:
    """Programs, their subcommands and the options of each."""
    declared: list[_App] = []
    text = file.whole_text
    line_at = line_numbers(text)
    for made in _APP.finditer(text):
        line = line_at(made.start())
        given = read_call("App" + text[made.end() : made.end() + 4_000])
        declared.append(_App(made[1], made[1], line, None, bool(given.text(1))))
        if text_in(given.value(0)):
            yield command_fact(
                FactKind.COMMAND,
                given.text(1) or "the program",
                _CLI11,
                Lines(start=line, end=line),
                owner=made[1],
                symbol=file.symbol_at(line),
                text=text_in(given.value(0)),
            )
    groups = {call.assigned: call for call in file.calls("add_option_group") if call.assigned}
    for call in file.calls("add_subcommand", *_OPTIONS):
        above = _holder(call, declared, groups)
        if call.method == "add_subcommand":
            yield from _subcommand(call, above, declared, file)
        elif above is not None or file.holds(b"CLI::App"):
            yield from _option(call, above.key if above is not None else "", file.symbol_at(call.line))


def _holder(call: CodeCall, declared: Sequence[_App], groups: dict[str, CodeCall]) -> _App | None:
    """The program to which a call adds: of its chain, of its variable, or of the variable's group."""
    made = {item.node: item for item in declared if item.node is not None}
    chained = next((made[item.node] for item in call.chain() if item.node in made), None)
    receiver = call.first.receiver
    if chained is None and receiver in groups:
        receiver = groups[receiver].first.receiver
    by_variable = (item for item in reversed(declared) if item.variable == receiver and item.line <= call.line)
    return chained or next(by_variable, None)


def _subcommand(call: CodeCall, above: _App | None, declared: list[_App], file: ParsedCode) -> Iterator[Fact]:
    name = call.text(0)
    if not name:
        return
    is_free = call.assigned and all(item.key != call.assigned for item in declared)
    key = call.assigned if is_free else f"{name}@{call.end_byte}"
    declared.append(_App(call.assigned, key, call.line, call.node, True))
    text = text_in(call.value(1))
    symbol = file.symbol_at(call.line)
    yield command_fact(FactKind.COMMAND, name, _CLI11, place(call), owner=key, symbol=symbol, text=text)
    if above is not None and above.is_named:
        yield mounted(_CLI11, place(call), above.key, key)


def _option(call: CodeCall, owner: str, symbol: str) -> Iterator[Fact]:
    names = call.text(0)
    if not names:
        return
    later = {item.method: item for item in call.after()}
    default = next((later[name].value(0) for name in ("default_val", "default_str") if name in later), "")
    is_argument = not names.startswith("-")
    texts = (text for value in call.positional[1:] if (text := text_in(value)))
    yield command_fact(
        FactKind.OPTION,
        f"<{names}>" if is_argument else ", ".join(re.sub(r"\{[^{}]*\}", "", names).split(",")),
        _CLI11,
        place(call),
        owner=owner,
        symbol=symbol,
        type="flag" if call.method.startswith("add_flag") else "",
        default=shown_default(default),
        text=next(texts, ""),
        marks=marks(argument=is_argument, required="required" in later),
    )


def listed_options(file: ParsedCode) -> Iterator[Fact]:
    """`add_options()("help,h", "…")("size", value<int>(), "…")`, of cxxopts and of Boost."""
    source = "cxxopts" if file.holds(b"cxxopts") else "Boost"
    for node in captured(file, _CALLED, "called"):
        outer, start = node.parent, _first(node)
        if outer is None or start != "add_options":
            continue
        call = read(outer, file.source)
        names = call.text(0).split(",")
        texts = [text for value in call.positional[1:] if (text := text_in(value))]
        value = next((item for item in call.positional[1:] if _VALUE.search(item)), "")
        kind, default = _VALUE.search(value), _DEFAULT.search(value)
        holder = outer.child_by_field_name("arguments") or outer
        if names[0]:
            yield command_fact(
                FactKind.OPTION,
                spelled(*sorted((name.strip() for name in names), key=lambda name: -len(name))),
                source,
                place_at(holder),
                symbol=file.symbol_at(holder.start_point[0] + 1),
                type=kind[1] if kind else "",
                default=shown_default(read_call("x" + value[default.end() :]).value(0)) if default else "",
                text=texts[0] if texts else "",
                marks=marks(required="required()" in value),
            )


def _first(node: tree_sitter.Node) -> str:
    """The method with which calls of calls begin."""
    inner: tree_sitter.Node | None = node
    while inner is not None and inner.type == "call_expression":
        inner = inner.child_by_field_name("function")
    name = inner.child_by_field_name("field") if inner is not None else None
    return name.text.decode("utf-8", "replace") if name is not None and name.text is not None else ""

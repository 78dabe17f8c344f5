"""Command lines that Go declares with cobra, and sets of flags of pflag."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.calls import CodeCall
from agents.codebase.facts.commands.command_facts import command_fact, function_at, mounted, text_in
from agents.codebase.facts.file import ParsedCode, place
from agents.codebase.facts.written import shown_default
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind

_FLAG = re.compile(r"^(?P<type>\w*?)(?P<var>Var)?(?P<short>P)?$")
_TYPES = (
    *("Bool", "String", "Int", "Int8", "Int16", "Int32", "Int64", "Uint", "Uint8", "Uint16", "Uint32", "Uint64"),
    *("Duration", "Float32", "Float64", "Count", "IP", "IPNet", "BytesHex"),
    *("StringSlice", "StringArray", "IntSlice", "BoolSlice", "DurationSlice", "StringToString", "StringToInt"),
)
_FLAGS = (*(f"{kind}{end}" for kind in _TYPES for end in ("", "Var", "P", "VarP")), "Var", "VarP")
_OF_COMMAND = frozenset({"Flags", "PersistentFlags", "LocalFlags"})
_SET = re.compile(r"\b(\w+)(?:\s+\*?p?flag\.FlagSet\b|\s*:?=\s*p?flag\.NewFlagSet\()")
_MADE = re.compile(r"^[\w.]+(?=\()")


def go_commands(file: ParsedCode) -> Iterator[Fact]:
    """Commands with their flags, and the commands that are put below others."""
    keys = {
        _key(call, file)
        for call in file.calls("Command")
        if call.name == "cobra.Command" and call.assigned
    }  # fmt: skip
    flag_sets = {
        (function_at(file, call.line), call.assigned): call.receiver
        for call in file.calls(*_OF_COMMAND)
        if call.assigned
    }
    sets = set(_SET.findall(file.whole_text)) if file.holds(b"spf13/pflag") else set()
    for call in file.calls("AddCommand", "Command", *_FLAGS):
        function = function_at(file, call.line)
        if call.method == "AddCommand":
            yield from _added(call, keys, file)
        elif call.name == "cobra.Command":
            yield from _command(call, file)
        elif call.before is not None and call.before.method in _OF_COMMAND:
            owner = _resolved(call.before.receiver, function, keys)
            yield from _flag(call, owner, "cobra", file.symbol_at(call.line))
        elif (function, call.receiver) in flag_sets:
            owner = _resolved(flag_sets[function, call.receiver], function, keys)
            yield from _flag(call, owner, "cobra", file.symbol_at(call.line))
        elif call.receiver in sets and call.before is None:
            yield from _flag(call, "", "pflag", file.symbol_at(call.line))


def _key(call: CodeCall, file: ParsedCode) -> str:
    """A variable's name, below its function's: functions call their commands alike."""
    function = function_at(file, call.line)
    return f"{function}.{call.assigned}" if function and call.assigned and "." not in call.assigned else call.assigned


def _resolved(name: str, function: str, keys: set[str]) -> str:
    return f"{function}.{name}" if f"{function}.{name}" in keys else name


def _command(call: CodeCall, file: ParsedCode) -> Iterator[Fact]:
    name = call.text(-1, "Use")
    if name and call.named.get("Hidden") != "true":
        text = next((line for key in ("Short", "Long") if (line := text_in(call.named.get(key, "")))), "")
        symbol = file.symbol_at(call.line)
        yield command_fact(
            FactKind.COMMAND, name, "cobra", place(call), owner=_key(call, file), symbol=symbol, text=text
        )


def _flag(call: CodeCall, owner: str, source: str, symbol: str) -> Iterator[Fact]:
    shape = _FLAG.match(call.method)
    at = 1 if shape and shape["var"] else 0
    name, short = call.text(at), call.text(at + 1) if shape and shape["short"] else ""
    if not name or not shape:
        return
    after = at + (2 if shape["short"] else 1)
    # A value of the program's own type has its default in itself, a counter none.
    has_default = shape["type"] not in {"", "Count"}
    yield command_fact(
        FactKind.OPTION,
        f"--{name}" + (f", -{short}" if short else ""),
        source,
        place(call),
        owner=owner,
        type=shape["type"].lower(),
        symbol=symbol,
        default=shown_default(call.value(after)) if has_default else "",
        text=text_in(call.value(after + has_default)),
    )


def _added(call: CodeCall, keys: set[str], file: ParsedCode) -> Iterator[Fact]:
    """cobra's `root.AddCommand(serve, newVersion())`."""
    function = function_at(file, call.line)
    owner = _resolved(call.receiver, function, keys)
    for child in call.positional:
        made = _MADE.match(child)
        target = f"{made[0]}()" if made else _resolved(child, function, keys)
        fact = mounted("cobra", Lines(start=call.line, end=call.line), owner, target)
        yield fact.model_copy(update={"symbol": file.symbol_at(call.line)})

"""Command lines that the standard library of Python parses, and Django's management commands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from agents.codebase.facts.calls import CodeCall
from agents.codebase.facts.commands.command_facts import command_fact, function_at, marks, mounted, text_in
from agents.codebase.facts.file import ParsedCode, place
from agents.codebase.facts.settings.words import MANAGEMENT
from agents.codebase.facts.written import literal, shown_default, texts_in
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import SymbolKind

#: The attribute of a class, whose statements stand on the margin of its first one.
_HELP = re.compile(r"""^(?:    |\t|  )help\s*=\s*(?:\w+\()?\(?\s*((?:"[^"\n]*"\s*|'[^'\n]*'\s*)+)""", re.MULTILINE)
_GROUPS = ("add_argument_group", "add_mutually_exclusive_group", "add_subparsers", "OptionGroup")
_FLAGS = frozenset({"count", "version", "help"})
#: Groups inside groups that are followed.
_FAR = 5


class _Parser(NamedTuple):
    """A parser that a variable holds: `key` is what its options and subcommands call it."""

    variable: str
    key: str
    call: CodeCall
    is_named: bool


def argument_commands(file: ParsedCode) -> Iterator[Fact]:
    """The parsers and arguments of a file; of a file with a management command, that command's."""
    yield from management_commands(file) if file.holds(b"django.core.management") else argparse_commands(file)


def management_commands(file: ParsedCode) -> Iterator[Fact]:
    """Django's: the class `Command` of a file, whose name is the command's; the page gives it that name."""
    command = next((item for item in file.symbols if item.name == "Command" and item.kind is SymbolKind.CLASS), None)
    if command is None:
        return
    described = _HELP.search(file.whole_text)
    text = literal(described[1].strip()) if described else ""
    yield command_fact(
        FactKind.COMMAND,
        command.name,
        MANAGEMENT,
        command.lines,
        owner=command.name,
        symbol=command.name,
        text=text or command.doc,
    )
    for option in argparse_commands(file):
        if option.kind is FactKind.OPTION:
            yield option.model_copy(update={"source": MANAGEMENT, "owner": command.name})


def argparse_commands(file: ParsedCode) -> Iterator[Fact]:
    """argparse's and optparse's parsers with a name or a description, their subcommands and their arguments."""
    source = "optparse" if file.holds(b"optparse") and not file.holds(b"argparse") else "argparse"
    parsers: list[_Parser] = []
    groups = {call.assigned: call.receiver or call.value(0) for call in file.calls(*_GROUPS) if call.assigned}
    handlers = {call.receiver: call.value(-1, "func", "handler") for call in file.calls("set_defaults")}
    for call in file.calls("ArgumentParser", "OptionParser", "add_parser", "add_argument", "add_option", "make_option"):
        if call.method in {"add_argument", "add_option", "make_option"}:
            owner = _holder(_receiver(call), call, parsers, groups, file)
            yield from _argument(call, source, owner.key if owner else _receiver(call), file.symbol_at(call.line))
            continue
        is_below = call.method == "add_parser"
        above = _holder(_receiver(call), call, parsers, groups, file) if is_below else None
        name = call.text(0) if is_below else call.text(0, "prog") if source == "argparse" else call.text(-1, "prog")
        text = text_in(call.value(-1, "description", "help"))
        times = sum(item.variable == call.assigned for item in parsers)
        key = f"{call.assigned or name}@{call.line}" if times or not call.assigned else call.assigned
        parsers.append(_Parser(call.assigned, key, call, bool(name)))
        if not name and not text:
            continue
        symbol = function_at(file, call.line)
        handler = handlers.get(call.assigned, "") if not times and call.assigned else ""
        is_here = any(item.name == handler for item in file.symbols)
        yield command_fact(
            FactKind.COMMAND,
            name or symbol or "the program",
            source,
            place(call),
            owner=key,
            symbol=handler if is_here else symbol,
            text=text,
        )
        if above is not None and above.is_named:
            yield mounted(source, place(call), above.key, key)


def _receiver(call: CodeCall) -> str:
    """The variable a method is called on, or the one whose group was made on the way."""
    return call.first.receiver if call.before is not None else call.receiver


def _holder(
    name: str, call: CodeCall, parsers: Sequence[_Parser], groups: dict[str, str], file: ParsedCode
) -> _Parser | None:
    """The parser that a variable holds at a call: the latest of the same function, else the file's only one."""
    for _ in range(_FAR):
        matches = [item for item in parsers if item.variable == name]
        if matches:
            function = function_at(file, call.line)
            near = [item for item in matches if function_at(file, item.call.line) == function]
            return near[-1] if near else matches[0] if len(matches) == 1 else None
        if name not in groups:
            return None
        name = groups[name]
    return None


def _argument(call: CodeCall, source: str, owner: str, symbol: str) -> Iterator[Fact]:
    names = [name for text in call.positional if (name := literal(text))]
    # Without a name of its own an argument is a positional one, called by its `dest`.
    names = names or [name for name in (call.text(-1, "metavar") or call.text(-1, "dest"),) if name]
    if not names or call.value(-1, "help").rpartition(".")[2] in {"SUPPRESS", "SUPPRESS_HELP"}:
        return
    action = call.text(-1, "action")
    is_flag = action.startswith("store_") or action in _FLAGS or call.named.get("action", "").endswith("OptionalAction")
    chosen = " | ".join(texts_in(call.named["choices"])) if "choices" in call.named else ""
    yield command_fact(
        FactKind.OPTION,
        ", ".join(names),
        source,
        place(call),
        owner=owner,
        symbol=symbol,
        type="flag" if is_flag else call.named.get("type", "").strip("\"'") or chosen,
        default=shown_default(call.named.get("default", "")),
        text=text_in(call.value(-1, "help", "short_help")),
        marks=marks(required=call.named.get("required") == "True", argument=not names[0].startswith("-")),
    )

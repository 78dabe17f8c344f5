"""Command lines that the standard libraries of Python and Ruby parse, and Django's management commands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.clap_commands import command_fact
from agents.codebase.facts.file import ParsedCode, place
from agents.codebase.facts.setting_words import MANAGEMENT
from agents.codebase.facts.written import literal, shown_default
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import SymbolKind

#: The attribute of a class, whose statements stand on the margin of its first one.
_HELP = re.compile(r"""^(?:    |\t|  )help\s*=\s*(?:\w+\()?\(?\s*((?:"[^"\n]*"\s*|'[^'\n]*'\s*)+)""", re.MULTILINE)


def management_commands(file: ParsedCode) -> Iterator[Fact]:
    """Django's: the class `Command` of a file, whose name is the command's; the page gives it that name."""
    command = next((item for item in file.symbols if item.name == "Command" and item.kind is SymbolKind.CLASS), None)
    if command is None:
        return
    described = _HELP.search(file.source.decode("utf-8", "replace"))
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
    for call in file.calls("ArgumentParser", "add_parser", "add_argument"):
        symbol = file.symbol_at(call.line)
        if call.method == "add_argument":
            names = [name for text in call.positional if (name := literal(text))]
            # Without a name of its own an argument is a positional one, called by its `dest`.
            names = names or [name for name in (call.text(-1, "metavar") or call.text(-1, "dest"),) if name]
            if not names:
                continue
            action = call.text(-1, "action")
            is_flag = action.startswith("store_") or action in {"count", "version", "help"}
            marks = () if names[0].startswith("-") else ("argument",)
            yield command_fact(
                FactKind.OPTION,
                ", ".join(names),
                "argparse",
                place(call),
                owner=call.receiver,
                symbol=symbol,
                type="flag" if is_flag else call.named.get("type", ""),
                default=shown_default(call.named.get("default", "")),
                text=call.text(-1, "help") or call.text(-1, "short_help"),
                marks=("required",) if call.named.get("required") == "True" else marks,
            )
        else:
            name = call.text(0, "prog") if call.method == "ArgumentParser" else call.text(0)
            text = call.text(-1, "description", "help")
            if name or text:
                yield command_fact(
                    FactKind.COMMAND,
                    name or symbol or "the program",
                    "argparse",
                    place(call),
                    owner=call.assigned,
                    symbol=symbol,
                    text=text,
                )


def option_parser(file: ParsedCode) -> Iterator[Fact]:
    """Ruby's `o.on "-c", "--count N", Integer, "How many"`."""
    for call in file.calls("on"):
        given = [text for value in call.positional if (text := literal(value))]
        flags = [text for text in given if text.startswith("-")]
        if flags:
            text = " ".join(item for item in given if not item.startswith("-"))
            yield command_fact(
                FactKind.OPTION,
                ", ".join(flags),
                "OptionParser",
                Lines(start=call.line, end=call.line),
                symbol=file.symbol_at(call.line),
                text=text,
            )

"""Command lines that Scala builds with scopt and decline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import tree_sitter

from agents.codebase.facts.calls import CodeCall
from agents.codebase.facts.commands.command_facts import command_fact, marks, mounted, spelled, text_in
from agents.codebase.facts.file import ParsedCode, place
from agents.codebase.facts.written import Written, arguments, literal, shown_default
from agents.contracts.facts import Fact, FactKind


def scopt_commands(file: ParsedCode) -> Iterator[Fact]:
    """`cmd("update").text("…").children(opt[Int]('f', "foo"), …)`."""
    made = {call.node: call for call in file.calls("cmd") if not call.receiver and call.text(0)}
    for call in file.calls("programName", "cmd", "opt", "arg"):
        names = [text for value in call.positional if (text := literal(value))]
        if call.receiver or call.before is not None or not names:
            continue
        later = {item.method: item for item in call.after()}
        text = text_in(later["text"].value(0)) if "text" in later else ""
        above = _above(call, made)
        symbol = file.symbol_at(call.line)
        if call.method in {"cmd", "programName"}:
            key = _key(call)
            yield command_fact(FactKind.COMMAND, names[0], "scopt", place(call), owner=key, symbol=symbol, text=text)
            if above is not None:
                yield mounted("scopt", place(call), _key(above), key)
            continue
        is_argument = call.method == "arg"
        yield command_fact(
            FactKind.OPTION,
            names[0] if is_argument else spelled(*reversed(names)),
            "scopt",
            place(call),
            owner=_key(above) if above is not None else "",
            symbol=symbol,
            text=text,
            marks=marks(argument=is_argument, required="required" in later),
        )


def _key(call: CodeCall) -> str:
    return f"{call.text(0)}@{call.line}"


def _above(call: CodeCall, made: Mapping[tree_sitter.Node | None, CodeCall]) -> CodeCall | None:
    """The command among whose children a call stands."""
    for outer in call.around():
        match = next((made[item.node] for item in (outer, *outer.chain()) if item.node in made), None)
        if match is not None and match.node != call.node:
            return match
    return None


def decline_commands(file: ParsedCode) -> Iterator[Fact]:
    """`Opts.option[Int]("lines", help = "…", short = "n")` and `Opts.subcommand("tail", "…")`."""
    for call in file.calls("option", "options", "flag", "flags", "argument", "arguments", "subcommand"):
        given = Written(call.name, *arguments(", ".join(call.positional)))
        name = given.text(0, "long", "name") or given.text(-1, "metavar")
        if call.receiver not in {"Opts", ""} or not name:
            continue
        text, symbol = text_in(given.value(1, "help")), file.symbol_at(call.line)
        if call.method == "subcommand":
            yield command_fact(FactKind.COMMAND, name, "decline", place(call), owner=name, symbol=symbol, text=text)
            continue
        is_argument = call.method.startswith("argument")
        later = {item.method: item for item in call.after()}
        yield command_fact(
            FactKind.OPTION,
            f"<{name}>" if is_argument else spelled(f"--{name}", *given.text(2, "short")),
            "decline",
            place(call),
            symbol=symbol,
            type="flag" if call.method.startswith("flag") else "",
            text="" if is_argument else text,
            default=shown_default(later["withDefault"].value(0)) if "withDefault" in later else "",
            marks=marks(argument=is_argument),
        )

"""Command lines that Kotlin declares with Clikt's delegates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.calls import CodeCall
from agents.codebase.facts.commands.command_facts import (
    class_at,
    command_fact,
    dashed,
    marks,
    members_by_owner,
    mounted,
    property_at,
    spelled,
    text_in,
)
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.hierarchies import bases
from agents.codebase.facts.written import Written, inside, literal, read_call, shown_default
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Symbol, SymbolKind

_SOURCE = "Clikt"
_BASE = re.compile(r":\s*(?=[\w.]*Command\s*\()")
_RETURNED = re.compile(r"(?:=|return)\s*(?=\")")
_MADE = re.compile(r"^([A-Z]\w*)\s*\(")
_LATER = re.compile(r"\s*\.(\w+)(?:<[^<>\n]*>)?\s*(?=[({])")
_TYPES = {
    "int": "Int",
    "long": "Long",
    "double": "Double",
    "float": "Float",
    "file": "File",
    "path": "Path",
    "flag": "flag",
}
#: Calls of one delegate's chain, and characters of it, that are read.
_FAR, _LONGEST = 20, 2_000


def clikt_commands(file: ParsedCode) -> Iterator[Fact]:
    """Classes that extend a command or a group of options, with their delegated properties."""
    holders: set[str] = set()
    grouped = members_by_owner(file.symbols)
    for symbol in file.symbols:
        names = [base.rpartition(".")[2] for base in bases("kotlin", symbol)] if symbol.kind is SymbolKind.CLASS else []
        if any(name.endswith("Command") for name in names):
            yield from _command(symbol, grouped.get(symbol.name, {}), file)
        if any(name.endswith(("Command", "OptionGroup")) for name in names):
            holders.add(symbol.name)
    for call in file.calls("option", "argument"):
        owner, member = class_at(file, call.line), property_at(file, call.line)
        if not call.receiver and call.before is None and owner in holders and member.startswith(f"{owner}."):
            yield from _option(call, owner, member, file)
    for call in file.calls("subcommands"):
        above = _MADE.match(call.name)
        owner = above[1] if above else "" if call.receiver else class_at(file, call.line)
        for child in call.positional if owner else ():
            made = _MADE.match(child)
            if made:
                yield mounted(_SOURCE, Lines(start=call.line, end=max(call.line, call.end)), owner, made[1])


def _command(symbol: Symbol, members: dict[str, Symbol], file: ParsedCode) -> Iterator[Fact]:
    base = _BASE.search(symbol.signature)
    given = read_call(symbol.signature[base.end() :]) if base else Written("")
    help_text = file.written(members["help"].lines) if "help" in members else ""
    returned = _RETURNED.search(help_text)
    plain = dashed(symbol.name.rpartition(".")[2].removesuffix("Command"))
    if "abstract " in symbol.signature or given.named.get("hidden") == "true":
        return
    yield command_fact(
        FactKind.COMMAND,
        given.text(0, "name") or plain,
        _SOURCE,
        symbol.lines,
        owner=symbol.name,
        symbol=symbol.name,
        text=text_in(given.value(1, "help"))
        or (text_in(help_text[returned.end() :].strip().rstrip("}").strip()) if returned else "")
        or symbol.doc,
    )


def _later(call: CodeCall) -> dict[str, Written]:
    """The calls behind a delegate's first one, by their names."""
    text = call.source[call.end_byte : call.end_byte + _LONGEST].decode("utf-8", "replace")
    result: dict[str, Written] = {}
    for _ in range(_FAR):
        match = _LATER.match(text)
        if match is None:
            break
        result.setdefault(match[1], read_call(match[1] + text[match.end() :]))
        text = text[match.end() + len(inside(text[match.end() :])) + 2 :]
    return result


def _option(call: CodeCall, owner: str, member: str, file: ParsedCode) -> Iterator[Fact]:
    later = _later(call)
    is_argument = call.method == "argument"
    plain = dashed(member.rpartition(".")[2])
    names = [text for value in call.positional if (text := literal(value))]
    kind = next((item.type for item in file.symbols if item.name == member), "")
    if call.named.get("hidden") == "true":
        return
    first = (later[name].value(0, "default") for name in ("default", "flag") if name in later)
    yield command_fact(
        FactKind.OPTION,
        f"<{call.text(0, 'name') or plain}>" if is_argument else spelled(*(names or [f"--{plain}"])),
        _SOURCE,
        Lines(start=call.line, end=max(call.line, call.end)),
        owner=owner,
        symbol=member,
        type=kind or next((name for method, name in _TYPES.items() if method in later), ""),
        default=shown_default(next(first, "")),
        text=text_in(call.value(-1, "help")) or (text_in(later["help"].value(0)) if "help" in later else ""),
        marks=marks(argument=is_argument, required="required" in later),
    )

"""Command lines that Python makes from functions and classes: Fire's and cleo's."""

from __future__ import annotations

from collections.abc import Iterator

from agents.codebase.facts.calls import CodeCall, options
from agents.codebase.facts.commands.command_facts import (
    class_at,
    command_fact,
    dashed,
    marks,
    members_by_owner,
    spelled,
    text_in,
)
from agents.codebase.facts.file import ParsedCode, place
from agents.codebase.facts.hierarchies import bases
from agents.codebase.facts.written import shown_default
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Symbol, SymbolKind

_CALLABLE = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD})


def fire_commands(file: ParsedCode) -> Iterator[Fact]:
    """What `fire.Fire(…)` is given: a function, a class with its methods, or functions by their names."""
    by_name = {symbol.name: symbol for symbol in file.symbols}
    for call in file.calls("Fire"):
        given = call.value(0, "component").partition("(")[0]
        listed = options(call.value(0, "component"))
        if listed:
            named = {name: by_name[value] for name, value in listed.items() if value in by_name}
        elif given:
            named = {given: by_name[given]} if given in by_name else {}
        else:
            named = {symbol.name: symbol for symbol in file.symbols if symbol.kind is SymbolKind.FUNCTION}
        for name, symbol in named.items():
            yield from _fired(name, symbol, file)


def _fired(name: str, symbol: Symbol, file: ParsedCode) -> Iterator[Fact]:
    if symbol.kind is SymbolKind.CLASS:
        for plain, member in members_by_owner(file.symbols).get(symbol.name, {}).items():
            if member.kind in _CALLABLE and member.public and not plain.startswith("_"):
                yield from _fired(plain, member, file)
    elif symbol.kind in _CALLABLE and not name.startswith("_"):
        yield command_fact(
            FactKind.COMMAND, name, "Fire", symbol.lines, owner=symbol.name, symbol=symbol.name, text=symbol.doc
        )
        for parameter in symbol.parameters:
            if parameter.name.lstrip("*") not in {"self", "cls"}:
                is_argument = not parameter.default
                yield command_fact(
                    FactKind.OPTION,
                    parameter.name.upper() if is_argument else f"--{parameter.name}",
                    "Fire",
                    symbol.lines,
                    owner=symbol.name,
                    symbol=symbol.name,
                    type=parameter.type,
                    default=shown_default(parameter.default),
                    marks=marks(argument=is_argument),
                )


def cleo_commands(file: ParsedCode) -> Iterator[Fact]:
    """Classes of cleo with a name, and the arguments and options that their bodies list."""
    owners: set[str] = set()
    grouped = members_by_owner(file.symbols)
    for symbol in file.symbols:
        if symbol.kind is not SymbolKind.CLASS or not any("Command" in base for base in bases("python", symbol)):
            continue
        members = grouped.get(symbol.name, {})
        name = text_in(members["name"].default) if "name" in members else ""
        if name:
            owners.add(symbol.name)
            text = text_in(members["description"].default) if "description" in members else ""
            yield command_fact(
                FactKind.COMMAND,
                name,
                "cleo",
                symbol.lines,
                owner=symbol.name,
                symbol=symbol.name,
                text=text or symbol.doc,
            )
    for call in file.calls("argument", "option"):
        owner = class_at(file, call.line)
        if owner in owners and not call.receiver and call.before is None:
            yield from _listed(call, owner)


def _listed(call: CodeCall, owner: str) -> Iterator[Fact]:
    """`argument(name, description, …)` and `option(long, short, description, …)`."""
    is_argument = call.method == "argument"
    name = call.text(0, "name", "long_name")
    if not name:
        return
    yield command_fact(
        FactKind.OPTION,
        f"<{name}>" if is_argument else spelled(f"--{dashed(name)}", call.text(1, "short_name").strip("-")),
        "cleo",
        place(call),
        owner=owner,
        symbol=owner,
        type="flag" if call.named.get("flag", "True") == "True" and not is_argument else "",
        default=shown_default(call.named.get("default", "")),
        text=text_in(call.value(1 if is_argument else 2, "description")),
        marks=marks(argument=is_argument),
    )

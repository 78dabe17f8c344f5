"""Command lines that Rust derives with argh."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.commands.command_facts import command_fact, dashed, marks, members_by_owner, mounted, spelled
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.written import Written, literal, read_call, shown_default
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Symbol, SymbolKind

_SOURCE = "argh"
_PAYLOAD = re.compile(r"\((?:\w+::){0,9}(\w+)\)")


def argh_commands(file: ParsedCode) -> Iterator[Fact]:
    """Structs that derive `FromArgs`, their fields, and the structs of the variants that a field leads to."""
    grouped = members_by_owner(file.symbols)
    for symbol, attributes in file.decorated:
        derive = next((item for item in attributes if item.name == "derive"), Written(""))
        derived = {name.rpartition("::")[2] for name in derive.positional}
        if symbol.kind is not SymbolKind.STRUCT or "FromArgs" not in derived:
            continue
        about = next((item for item in attributes if item.method == "argh"), Written(""))
        name = about.text(-1, "name")
        yield command_fact(
            FactKind.COMMAND,
            name or symbol.name,
            _SOURCE,
            symbol.lines,
            owner=symbol.name,
            symbol=symbol.name,
            text=about.text(-1, "description") or symbol.doc,
        )
        for member in grouped.get(symbol.name, {}).values():
            given = next((item for item in map(read_call, member.decorators) if item.method == "argh"), None)
            if given is not None and "subcommand" not in given.positional:
                yield _option(member, given, symbol.name)
            elif given is not None and name:
                yield from _below(member, symbol, grouped)


def _below(member: Symbol, above: Symbol, grouped: dict[str, dict[str, Symbol]]) -> Iterator[Fact]:
    """The structs of an enum's variants."""
    kinds = re.findall(r"\w+", member.type)
    for variant in grouped.get(kinds[-1] if kinds else "", {}).values():
        payload = _PAYLOAD.search(variant.signature)
        if payload is not None:
            yield mounted(_SOURCE, variant.lines, above.name, payload[1])


def _option(member: Symbol, given: Written, owner: str) -> Fact:
    plain = dashed(member.name.rpartition(".")[2])
    is_argument = "positional" in given.positional
    names = spelled(f"--{given.text(-1, 'long') or plain}", literal(given.value(-1, "short")) or "")
    return command_fact(
        FactKind.OPTION,
        f"<{plain}>" if is_argument else names,
        _SOURCE,
        member.lines,
        owner=owner,
        symbol=member.name,
        type="flag" if "switch" in given.positional else member.type,
        default=shown_default(given.text(-1, "default")),
        text=given.text(-1, "description") or member.doc,
        marks=marks(argument=is_argument),
    )

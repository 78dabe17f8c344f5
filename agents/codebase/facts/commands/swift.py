"""Command lines that Swift declares with ArgumentParser's property wrappers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.commands.command_facts import (
    command_fact,
    dashed,
    marks,
    members_by_owner,
    mounted,
    spelled,
    text_in,
)
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.hierarchies import TYPES, bases
from agents.codebase.facts.written import Written, arguments, inside, read_call, shown_default
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Symbol

_SOURCE = "Swift ArgumentParser"
_COMMANDS = frozenset({"ParsableCommand", "AsyncParsableCommand"})
_HOLDERS = _COMMANDS | {"ParsableArguments"}
_WRAPPERS = frozenset({"Flag", "Option", "Argument"})
_CONFIGURED = re.compile(r"(?:CommandConfiguration|\.init)\s*(?=\()")
_COMMENT = re.compile(r"^[ \t]*//[^\n]*", re.MULTILINE)
_TYPE = re.compile(r"(\w+)\.self\b")
_NAMED = re.compile(r"\.custom(?:Long|Short)\(\s*\"([^\"]*)\"")
_HELP = re.compile(r"^(?:ArgumentHelp|\.init)\s*\(")


def swift_commands(file: ParsedCode) -> Iterator[Fact]:
    """Types that are commands or hold their arguments, with the properties that are wrapped."""
    grouped = members_by_owner(file.symbols)
    for symbol in file.symbols:
        own = set(bases("swift", symbol)) & _HOLDERS if symbol.kind in TYPES else ()
        if not own:
            continue
        members = grouped.get(symbol.name, {})
        if _COMMANDS.intersection(own):
            yield from _command(symbol, members.get("configuration"), file)
        for member in members.values():
            wrapper = next((item for item in map(read_call, member.decorators) if item.method in _WRAPPERS), None)
            if wrapper is not None:
                yield from _option(member, wrapper, symbol.name)


def _command(symbol: Symbol, configuration: Symbol | None, file: ParsedCode) -> Iterator[Fact]:
    written = file.written(configuration.lines) if configuration is not None else ""
    # An apostrophe in a comment begins no text.
    written = _COMMENT.sub("", written)
    configured = _CONFIGURED.search(written)
    _, given = arguments(inside(written[configured.end() :][:4_000])) if configured else ((), {})
    if given.get("shouldDisplay") == "false":
        return
    yield command_fact(
        FactKind.COMMAND,
        text_in(given.get("commandName", "")) or dashed(symbol.name.rpartition(".")[2]),
        _SOURCE,
        symbol.lines,
        owner=symbol.name,
        symbol=symbol.name,
        text=text_in(given.get("abstract", "")) or symbol.doc,
    )
    for target in _TYPE.findall(given.get("subcommands", "")):
        yield mounted(_SOURCE, symbol.lines, symbol.name, target)


def _option(member: Symbol, wrapper: Written, owner: str) -> Iterator[Fact]:
    help_text = wrapper.value(-1, "help")
    if ".hidden" in help_text or ".private" in help_text:
        return
    plain = member.name.rpartition(".")[2]
    is_optional = bool(member.default) or member.type.endswith("?")
    is_argument, is_flag = wrapper.method == "Argument", wrapper.method == "Flag"
    given_help = read_call(f"help{help_text[help_text.find('(') :]}") if _HELP.match(help_text) else Written("")
    yield command_fact(
        FactKind.OPTION,
        f"<{dashed(plain)}>" if is_argument else _names(wrapper, dashed(plain)),
        _SOURCE,
        member.lines,
        owner=owner,
        symbol=member.name,
        type=member.type or ("flag" if is_flag else ""),
        default=shown_default(member.default),
        text=text_in(given_help.value(0)) or text_in(help_text) or member.doc,
        marks=marks(argument=is_argument, required=not is_flag and not is_optional),
    )


def _names(wrapper: Written, plain: str) -> str:
    """The names that a specification gives: from the property's own, and others."""
    given = wrapper.value(-1, "name")
    own = _NAMED.findall(given)
    rest = _NAMED.sub("", given)
    is_long = not given or re.search(r"\.(?:long|shortAndLong)\b", rest)
    is_short = re.search(r"\.(?:short|shortAndLong)\b", rest)
    negative = f"--no-{plain}" if "prefixedNo" in wrapper.value(-1, "inversion") else ""
    return spelled(f"--{plain}" if is_long else "", f"-{plain[0]}" if is_short else "", *own, negative)

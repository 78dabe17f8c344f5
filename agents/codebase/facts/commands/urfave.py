"""Command lines that Go declares with urfave/cli: commands and flags in lists inside of each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from agents.codebase.facts.calls import CodeCall, options
from agents.codebase.facts.commands.command_facts import command_fact, marks, mounted, spelled, text_in
from agents.codebase.facts.file import ParsedCode, place
from agents.codebase.facts.written import literal, shown_default, texts_in
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind

_SOURCE = "cli"
_FLAGS = (
    *("BoolFlag", "StringFlag", "IntFlag", "Int64Flag", "UintFlag", "Uint64Flag", "Float64Flag", "FloatFlag"),
    *("DurationFlag", "TimestampFlag", "PathFlag", "GenericFlag", "StringSliceFlag", "IntSliceFlag", "StringMapFlag"),
)
_ELSEWHERE = re.compile(r"^&?[\w.]+(\(\))?$")


class _UrfaveCommand(NamedTuple):
    """A command where it is written: the bytes between which its flags and subcommands stand."""

    start: int
    end: int
    key: str
    name: str
    text: str
    lines: Lines
    symbol: str


def urfave_commands(file: ParsedCode) -> Iterator[Fact]:
    """Commands with their flags; one that a list names is below the command of that list."""
    lists = [call for call in file.calls("Command") if call.name.endswith("]*cli.Command")]
    declared = [*_made(file), *(item for call in lists for item in _listed(call, file))]
    for item in declared:
        yield command_fact(
            FactKind.COMMAND, item.name, _SOURCE, item.lines, owner=item.key, symbol=item.symbol, text=item.text
        )
        above = _around(item.start, declared)
        if above is not None:
            yield mounted(_SOURCE, item.lines, above.key, item.key)
    for call in lists:
        above = _around(_start(call), declared)
        for child in call.positional if above is not None else ():
            if above is not None and _ELSEWHERE.match(child):
                yield mounted(_SOURCE, place(call), above.key, child.lstrip("&"))
    for call in file.calls(*_FLAGS):
        if call.name.startswith("cli."):
            yield from _flag(call, _around(_start(call), declared), file)


def _start(call: CodeCall) -> int:
    return call.node.start_byte if call.node is not None else 0


def _around(byte: int, declared: Sequence[_UrfaveCommand]) -> _UrfaveCommand | None:
    """The innermost command that a place is in."""
    around = [item for item in declared if item.start < byte < item.end]
    return min(around, key=lambda item: item.end - item.start, default=None)


def _made(file: ParsedCode) -> Iterator[_UrfaveCommand]:
    for call in file.calls("Command", "App"):
        name = call.text(-1, "Name")
        if call.name in {"cli.Command", "cli.App"} and name and call.named.get("Hidden") != "true":
            text = text_in(call.value(-1, "Usage", "Description"))
            start = _start(call)
            key = call.assigned or f"{name}@{start}"
            yield _UrfaveCommand(start, call.end_byte, key, name, text, place(call), file.symbol_at(call.line))


def _listed(call: CodeCall, file: ParsedCode) -> Iterator[_UrfaveCommand]:
    """The commands of `[]*cli.Command{{Name: "add"}, …}`, whose type stands before the list alone."""
    at = _start(call)
    for item in call.positional:
        start = file.source.find(item.encode(), at)
        if start < 0:
            continue
        end = at = start + len(item.encode())
        named = options(item)
        name = literal(named.get("Name", ""))
        if name and named.get("Hidden") != "true":
            line = call.line_of(item)
            lines = Lines(start=line, end=line + item.count("\n"))
            text = text_in(named.get("Usage", named.get("Description", "")))
            yield _UrfaveCommand(start - 1, end, f"{name}@{start}", name, text, lines, file.symbol_at(line))


def _flag(call: CodeCall, above: _UrfaveCommand | None, file: ParsedCode) -> Iterator[Fact]:
    name = call.text(-1, "Name")
    if not name or call.named.get("Hidden") == "true":
        return
    aliases = texts_in("[" + call.named.get("Aliases", "").partition("{")[2].rpartition("}")[0] + "]")
    yield command_fact(
        FactKind.OPTION,
        # Before its second version a flag had its short name behind a comma.
        spelled(*(part.strip() for part in name.split(",")), *aliases),
        _SOURCE,
        place(call),
        symbol=file.symbol_at(call.line),
        owner=above.key if above is not None else "",
        type=call.method.removesuffix("Flag").lower(),
        text=text_in(call.value(-1, "Usage")),
        default=shown_default(call.named.get("Value", "")),
        marks=marks(required=call.named.get("Required") == "true"),
    )

"""Command lines that Dart declares with the package args."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from agents.codebase.facts.commands.command_facts import command_fact, marks, mounted, spelled, text_in
from agents.codebase.facts.hierarchies import bases
from agents.codebase.facts.line_numbers import line_numbers
from agents.codebase.facts.written import Written, parts, read_call, shown_default, texts_in
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Symbol, SymbolKind

_SOURCE = "args"
_CALL = re.compile(r"\b(addFlag|addOption|addMultiOption|addCommand|addSubcommand)(?=\()")
_RECEIVER = re.compile(r"(\w+)\s*\.\.?$")
_RUNNER = re.compile(r"\bCommandRunner(?:<[^<>()\n]*>)?(?=\()")
_COMMENT = re.compile(r"^[ \t]*//[^\n]*", re.MULTILINE)
#: Characters of a call, and of what stands before it.
_LONGEST, _NEAR = 4_000, 200
_GIVEN = r"\b{name}\s*(?:=>?|\{{\s*return)\s*"
_ASSIGNED = re.compile(r"\b(\w+)\s*=\s*\w+\s*$")
_MADE = re.compile(r"^(?:const\s+|new\s+)?([A-Z]\w*)\s*\(")


def dart_commands(text: str, symbols: Sequence[Symbol]) -> Iterator[Fact]:
    """Runners, classes that extend a command, and what is added to their parsers."""
    if "package:args/" not in text:
        return
    # A line of nothing but a comment keeps its length, so that lines stay where they are.
    code = _COMMENT.sub(lambda line: " " * len(line[0]), text)
    lines = code.split("\n")
    classes = {symbol.name: symbol for symbol in symbols if symbol.kind is SymbolKind.CLASS}
    commands = [symbol for symbol in classes.values() if any("Command" in base for base in bases("dart", symbol))]
    for symbol in commands:
        body = "\n".join(lines[symbol.lines.start - 1 : symbol.lines.end])
        name = _given(body, "name")
        if name:
            description = _given(body, "description") or symbol.doc
            yield command_fact(
                FactKind.COMMAND, name, _SOURCE, symbol.lines, owner=symbol.name, symbol=symbol.name, text=description
            )
    yield from _added(code, commands)


def _given(body: str, member: str) -> str:
    """What a field is given, or what a getter returns."""
    given = re.search(_GIVEN.format(name=member), body)
    pieces = parts(body[given.end() : given.end() + _LONGEST], ";") if given else []
    return text_in(pieces[0]) if pieces else ""


def _added(code: str, commands: Sequence[Symbol]) -> Iterator[Fact]:
    """The runner, and what is added to parsers and commands: a parser's own command is in a variable."""
    line_at = line_numbers(code)
    parsers: dict[str, str] = {}
    program = ""
    runner = _RUNNER.search(code)
    if runner is not None:
        given = _read("CommandRunner", code, runner.end())
        lines = Lines(start=line_at(runner.start()), end=line_at(runner.start()))
        program = given.text(0)
        if program:
            text = text_in(given.value(1))
            yield command_fact(FactKind.COMMAND, program, _SOURCE, lines, owner=program, text=text)
    for call in _CALL.finditer(code):
        lines = Lines(start=line_at(call.start()), end=line_at(call.start()))
        before = code[max(0, call.start() - _NEAR) : call.start()]
        receiver = _RECEIVER.search(before)
        around = [item for item in commands if item.lines.start <= lines.start <= item.lines.end]
        owner = parsers.get(receiver[1] if receiver else "", around[-1].name if around else "")
        given = _read(call[1], code, call.end())
        if call[1] in {"addFlag", "addOption", "addMultiOption"}:
            yield from _option(given, owner, lines)
            continue
        made = _MADE.match(given.value(0))
        if made is not None and (owner or program):
            yield mounted(_SOURCE, lines, owner or program, made[1])
        elif given.text(0) and call[1] == "addCommand":
            variable = _ASSIGNED.search(before.rstrip("."))
            key = variable[1] if variable else given.text(0)
            parsers[key] = key
            yield command_fact(FactKind.COMMAND, given.text(0), _SOURCE, lines, owner=key)


def _read(name: str, code: str, at: int) -> Written:
    return read_call(name + code[at : at + _LONGEST])


def _option(given: Written, owner: str, lines: Lines) -> Iterator[Fact]:
    name = given.text(0)
    if name and given.named.get("hide") != "true":
        chosen = " | ".join(texts_in(given.named["allowed"])) if "allowed" in given.named else ""
        yield command_fact(
            FactKind.OPTION,
            spelled(f"--{name}", given.text(-1, "abbr")),
            _SOURCE,
            lines,
            owner=owner,
            type="flag" if given.method == "addFlag" else chosen,
            default=shown_default(given.named.get("defaultsTo", "")),
            text=text_in(given.named.get("help", "")),
            marks=marks(required=given.named.get("mandatory") == "true"),
        )

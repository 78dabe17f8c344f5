"""Command lines that Java and Kotlin declare with picocli's annotations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.commands.command_facts import command_fact, marks, mounted, text_in
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.written import Written, inside, literal, parts, read_call, shown_default, texts_in
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Symbol, SymbolKind

_SOURCE = "picocli"
_CLASS = re.compile(r"([A-Z]\w*)\s*(?:\.|::)\s*class\b")
_USE_SITE = re.compile(r"^@?(?:field|set|get|param|property):")
#: picocli's own, which say nothing of the program.
_ITS_OWN = frozenset({"HelpCommand", "GenerateCompletion"})


def picocli_commands(file: ParsedCode) -> Iterator[Fact]:
    """Classes and methods with `@Command`, and what is annotated as an option or a parameter in them."""
    given = {symbol.name: [_annotation(text) for text in symbol.decorators] for symbol in file.symbols}
    commands = {name: item for name, items in given.items() if (item := _named(items, "Command")) is not None}
    for symbol in file.symbols:
        command = commands.get(symbol.name)
        owner = _command_around(symbol.name.rpartition(".")[0], commands)
        if command is not None:
            yield from _command(symbol, command)
            if symbol.kind is SymbolKind.METHOD and owner in commands:
                yield mounted(_SOURCE, symbol.lines, owner, symbol.name)
                yield from _parameters(symbol)
        elif (option := _named(given[symbol.name], "Option", "Parameters")) is not None:
            plain = symbol.name.rpartition(".")[2]
            kind = symbol.parameters[0].type if symbol.parameters else symbol.type
            yield from _option(option, plain, kind, owner, symbol.name, symbol.lines)


def _annotation(text: str) -> Written:
    return read_call(_USE_SITE.sub("", text))


def _named(annotations: list[Written], *names: str) -> Written | None:
    return next((item for item in annotations if item.method in names), None)


def _command_around(name: str, commands: dict[str, Written]) -> str:
    """The command in which a type is: groups of options are classes inside of theirs."""
    around = name
    while around and around not in commands:
        around = around.rpartition(".")[0]
    return around or name


def _command(symbol: Symbol, command: Written) -> Iterator[Fact]:
    if command.named.get("hidden") == "true":
        return
    name = literal(command.named.get("name", "")) or symbol.name.rpartition(".")[2]
    yield command_fact(
        FactKind.COMMAND,
        name,
        _SOURCE,
        symbol.lines,
        owner=symbol.name,
        symbol=symbol.name,
        text=text_in(command.named.get("description", "")) or symbol.doc,
    )
    for target in _CLASS.findall(command.named.get("subcommands", "")):
        if target not in _ITS_OWN:
            yield mounted(_SOURCE, symbol.lines, symbol.name, target)


def _parameters(method: Symbol) -> Iterator[Fact]:
    """The options of a method that is a command: its annotated parameters."""
    written = parts(inside("(" + method.signature.partition("(")[2]))
    for text, parameter in zip(written, method.parameters, strict=False):
        option = _annotation(text)
        if option.method in {"Option", "Parameters"}:
            yield from _option(option, parameter.name, parameter.type, method.name, method.name, method.lines)


def _option(option: Written, plain: str, kind: str, owner: str, symbol: str, lines: Lines) -> Iterator[Fact]:
    is_argument = option.method == "Parameters"
    label = text_in(option.named.get("paramLabel", "")) or f"<{plain}>"
    name = label if is_argument else ", ".join(texts_in(option.named.get("names", "")))
    if name and option.named.get("hidden") != "true":
        yield command_fact(
            FactKind.OPTION,
            name,
            _SOURCE,
            lines,
            owner=owner,
            symbol=symbol,
            type=kind,
            default=shown_default(option.named.get("defaultValue", "")),
            text=text_in(option.named.get("description", "")),
            marks=marks(required=option.named.get("required") == "true", argument=is_argument),
        )

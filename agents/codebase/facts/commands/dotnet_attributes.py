"""Command lines that C# declares by attributes: CommandLineParser, McMaster's and Spectre's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.commands.command_facts import command_fact, dashed, marks, mounted, spelled, text_in
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.written import Written, inside, literal, parts, read_call, shown_default
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Symbol, SymbolKind

_PARSER, _MCMASTER, _SPECTRE = "CommandLineParser", "McMaster", "Spectre.Console.Cli"
_TYPE_OF = re.compile(r"typeof\((?:\w+\.){0,9}(\w+)\)")
_OF_TYPE = re.compile(r"<(?:\w+\.){0,9}(\w+)>$")
_LIBRARIES = {
    b"using CommandLine;": _PARSER,
    b"McMaster.Extensions.CommandLineUtils": _MCMASTER,
    b"Spectre.Console": _SPECTRE,
}
_OPTIONS = {
    _PARSER: ("Option", "Value"),
    _MCMASTER: ("Option", "Argument"),
    _SPECTRE: ("CommandOption", "CommandArgument"),
}
_COMMANDS = {_PARSER: "Verb", _MCMASTER: "Command"}


def dotnet_attributes(file: ParsedCode) -> Iterator[Fact]:
    """Classes that an attribute makes commands, and properties that one makes options."""
    source = next((name for mark, name in _LIBRARIES.items() if file.holds(mark)), "")
    if not source:
        return
    yield from _registered(file) if source == _SPECTRE else ()
    for symbol in file.symbols:
        attributes = [item for text in symbol.decorators for item in _attributes(text)]
        if not attributes:
            continue
        given = {item.method.removesuffix("Attribute"): item for item in reversed(attributes)}
        command = given.get(_COMMANDS.get(source, ""))
        option = next((given[name] for name in _OPTIONS[source] if name in given), None)
        if symbol.kind is SymbolKind.CLASS:
            yield from _command(symbol, command, source) if command is not None else ()
            for target in _TYPE_OF.findall(" ".join(given["Subcommand"].positional)) if "Subcommand" in given else ():
                yield mounted(source, symbol.lines, symbol.name, target)
        elif option is not None:
            yield from _option(symbol, option, given, source)


def _attributes(text: str) -> list[Written]:
    """The attributes between one pair of brackets."""
    return [read_call(part) for part in parts(inside(text))] if text.startswith("[") else [read_call(text)]


def _command(symbol: Symbol, command: Written, source: str) -> Iterator[Fact]:
    name = command.text(0, "Name", "name") or dashed(symbol.name.rpartition(".")[2])
    if command.value(-1, "Hidden", "ShowInHelpText") not in {"true", "false"} or command.value(-1, "Hidden") == "false":
        text = text_in(command.value(-1, "HelpText", "Description")) or symbol.doc
        yield command_fact(
            FactKind.COMMAND, name, source, symbol.lines, owner=symbol.name, symbol=symbol.name, text=text
        )


def _option(symbol: Symbol, option: Written, given: dict[str, Written], source: str) -> Iterator[Fact]:
    is_argument = option.method in {"Value", "Argument", "CommandArgument"}
    plain = symbol.name.rpartition(".")[2]
    name = _argument_name(option, plain) if is_argument else _option_name(option, plain, source)
    description = given["Description"].value(0) if "Description" in given else ""
    beside = option.value(1) if source == _MCMASTER and not is_argument else ""
    default = given["DefaultValue"].value(0) if "DefaultValue" in given else option.value(-1, "Default")
    if option.value(-1, "Hidden", "IsHidden") == "true":
        return
    yield command_fact(
        FactKind.OPTION,
        name,
        source,
        symbol.lines,
        owner=_owner(symbol),
        symbol=symbol.name,
        type=symbol.type,
        default=shown_default(default or (symbol.default if source != _PARSER else "")),
        text=text_in(option.value(-1, "HelpText", "Description") or description or beside) or symbol.doc,
        marks=marks(argument=is_argument, required=option.value(-1, "Required") == "true" or "Required" in given),
    )


def _owner(symbol: Symbol) -> str:
    """The class of an option; Spectre's settings are a class inside of their command's."""
    owner = symbol.name.rpartition(".")[0]
    return owner.rpartition(".")[0] if owner.endswith(".Settings") else owner


def _argument_name(option: Written, plain: str) -> str:
    named = option.text(1, "MetaName", "Name") or plain
    return named if named[:1] in "[<" else f"<{named}>"


def _option_name(option: Written, plain: str, source: str) -> str:
    """`-v, --verbose`, whether the attribute names both, has a template, or leaves the name to the property."""
    texts = [text for value in option.positional[:2] if (text := literal(value))]
    if texts and texts[0].startswith("-"):
        return ", ".join(texts[0].split("|"))
    short, long = option.text(-1, "ShortName"), option.text(-1, "LongName")
    names = [short, long] if short or long else texts
    by_property = dashed(plain) if source == _MCMASTER else plain.lower()
    return spelled(*(name for name in names if " " not in name)) or f"--{by_property}"


def _registered(file: ParsedCode) -> Iterator[Fact]:
    """Spectre's `config.AddCommand<Size>("size").WithDescription("…")`, below the branches around it."""
    for call in file.calls("AddCommand", "AddBranch"):
        name = call.text(0)
        if not name or call.node is None:
            continue
        function = call.node.child_by_field_name("function")
        generic = _OF_TYPE.search(file.text(function)[-200:]) if function is not None else None
        around = [item.text(0) for item in call.around() if item.method == "AddBranch"]
        descriptions = (text_in(item.value(0)) for item in call.after() if item.method == "WithDescription")
        whole = " ".join([*reversed(around), name])
        yield command_fact(
            FactKind.COMMAND,
            whole,
            _SPECTRE,
            Lines(start=call.line, end=call.line),
            owner=generic[1] if generic else whole,
            symbol=file.symbol_at(call.line),
            text=next(descriptions, ""),
        )

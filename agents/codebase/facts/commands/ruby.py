"""Command lines that Ruby declares with OptionParser and Thor."""

from __future__ import annotations

from collections.abc import Iterator

from agents.codebase.facts.calls import CodeCall
from agents.codebase.facts.commands.command_facts import command_fact, marks, spelled, text_in
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.written import literal, shown_default, texts_in
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Symbol, SymbolKind

_THOR = "Thor"
_OPTIONS = ("method_option", "option", "class_option", "argument")


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


def thor_commands(file: ParsedCode) -> Iterator[Fact]:
    """Methods that a `desc` of two texts stands above, with the options between; `subcommand` leads to a class."""
    described: CodeCall | None = None
    options: list[CodeCall] = []
    for item in _statements(file):
        if isinstance(item, CodeCall):
            if item.method == "desc":
                described, options = item, []
            elif item.method in {"class_option", "argument"}:
                yield from _option(item, file.symbol_at(item.line), file.symbol_at(item.line))
            elif item.method == "subcommand":
                yield from _subcommand(item, described, file.symbol_at(item.line))
                described, options = None, []
            else:
                options.append(item)
            continue
        if described is not None and file.symbol_at(described.line) == item.name.rpartition(".")[0]:
            yield from _command(item, described, options)
        described, options = None, []


def _statements(file: ParsedCode) -> list[CodeCall | Symbol]:
    """The calls in bodies of classes that declare commands, and the methods of those classes, in order."""
    classes = {item.name for item in file.symbols if item.kind is SymbolKind.CLASS}
    # A `desc` of one text is Rake's or an interface's.
    calls = [
        call
        for call in file.calls("desc", "subcommand", *_OPTIONS)
        if not call.receiver
        and call.before is None
        and file.symbol_at(call.line) in classes
        and (call.method != "desc" or len(call.positional) > 1)
    ]
    methods = [item for item in file.symbols if item.kind is SymbolKind.METHOD]
    placed: list[tuple[int, CodeCall | Symbol]] = [(call.line, call) for call in calls]
    placed += [(item.lines.start, item) for item in methods]
    return [item for _, item in sorted(placed, key=lambda entry: entry[0])]


def _command(method: Symbol, described: CodeCall, options: list[CodeCall]) -> Iterator[Fact]:
    name = described.text(0)
    if not name or described.named.get("hide") == "true":
        return
    yield command_fact(
        FactKind.COMMAND,
        name,
        _THOR,
        Lines(start=described.line, end=max(described.line, method.lines.end)),
        owner=method.name,
        symbol=method.name,
        text=text_in(described.value(1)),
    )
    for option in options:
        yield from _option(option, method.name, method.name)


def _subcommand(call: CodeCall, described: CodeCall | None, symbol: str) -> Iterator[Fact]:
    name, target = call.text(0), call.value(1).rpartition("::")[2]
    if name and target:
        text = text_in(described.value(1)) if described is not None else ""
        lines = Lines(start=described.line if described is not None else call.line, end=call.line)
        owner = f"{symbol}.{name}"
        yield command_fact(FactKind.COMMAND, name, _THOR, lines, owner=owner, symbol=symbol, target=target, text=text)


def _option(call: CodeCall, owner: str, symbol: str) -> Iterator[Fact]:
    name = call.text(0)
    if not name or call.named.get("hide") == "true":
        return
    is_argument = call.method == "argument"
    yield command_fact(
        FactKind.OPTION,
        name.upper() if is_argument else spelled(name.replace("_", "-"), *texts_in(call.named.get("aliases", ""))),
        _THOR,
        Lines(start=call.line, end=max(call.line, call.end)),
        owner=owner,
        symbol=symbol,
        type=literal(call.named.get("type", "")) or "",
        default=shown_default(call.named.get("default", "")),
        text=text_in(call.value(-1, "desc")),
        marks=marks(required=call.named.get("required") == "true", argument=is_argument),
    )

"""Command lines that PHP declares with Symfony Console and with Laravel's Artisan."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.calls import items
from agents.codebase.facts.commands.command_facts import (
    captured,
    class_at,
    command_fact,
    marks,
    member_value,
    members_by_owner,
    spelled,
    text_in,
)
from agents.codebase.facts.file import ParsedCode, place_at
from agents.codebase.facts.hierarchies import bases
from agents.codebase.facts.written import Written, arguments, inside, literal, read_call, shown_default
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Symbol, SymbolKind

_SYMFONY, _ARTISAN = "Symfony Console", "Artisan"
_LIBRARIES = (b"AsCommand", b"Symfony\\Component\\Console", b"Illuminate\\Console")
#: Characters of a method that lists its options.
_LONGEST = 20_000
_MADE = "(object_creation_expression) @made"
_CONSTANT = re.compile(r"^(?:self|static|[A-Z]\w*)::([A-Z_][A-Z0-9_]*)$")
_PLACEHOLDER = re.compile(r"\{([^{}]{1,2000})\}")
_RETURNED = re.compile(r"\breturn\s*(?=\[|array\s*\()")


def php_commands(file: ParsedCode) -> Iterator[Fact]:
    """Classes that are commands by their attribute or base class, and Artisan's commands that are closures."""
    commands = {
        symbol.name: symbol
        for symbol in file.symbols
        if symbol.kind is SymbolKind.CLASS and (_attribute(symbol) or _extends_command(symbol))
    }
    grouped = members_by_owner(file.symbols)
    for symbol in commands.values():
        members = grouped.get(symbol.name, {})
        if "signature" in members:
            yield from _signed(symbol, members, file)
        elif file.holds(*_LIBRARIES):
            yield from _named(symbol, members, file)
    for owner, option, lines in _added(file):
        if owner in commands:
            yield from _option(option, owner, lines, _SYMFONY)
    yield from _closures(file)


def _attribute(symbol: Symbol) -> Written | None:
    given = (read_call(text) for text in symbol.decorators)
    return next((item for item in given if item.method == "AsCommand"), None)


def _extends_command(symbol: Symbol) -> bool:
    return any(re.split(r"[.\\]", base)[-1].endswith("Command") for base in bases("php", symbol))


def _text(file: ParsedCode, value: str) -> str:
    """A text, or what the constant holds that stands for it."""
    constant = _CONSTANT.match(value.strip())
    return file.constant(constant[1]) if constant else text_in(value)


def _signed(symbol: Symbol, members: dict[str, Symbol], file: ParsedCode) -> Iterator[Fact]:
    """Artisan's `$signature`: the name with every argument and option in braces."""
    signature = text_in(member_value(file, members["signature"]))
    name = signature.partition("{")[0].strip()
    if not name:
        return
    text = text_in(member_value(file, members.get("description"))) or symbol.doc
    yield _command(name, _ARTISAN, symbol, text)
    yield from _placeholders(signature, symbol.name, members["signature"].lines)


def _placeholders(signature: str, owner: str, lines: Lines) -> Iterator[Fact]:
    for placeholder in _PLACEHOLDER.findall(signature):
        written, _, text = placeholder.partition(" : ")
        name, given, default = written.strip().partition("=")
        is_option = name.startswith("--")
        plain = name.strip().rstrip("?*")
        names = [part.strip("-") for part in plain.split("|")] if is_option else [f"<{plain}>"]
        yield command_fact(
            FactKind.OPTION,
            spelled(*reversed(names)) if is_option else names[0],
            _ARTISAN,
            lines,
            owner=owner,
            symbol=owner,
            type="flag" if is_option and not given else "",
            default=default.strip().rstrip("*"),
            text=" ".join(text.split()),
            marks=marks(argument=not is_option, required=not is_option and not given and name.isidentifier()),
        )


def _named(symbol: Symbol, members: dict[str, Symbol], file: ParsedCode) -> Iterator[Fact]:
    """A command whose attribute, static properties or `setName` say what it is called."""
    attribute = _attribute(symbol) or Written("")
    if attribute.named.get("hidden") == "true":
        return
    own = [call for call in file.calls("setName", "setDescription") if call.first.receiver == "this"]
    given = {call.method: call.value(0) for call in reversed(own) if class_at(file, call.line) == symbol.name}
    static = {name: member_value(file, members.get(name)) for name in ("defaultName", "name")}
    names = (attribute.value(0, "name"), given.get("setName", ""), static["defaultName"], static["name"])
    name = next((text for value in names if (text := _text(file, value))), "").partition("|")[0]
    described = [member_value(file, members.get(key)) for key in ("defaultDescription", "description")]
    texts = (attribute.value(1, "description"), given.get("setDescription", ""), *described)
    if not name:
        return
    is_artisan = file.holds(b"Illuminate\\Console") or bool(static["name"])
    source = _ARTISAN if is_artisan else _SYMFONY
    yield _command(name, source, symbol, next((text for value in texts if (text := _text(file, value))), symbol.doc))
    if is_artisan:
        yield from _listed(members, symbol.name, file)
    elif "__invoke" in members:
        yield from _invoked(members["__invoke"], symbol.name)


def _command(name: str, source: str, symbol: Symbol, text: str) -> Fact:
    return command_fact(
        FactKind.COMMAND, name, source, symbol.lines, owner=symbol.name, symbol=symbol.name, text=" ".join(text.split())
    )


def _added(file: ParsedCode) -> Iterator[tuple[str, Written, Lines]]:
    """`$this->addOption(…)` and `new InputOption(…)` with the classes in which they stand."""
    for call in file.calls("addArgument", "addOption"):
        if call.first.receiver == "this":
            yield class_at(file, call.line), call, Lines(start=call.line, end=max(call.line, call.end))
    if file.holds(b"new InputArgument", b"new InputOption"):
        for node in captured(file, _MADE, "made"):
            made = read_call(file.text(node))
            if made.method in {"InputArgument", "InputOption"}:
                lines = place_at(node)
                yield class_at(file, lines.start), made, lines


def _option(option: Written, owner: str, lines: Lines, source: str) -> Iterator[Fact]:
    """An argument's name, mode, description and default; an option's shortcut stands behind its name."""
    is_argument = option.method.endswith("Argument")
    name = option.text(0, "name")
    if not name:
        return
    at = 1 if is_argument else 2
    mode = option.value(at, "mode")
    shortcuts = [] if is_argument else option.text(1, "shortcut").split("|")
    yield command_fact(
        FactKind.OPTION,
        f"<{name}>" if is_argument else spelled(f"--{name}", *(f"-{item.strip('-')}" for item in shortcuts if item)),
        source,
        lines,
        owner=owner,
        symbol=owner,
        type="flag" if mode.endswith("VALUE_NONE") else "",
        default=shown_default(option.value(at + 2, "default")),
        text=text_in(option.value(at + 1, "description")),
        marks=marks(argument=is_argument, required="::REQUIRED" in mode),
    )


def _listed(members: dict[str, Symbol], owner: str, file: ParsedCode) -> Iterator[Fact]:
    """What `getArguments` and `getOptions` return: a list with one list for each."""
    for method, name in (("getArguments", "addArgument"), ("getOptions", "addOption")):
        member = members.get(method)
        if member is None:
            continue
        body = file.written(member.lines)[:_LONGEST]
        returned = _RETURNED.search(body)
        for item in items(body[returned.end() :].removeprefix("array").lstrip()) if returned else ():
            positional, _ = arguments(inside(item.removeprefix("array").lstrip()))
            yield from _option(Written(name, positional), owner, member.lines, _ARTISAN)


def _invoked(method: Symbol, owner: str) -> Iterator[Fact]:
    """The parameters of `__invoke` with an attribute."""
    written = _parameters(method.signature)
    for text, parameter in zip(written, method.parameters, strict=False):
        attribute = read_call(text)
        if attribute.method not in {"Argument", "Option"}:
            continue
        is_argument = attribute.method == "Argument"
        name = attribute.text(1, "name") or parameter.name.lstrip("$")
        shortcut = literal(attribute.named.get("shortcut", "")) or ""
        yield command_fact(
            FactKind.OPTION,
            f"<{name}>" if is_argument else spelled(f"--{name}", shortcut),
            _SYMFONY,
            method.lines,
            owner=owner,
            symbol=method.name,
            type=parameter.type,
            default=shown_default(parameter.default),
            text=attribute.text(0, "description"),
            marks=marks(argument=is_argument),
        )


def _parameters(signature: str) -> list[str]:
    return items("(" + signature.partition("(")[2])


def _closures(file: ParsedCode) -> Iterator[Fact]:
    """`Artisan::command('inspire {who}', …)->purpose('…')`."""
    for call in file.calls("command") if file.holds(b"Artisan::command") else ():
        name = call.text(0).partition("{")[0].strip()
        if call.receiver.rpartition(".")[2] != "Artisan" or not name:
            continue
        lines = Lines(start=call.line, end=max(call.line, call.end))
        descriptions = (item.text(0) for item in call.after() if item.method in {"purpose", "describe"})
        yield command_fact(FactKind.COMMAND, name, _ARTISAN, lines, owner=name, text=next(descriptions, ""))
        yield from _placeholders(call.text(0), name, lines)

"""Command lines that C# builds from objects: System.CommandLine's commands, options and arguments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import tree_sitter

from agents.codebase.facts.calls import CodeCall, read
from agents.codebase.facts.commands.command_facts import (
    captured,
    class_at,
    command_fact,
    function_at,
    marks,
    mounted,
    text_in,
)
from agents.codebase.facts.file import ParsedCode, place, place_at
from agents.codebase.facts.hierarchies import bases
from agents.codebase.facts.written import literal, read_call, shown_default, texts_in
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import SymbolKind

_SOURCE = "System.CommandLine"
_MADE = "(object_creation_expression) @made (implicit_object_creation_expression) @made"
_BASE = "(constructor_initializer) @base"
_TYPE = re.compile(r"^(?:[\w.]*\.)?(?P<kind>RootCommand|Command|Option|Argument)(?:<(?P<of>.*)>)?\??$", re.DOTALL)
_ADDS = ("Add", "AddCommand", "AddOption", "AddArgument", "AddGlobalOption")
_LISTS = re.compile(r"(?:^|\.)(?:Options|Arguments|Subcommands)$")
_NAME = re.compile(r"^(?:--?|/)[\w?][\w-]*$")
_CALLED = re.compile(r"^(?:new\s+)?([\w.]+)\s*\(")
_ROOT = "the program"


@dataclass(frozen=True)
class _Made:
    """An object of the library where it is made: `key` is what the file calls it."""

    kind: str
    of: str
    call: CodeCall
    node: tree_sitter.Node
    key: str

    @property
    def is_command(self) -> bool:
        return self.kind.endswith("Command")

    @cached_property
    def braces(self) -> list[str]:
        """What the braces behind it list, as written."""
        holder = next((child for child in self.node.named_children if child.type == "initializer_expression"), None)
        nodes = holder.named_children if holder is not None else []
        return [self.call.source[node.start_byte : node.end_byte].decode("utf-8", "replace") for node in nodes]

    @cached_property
    def properties(self) -> dict[str, str]:
        """What the braces behind it set."""
        given = (item.partition("=") for item in self.braces if re.match(r"\w+\s*=(?![=>])", item))
        return {name.strip(): value.strip() for name, _, value in given}

    def is_set(self, *names: str) -> bool:
        """Whether braces set one of these properties."""
        return "true" in {self.properties.get(name) for name in names}

    def value(self, at: int, *names: str) -> str:
        """An argument, or a property in braces, by its place or one of its names."""
        matched = next((self.properties[name] for name in names if name in self.properties), "")
        return matched or self.call.value(at, *names)


def dotnet_commands(file: ParsedCode) -> Iterator[Fact]:
    """Commands that are made or are classes of their own, and what is put into them."""
    made = {item.key: item for item in _made(file)}
    classes = {
        symbol.name
        for symbol in file.symbols
        if symbol.kind is SymbolKind.CLASS and any(_TYPE.match(base) for base in bases("csharp", symbol))
    }
    yield from _classes(file, classes)
    placed = list(dict.fromkeys(_placed(file, made, classes)))
    for item in made.values():
        if item.is_command:
            yield from _command(item, file)
            continue
        owners = [owner for owner, child, _ in placed if child == item.key]
        for owner in owners or [""]:
            yield from _option(item, owner, file)
    for owner, child, lines in placed:
        is_root = owner in made and made[owner].kind == "RootCommand"
        if not is_root and (child not in made or made[child].is_command):
            yield mounted(_SOURCE, lines, owner, child)


def _made(file: ParsedCode) -> Iterator[_Made]:
    for node in captured(file, _MADE, "made"):
        type_node = node.child_by_field_name("type")
        named = _TYPE.match(file.text(type_node) if type_node is not None else _declared_type(node, file))
        if named is not None:
            call = read(node, file.source)
            key = _key(call.assigned.removeprefix("this."), file, node) or f"{named['kind']}@{node.start_byte}"
            yield _Made(named["kind"], named["of"] or "", call, node, key)


def _key(variable: str, file: ParsedCode, node: tree_sitter.Node) -> str:
    """A variable's name, below its function's where it is local: functions call theirs alike."""
    above = node.parent
    while above is not None and above.type not in {"local_declaration_statement", "block", "class_declaration"}:
        above = above.parent
    is_local = above is not None and above.type == "local_declaration_statement"
    function = function_at(file, node.start_point[0] + 1) if is_local and variable else ""
    return f"{function}.{variable}" if function else variable


def _declared_type(node: tree_sitter.Node, file: ParsedCode) -> str:
    """The type in front of the variable or property that `new(…)` is given to."""
    above = node.parent
    while above is not None and above.type not in {"block", "argument_list", "class_declaration"}:
        type_node = above.child_by_field_name("type")
        if above.type in {"variable_declaration", "property_declaration"} and type_node is not None:
            return file.text(type_node)
        above = above.parent
    return ""


def _placed(file: ParsedCode, made: Mapping[str, _Made], classes: set[str]) -> Iterator[tuple[str, str, Lines]]:
    """Which command holds what: by its braces, and by what is added to it."""
    commands = [item for item in made.values() if item.is_command]
    adds = [(owner, call) for call in file.calls(*_ADDS) if (owner := _receiver(call, file, made, classes))]
    for command in commands:
        for written in command.braces:
            key = _resolved(written, command.call.line, file, made)
            if key in made:
                yield command.key, key, place_at(command.node)
    for item in made.values():
        byte = item.node.start_byte
        around = [(other.node.start_byte, other.key) for other in commands if _is_in(byte, other.node)]
        around += [(call.node.start_byte, owner) for owner, call in adds if call.node and _is_in(byte, call.node)]
        if around and "@" in item.key:
            yield max(around)[1], item.key, place_at(item.node)
    for owner, call in adds:
        for argument in call.positional:
            target = _added(argument, call, file, made)
            if target and target != owner:
                yield owner, target, place(call)


def _is_in(byte: int, node: tree_sitter.Node) -> bool:
    return bool(node.start_byte < byte < node.end_byte)


def _resolved(name: str, line: int, file: ParsedCode, made: Mapping[str, _Made]) -> str:
    plain = name.removeprefix("this.")
    local = f"{function_at(file, line)}.{plain}"
    return local if local in made else plain


def _receiver(call: CodeCall, file: ParsedCode, made: Mapping[str, _Made], classes: set[str]) -> str:
    """The command to which a call adds: a variable, or the class around it."""
    name = _LISTS.sub("", call.receiver)
    if name in {"", "this"}:
        owner = class_at(file, call.line)
        return owner if owner in classes and call.before is None else ""
    key = _resolved(name, call.line, file, made)
    return key if key in made and made[key].is_command else ""


def _added(argument: str, call: CodeCall, file: ParsedCode, made: Mapping[str, _Made]) -> str:
    """What is added: a variable's object, a class's, or the one that a function makes."""
    key = _resolved(argument, call.line, file, made)
    called = _CALLED.match(argument)
    if key in made or called is None or _TYPE.match(called[1]):
        return key if key in made else ""
    is_command = call.method == "AddCommand" or "Subcommands" in call.receiver or called[1].endswith("Command")
    plain = called[1].rpartition(".")[2]
    return "" if not is_command else plain if argument.startswith("new") else f"{plain}()"


def _classes(file: ParsedCode, classes: set[str]) -> Iterator[Fact]:
    """Classes that tell the library's constructor their names: `: base("pack", "Packs.")`."""
    for node in captured(file, _BASE, "base") if classes else ():
        name = class_at(file, node.start_point[0] + 1)
        given = read_call("base" + file.text(node).partition("base")[2])
        called = given.text(0, "name") or file.constant(given.value(0, "name"))
        symbol = next((item for item in file.symbols if item.name == name), None)
        if name in classes and called and symbol is not None:
            text = text_in(given.value(1, "description")) or symbol.doc
            yield command_fact(FactKind.COMMAND, called, _SOURCE, symbol.lines, owner=name, symbol=name, text=text)


def _command(item: _Made, file: ParsedCode) -> Iterator[Fact]:
    is_root = item.kind == "RootCommand"
    name = _ROOT if is_root else literal(item.value(0, "name")) or file.constant(item.value(0, "name"))
    text = text_in(item.value(0 if is_root else 1, "Description", "description"))
    if name and not item.is_set("Hidden", "IsHidden") and (text or not is_root):
        symbol = function_at(file, item.call.line)
        yield command_fact(
            FactKind.COMMAND, name, _SOURCE, place_at(item.node), owner=item.key, symbol=symbol, text=text
        )


def _option(item: _Made, owner: str, file: ParsedCode) -> Iterator[Fact]:
    names, text, default = _described(item)
    if not names or item.is_set("Hidden", "IsHidden"):
        return
    is_argument = item.kind == "Argument"
    yield command_fact(
        FactKind.OPTION,
        f"<{names[0]}>" if is_argument else ", ".join(dict.fromkeys(names)),
        _SOURCE,
        place_at(item.node),
        owner=owner,
        symbol=file.symbol_at(item.call.line),
        type=item.of,
        default=shown_default(default.partition("=>")[2] if "=>" in default else default),
        text=text,
        marks=marks(argument=is_argument, required=item.is_set("Required", "IsRequired")),
    )


def _described(item: _Made) -> tuple[list[str], str, str]:
    """The names, the description and the default of an option or an argument."""
    names = _texts(item.call.value(-1, "name", "aliases", "names"))
    text = item.value(-1, "Description", "description")
    default = item.value(-1, "DefaultValueFactory", "getDefaultValue", "defaultValueFactory")
    for value in _arguments(item.call):
        listed = _texts(value)
        if "=>" in value:
            default = default or value
        elif not names:
            names = listed
        elif listed and item.kind == "Option" and all(map(_NAME.match, listed)):
            names = [*names, *listed]
        else:
            text = text or value
    return [*names, *_texts(item.properties.get("Aliases", ""))], text_in(text), default


def _texts(value: str) -> list[str]:
    """A text, or those of a list: `new[] { "--all", "-a" }`."""
    return texts_in(value[max(value.find("{"), 0) :] if value.startswith(("new", "{")) else value)


def _arguments(call: CodeCall) -> Sequence[str]:
    """The arguments without names: a lambda of one parameter is none with a name."""
    lambdas = [f"{name} => {value}" for name, value in call.named.items() if name == "_"]
    return [*call.positional, *lambdas]

"""Command lines that JavaScript and TypeScript build by chains of calls: commander, yargs, cac and sade."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import tree_sitter

from agents.codebase.facts.calls import CodeCall, node_text, read
from agents.codebase.facts.commands.command_facts import command_fact, marks, mounted, spelled, text_in
from agents.codebase.facts.commands.script_modules import YargsModule, yargs_modules
from agents.codebase.facts.file import ParsedCode, place_at
from agents.codebase.facts.object_literals import argument_nodes, nodes_by_name, texts_by_name
from agents.codebase.facts.written import literal, shown_default, texts_in
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind

#: What makes a program, and what one is called.
_PROGRAMS = frozenset({"Command", "createCommand", "yargs", "cac", "sade", "require"})
_PROGRAM = re.compile(r"(?:program|commander|cli|cmd|command|argv|yargs|y|prog|parser)$", re.IGNORECASE)
_LIBRARIES = {
    b"yargs": "yargs",
    b'"cac"': "cac",
    b"'cac'": "cac",
    b'"sade"': "sade",
    b"'sade'": "sade",
    b"commander": "commander",
}
_OPTIONS = ("option", "options", "requiredOption", "argument", "arguments", "positional", "addOption", "addArgument")
_DESCRIBING = ("description", "describe", "summary")
_CALLED = re.compile(r"^([\w$.]+)\s*\(")


class _ScriptCommand(NamedTuple):
    """A command where it is made: `key` is what its options and subcommands call it."""

    name: str
    variable: str
    key: str
    call: CodeCall


def script_commands(file: ParsedCode) -> Iterator[Fact]:
    """Programs that have a name, their commands and the options of each."""
    source = next((name for mark, name in _LIBRARIES.items() if file.holds(mark)), "")
    declared: list[_ScriptCommand] = []
    descriptions = _descriptions(file)
    modules = list(yargs_modules(file)) if file.holds(b"handler", b"builder") else []
    for module in modules:
        yield module.fact
        for option in listed_options(module.builder, "yargs", file.source):
            yield option.model_copy(update={"owner": module.fact.owner, "symbol": module.fact.symbol})
    for call in file.calls("command", "createCommand", "Command", "cac", "sade", "addCommand", "name", *_OPTIONS):
        if not _is_of_program(call, declared, source):
            continue
        if call.method in {"command", "createCommand", "Command", "cac", "sade"}:
            yield from _command(call, declared, source or "commander", descriptions, file)
        elif call.method == "name":
            yield from _program(call, declared, source or "commander", descriptions, file)
        elif call.method == "addCommand":
            yield from _added(call, declared, source or "commander")
        else:
            above = _above(call, declared, source)
            for option in _options(call, source or "commander"):
                key = above.key if above is not None else _builder_around(call, modules)
                yield option.model_copy(update={"owner": key, "symbol": file.symbol_at(option.lines.start)})


def _is_of_program(call: CodeCall, declared: Sequence[_ScriptCommand], source: str) -> bool:
    base = call.first
    if any(item.variable == base.receiver for item in declared if item.variable):
        return True
    if not source:
        return base.receiver == "program"
    return base.method in _PROGRAMS if not base.receiver else bool(_PROGRAM.search(base.receiver))


def _holder(variable: str, declared: Sequence[_ScriptCommand]) -> _ScriptCommand | None:
    """The command that a variable holds: the latest above."""
    return next((item for item in reversed(declared) if item.variable == variable and variable), None)


def _builder_around(call: CodeCall, modules: Sequence[YargsModule]) -> str:
    """The command of the module whose builder a call stands in."""
    byte = call.end_byte
    around = (item for item in modules if item.builder is not None and _is_in(byte, item.builder))
    return next((item.fact.owner for item in around), "")


def _is_in(byte: int, node: tree_sitter.Node) -> bool:
    return bool(node.start_byte <= byte <= node.end_byte)


def _above(call: CodeCall, declared: Sequence[_ScriptCommand], source: str) -> _ScriptCommand | None:
    """The command that a call is about: of its chain, of the variable it begins with, or around its function."""
    made = {item.call.node: item for item in declared}
    # Options of yargs are the program's, however the chain goes on: a command's stand in its builder.
    chain = (item for item in call.chain() if item.node in made) if source != "yargs" else iter(())
    chained = next(chain, None)
    if chained is not None:
        return made[chained.node]
    around = next((item for item in call.around() if item.node in made), None)
    holder = _holder(call.first.receiver, declared)
    if holder is not None and (around is None or holder.call.line > around.line):
        return holder
    return made[around.node] if around is not None else _outer(call, declared, source)


def _outer(call: CodeCall, declared: Sequence[_ScriptCommand], source: str) -> _ScriptCommand | None:
    """The command to which one is added as it is made."""
    adding = next((item for item in call.around() if item.method == "addCommand"), None)
    return _above(adding, declared, source) if adding is not None else None


def _command(
    call: CodeCall, declared: list[_ScriptCommand], source: str, descriptions: Mapping[str, str], file: ParsedCode
) -> Iterator[Fact]:
    given = argument_nodes(call)
    objects = texts_by_name(given[0], file.source) if given else {}
    name = call.text(0) or next(iter(texts_in(call.value(0) or objects.get("command", ""))), "")
    name = name or next(iter(texts_in(objects.get("command", ""))), "")
    later = {item.method: item for item in call.after()}
    is_program = call.method != "command"
    if is_program and not name and "name" in later:
        name = later["name"].text(0)
    above = _above(call, declared, source)
    key = call.assigned or name
    if any(item.key == key for item in declared):
        key = f"{key}@{call.line}"
    declared.append(_ScriptCommand(name, call.assigned, key, call))
    described = next((text_in(later[item].value(0)) for item in _DESCRIBING if item in later), "")
    described = described or (descriptions.get(call.assigned, "") if call.assigned else "")
    is_hidden = any("hidden: true" in value or "noHelp: true" in value for value in call.positional)
    if not name or is_hidden:
        return
    second = call.value(1) if not is_program else ""
    text = described or text_in(second) or text_in(objects.get("describe", objects.get("desc", "")))
    lines = Lines(start=call.line, end=call.line)
    symbol = file.symbol_at(call.line)
    yield command_fact(FactKind.COMMAND, name, source, lines, symbol=symbol, owner=key, text=text)
    if above is not None and above.name and not name.startswith(f"{above.name} "):
        yield mounted(source, lines, above.key, key)
    for option in _built(nodes_by_name(given[0], file.source) if objects else {}, given, source, file):
        yield option.model_copy(update={"owner": key, "symbol": symbol})


def _built(
    module: Mapping[str, tree_sitter.Node], given: Sequence[tree_sitter.Node], source: str, file: ParsedCode
) -> Iterator[Fact]:
    """Options of yargs in an object: a command's `builder`, or what stands at its place."""
    builder = module.get("builder") or next((node for node in given[2:3] if source == "yargs"), None)
    yield from listed_options(builder, source, file.source)


def listed_options(node: tree_sitter.Node | None, source: str, text: bytes) -> Iterator[Fact]:
    """The options of an object that has one entry for each."""
    for name, value in nodes_by_name(node, text).items():
        if nodes_by_name(value, text) or node_text(value, text).startswith("{"):
            yield _described(spelled(name), texts_by_name(value, text), source, place_at(value))


def _program(
    call: CodeCall, declared: list[_ScriptCommand], source: str, descriptions: Mapping[str, str], file: ParsedCode
) -> Iterator[Fact]:
    """`program.name("x")`, of a program that was made without a name, or is imported."""
    holder = _holder(call.first.receiver, declared)
    name, key = call.text(0), call.first.receiver
    is_command = any(item.method == "command" for item in call.chain())
    if not name or not key or is_command or (holder is not None and holder.name):
        return
    # What is made after this one is below it.
    declared[:] = [item for item in declared if item is not holder]
    declared.append(
        _ScriptCommand(
            name, key, holder.key if holder is not None else key, holder.call if holder is not None else call
        )
    )
    lines = Lines(start=call.line, end=call.line)
    text = descriptions.get(key, "")
    symbol = file.symbol_at(call.line)
    yield command_fact(FactKind.COMMAND, name, source, lines, symbol=symbol, owner=declared[-1].key, text=text)


def _descriptions(file: ParsedCode) -> dict[str, str]:
    """What statements of their own say of the commands in variables."""
    result: dict[str, str] = {}
    for call in file.calls(*_DESCRIBING):
        if call.first.receiver and not any(item.method == "command" for item in (call.first, *call.chain())):
            result.setdefault(call.first.receiver, text_in(call.value(0)))
    return result


def _added(call: CodeCall, declared: Sequence[_ScriptCommand], source: str) -> Iterator[Fact]:
    """`program.addCommand(build)` of a variable, and of a function that makes one."""
    above = _above(call, declared, source)
    written_out = call.value(0)
    called = _CALLED.match(written_out)
    holder = _holder(written_out, declared)
    target = holder.key if holder is not None else f"{called[1].rpartition('.')[2]}()" if called else written_out
    if above is not None and above.name and re.fullmatch(r"[\w$.]+(?:\(\)|@\d+)?", target):
        yield mounted(source, Lines(start=call.line, end=call.line), above.key, target)


def _options(call: CodeCall, source: str) -> Iterator[Fact]:
    lines = Lines(start=call.line, end=call.line)
    given = argument_nodes(call)
    if call.method == "options":
        yield from listed_options(given[0] if given else None, source, call.source)
        return
    if call.method in {"addOption", "addArgument"}:
        yield from _constructed(call, source, lines)
        return
    name = call.text(0) or next(iter(texts_in(call.value(0))), "")
    if not name:
        return
    is_argument = call.method in {"argument", "arguments", "positional"}
    flags = name if name.startswith("-") or is_argument else spelled(name)
    described = next((node for node in given[1:] if node.type == "object"), None)
    if described is not None and nodes_by_name(described, call.source):
        fact = _described(flags, texts_by_name(described, call.source), source, lines, is_argument=is_argument)
        yield fact if fact.text else fact.model_copy(update={"text": text_in(call.value(1))})
        return
    yield command_fact(
        FactKind.OPTION,
        flags,
        source,
        lines,
        text=text_in(call.value(1)),
        default=shown_default(call.value(2)) or shown_default(call.value(3)),
        marks=marks(argument=is_argument, required=call.method == "requiredOption"),
    )


def _described(flags: str, given: Mapping[str, str], source: str, lines: Lines, *, is_argument: bool = False) -> Fact:
    """An option whose object says the rest."""
    aliases = texts_in(given.get("alias", ""))
    kind = literal(given.get("type", "")) or next(
        (name for name in ("boolean", "string", "number", "array", "count") if given.get(name) == "true"), ""
    )
    text = next((given[name] for name in ("describe", "desc", "description") if name in given), "")
    is_required = given.get("demandOption", given.get("demand", given.get("required", "false"))) not in {"false", ""}
    return command_fact(
        FactKind.OPTION,
        ", ".join([flags, *map(spelled, aliases)]),
        source,
        lines,
        text=text_in(text),
        type=kind,
        default=shown_default(given.get("default", "")),
        marks=marks(argument=is_argument, required=is_required),
    )


def _constructed(call: CodeCall, source: str, lines: Lines) -> Iterator[Fact]:
    """commander's `addOption(new Option("-d, --drink <size>", "…").default("small"))`."""
    nodes = argument_nodes(call)
    outer = read(nodes[0], call.source) if nodes and nodes[0].type in {"new_expression", "call_expression"} else None
    if outer is None or outer.first.method not in {"Option", "Argument", "createOption", "createArgument"}:
        return
    made = {item.method: item for item in (outer, *outer.chain())}
    name = outer.first.text(0)
    if name and "hideHelp" not in made:
        yield command_fact(
            FactKind.OPTION,
            name,
            source,
            lines,
            text=text_in(outer.first.value(1)),
            default=shown_default(made["default"].value(0)) if "default" in made else "",
            type=" | ".join(texts_in(made["choices"].value(0))) if "choices" in made else "",
            marks=marks(argument=call.method == "addArgument", required="makeOptionMandatory" in made),
        )

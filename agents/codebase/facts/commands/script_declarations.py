"""Command lines that JavaScript and TypeScript declare as objects: oclif, citty, meow and Node's parseArgs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import tree_sitter

from agents.codebase.facts.calls import CodeCall, node_text, read
from agents.codebase.facts.commands.command_facts import (
    captured,
    command_fact,
    dashed,
    marks,
    mounted,
    spelled,
    text_in,
)
from agents.codebase.facts.file import ParsedCode, place, place_at
from agents.codebase.facts.object_literals import argument_nodes, nodes_by_name, texts_by_name
from agents.codebase.facts.settings.words import OCLIF
from agents.codebase.facts.written import literal, shown_default, texts_in
from agents.contracts.facts import Fact, FactKind

_FIELDS = {
    "javascript": "(field_definition) @field (assignment_expression) @field",
    "typescript": "(public_field_definition) @field (assignment_expression) @field",
}
_VARIABLES = "(variable_declarator) @variable"
_HELP_LINE = re.compile(r"^[ \t]*(?:-\w,[ \t]*)?--(?P<name>[\w-]+)[^\n]*?[ \t]{2,}(?P<text>\S[^\n]*)$", re.MULTILINE)
_SHORTS = ("char", "short", "shortFlag", "alias", "aliases")


def oclif_commands(file: ParsedCode) -> Iterator[Fact]:
    """Classes of oclif, whose names are their files'; the page gives them those."""
    given: dict[str, dict[str, tree_sitter.Node]] = {}
    for node in captured(file, _FIELDS[file.language], "field"):
        owner, _, name = _field(node, file)
        value = node.child_by_field_name("value") or node.child_by_field_name("right")
        if owner and value is not None:
            given.setdefault(owner, {}).setdefault(name, value)
    for symbol in file.symbols:
        own = given.get(symbol.name, {})
        if not {"flags", "args", "description"} & set(own) or "Command" not in symbol.signature:
            continue
        text = next((node_text(own[key], file.source) for key in ("summary", "description") if key in own), "")
        name = literal(node_text(own.get("id"), file.source)) or symbol.name
        described = text_in(text).strip() or symbol.doc
        yield command_fact(
            FactKind.COMMAND, name, OCLIF, symbol.lines, owner=symbol.name, symbol=symbol.name, text=described
        )
        for kind in ("args", "flags"):
            for option, value in nodes_by_name(own.get(kind), file.source).items():
                call = next((item for item in _chain(value, file) if argument_nodes(item)), None)
                nodes = argument_nodes(call) if call is not None else []
                more = texts_by_name(nodes[0], file.source) if nodes else {}
                if value.type in {"call_expression", "object"} and more.get("hidden") != "true":
                    yield _option(option, more, OCLIF, value, symbol.name, is_argument=kind == "args")


def _field(node: tree_sitter.Node, file: ParsedCode) -> tuple[str, str, str]:
    """The class and the name of a static field, in its body or given behind it."""
    if node.type == "assignment_expression":
        return node_text(node.child_by_field_name("left"), file.source).rpartition(".")
    name = node_text(node.child_by_field_name("name") or node.child_by_field_name("property"), file.source)
    body = node.parent
    owner = body.parent.child_by_field_name("name") if body is not None and body.parent is not None else None
    return node_text(owner, file.source), ".", name


def _chain(node: tree_sitter.Node, file: ParsedCode) -> Iterator[CodeCall]:
    if node.type == "call_expression":
        call = read(node, file.source)
        yield call
        yield from call.chain()
        function = node.child_by_field_name("function")
        if function is not None and function.type == "call_expression":
            yield read(function, file.source)


def _option(
    name: str, given: Mapping[str, str], source: str, node: tree_sitter.Node, owner: str, *, is_argument: bool = False
) -> Fact:
    """An option whose object says what it is."""
    shorts = [text for key in _SHORTS for text in texts_in(given.get(key, ""))]
    kind = literal(given.get("type", "")) or ""
    chosen = " | ".join(texts_in(given["options"])) if "options" in given else ""
    is_required = "true" in {given.get("required"), given.get("isRequired")}
    return command_fact(
        FactKind.OPTION,
        f"<{name}>" if is_argument else spelled(f"--{name}", *shorts),
        source,
        place_at(node),
        owner=owner,
        type="" if is_argument and kind == "positional" else kind or chosen,
        default=shown_default(given.get("default", "")),
        text=text_in(given.get("description", given.get("summary", ""))),
        marks=marks(argument=is_argument, required=is_required),
    )


def citty_commands(file: ParsedCode) -> Iterator[Fact]:
    """`defineCommand({meta: …, args: …, subCommands: …})`."""
    for call in file.calls("defineCommand"):
        nodes = argument_nodes(call)
        given = nodes_by_name(nodes[0] if nodes else None, file.source)
        meta = texts_by_name(given.get("meta"), file.source)
        above = call.node.parent if call.node is not None else None
        below = node_text(above.child_by_field_name("key"), file.source) if above is not None else ""
        name = literal(meta.get("name", "")) or below.strip("\"'")
        if not name or not given:
            continue
        key = call.assigned or f"{name}@{call.line}" if below else call.assigned or name
        text = text_in(meta.get("description", ""))
        symbol = file.symbol_at(call.line)
        yield command_fact(FactKind.COMMAND, name, "citty", place(call), owner=key, symbol=symbol, text=text)
        for option, value in nodes_by_name(given.get("args"), file.source).items():
            more = texts_by_name(value, file.source)
            if more:
                is_argument = literal(more.get("type", "")) == "positional"
                yield _option(option, more, "citty", value, key, is_argument=is_argument)
        for child, value in nodes_by_name(given.get("subCommands"), file.source).items():
            target = (
                f"{child}@{value.start_point[0] + 1}"
                if value.type == "call_expression"
                else node_text(value, file.source)
            )
            if re.fullmatch(r"[\w$]+(?:@\d+)?", target):
                yield mounted("citty", place_at(value), key, target)


def meow_flags(file: ParsedCode) -> Iterator[Fact]:
    """meow's `flags`, described by the help text before them."""
    for call in file.calls("meow"):
        nodes = argument_nodes(call)
        help_text = text_in(call.value(0))
        described = {line["name"]: line["text"].strip() for line in _HELP_LINE.finditer(help_text)}
        for node in nodes[:2]:
            for name, value in nodes_by_name(nodes_by_name(node, file.source).get("flags"), file.source).items():
                fact = _option(dashed(name), texts_by_name(value, file.source), "meow", value, "")
                yield fact.model_copy(update={"text": described.get(dashed(name), "")})


def parsed_arguments(file: ParsedCode) -> Iterator[Fact]:
    """The options of Node's `parseArgs({ options: … })`."""
    for call in file.calls("parseArgs"):
        nodes = argument_nodes(call)
        options = nodes_by_name(nodes[0] if nodes else None, file.source).get("options")
        if options is not None and options.type in {"identifier", "shorthand_property_identifier"}:
            options = _declared(node_text(options, file.source), file)
        for name, value in nodes_by_name(options, file.source).items():
            more = texts_by_name(value, file.source)
            if "type" in more:
                yield _option(name, more, "parseArgs", value, "")


def _declared(name: str, file: ParsedCode) -> tree_sitter.Node | None:
    """What a variable of the file is given where it is declared."""
    for node in captured(file, _VARIABLES, "variable"):
        if node_text(node.child_by_field_name("name"), file.source) == name:
            return node.child_by_field_name("value")
    return None

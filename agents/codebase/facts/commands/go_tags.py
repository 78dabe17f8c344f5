"""Command lines that Go declares by the tags of a struct's fields: kong, go-flags and go-arg."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import tree_sitter

from agents.codebase.facts.commands.command_facts import captured, command_fact, dashed, marks, mounted, spelled
from agents.codebase.facts.file import ParsedCode, place_at
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind

_FIELDS = "(field_declaration) @field"
_LIBRARIES = {b"alecthomas/kong": "kong", b"jessevdk/go-flags": "go-flags", b"alexflint/go-arg": "go-arg"}
_TAG = re.compile(r"""(\w[\w-]*)(?::"((?:[^"\\]|\\.)*)")?""")


class _Field(NamedTuple):
    """A field with a tag. `owner` is the struct in which it is."""

    name: str
    type: str
    tag: dict[str, str]
    owner: str
    lines: Lines
    is_struct: bool


def go_tags(file: ParsedCode) -> Iterator[Fact]:
    """Fields that their tags make commands, arguments or flags."""
    source = next((name for mark, name in _LIBRARIES.items() if file.holds(mark)), "")
    read = {"kong": _kong, "go-flags": _go_flags, "go-arg": _go_arg}.get(source)
    for field in _fields(file) if read is not None else ():
        if read is not None:
            yield from read(field)


def _fields(file: ParsedCode) -> Iterator[_Field]:
    for node in captured(file, _FIELDS, "field"):
        tag, kind = node.child_by_field_name("tag"), node.child_by_field_name("type")
        names = [file.text(child) for child in node.children_by_field_name("name")]
        owner = _owner(node, file)
        if kind is None or not owner or not names:
            continue
        given = dict(_TAG.findall(file.text(tag).strip("`"))) if tag is not None else {}
        written = "" if kind.type == "struct_type" else file.text(kind).lstrip("*")
        yield _Field(names[0], written, given, owner, place_at(node), kind.type == "struct_type")


def _owner(node: tree_sitter.Node, file: ParsedCode) -> str:
    """The struct around a field: a type's or a variable's name, with the fields that lead to it."""
    names: list[str] = []
    above = node.parent
    while above is not None:
        if above.type in {"field_declaration", "type_spec", "var_spec"}:
            name = above.child_by_field_name("name")
            names.append(file.text(name) if name is not None else "")
            if above.type != "field_declaration":
                break
        above = above.parent
    return ".".join(reversed(names))


def _kong(field: _Field) -> Iterator[Fact]:
    tag = field.tag
    if not tag or "hidden" in tag or "embed" in tag or tag.get("kong") == "-":
        return
    if "cmd" in tag:
        yield from _command(field, tag.get("name") or dashed(field.name), tag.get("help", ""), "kong")
        return
    plain = tag.get("name") or dashed(field.name)
    is_argument = "arg" in tag
    required = "required" in tag or (is_argument and not {"optional", "default"} & set(tag))
    name = f"<{plain}>" if is_argument else spelled(f"--{plain}", tag.get("short", ""))
    yield _option(field, name, "kong", tag.get("help", ""), argument=is_argument, required=required)


def _go_flags(field: _Field) -> Iterator[Fact]:
    tag = field.tag
    if "hidden" in tag:
        return
    if "command" in tag:
        yield from _command(field, tag["command"], tag.get("description", ""), "go-flags")
    elif "positional-arg-name" in tag:
        name = f"<{tag['positional-arg-name']}>"
        yield _option(field, name, "go-flags", tag.get("description", ""), argument=True, required="required" in tag)
    elif "long" in tag or "short" in tag:
        long = f"--{tag['long']}" if "long" in tag else ""
        name = spelled(tag.get("short", ""), long)
        yield _option(field, name, "go-flags", tag.get("description", ""), required="required" in tag)


def _go_arg(field: _Field) -> Iterator[Fact]:
    if "arg" not in field.tag and "help" not in field.tag:
        return
    words = [word.strip() for word in field.tag.get("arg", "").split(",")]
    command = next((word for word in words if word.startswith("subcommand")), "")
    text = field.tag.get("help", "")
    if command:
        yield from _command(field, command.partition(":")[2] or field.name.lower(), text, "go-arg")
    elif "-" not in words:
        is_argument = "positional" in words
        names = [word for word in words if word.startswith("-")] or [f"--{field.name.lower()}"]
        name = f"<{dashed(field.name)}>" if is_argument else spelled(*names)
        yield _option(field, name, "go-arg", text, argument=is_argument, required="required" in words)


def _command(field: _Field, name: str, text: str, source: str) -> Iterator[Fact]:
    """A field that is a command: what it holds stands in its own struct, or in that of its type."""
    key = f"{field.owner}.{field.name}" if field.is_struct else field.type.rpartition(".")[2]
    symbol = f"{field.owner}.{field.name}"
    yield command_fact(FactKind.COMMAND, name, source, field.lines, owner=key, symbol=symbol, text=text)
    yield mounted(source, field.lines, field.owner, key)


def _option(
    field: _Field, name: str, source: str, text: str, *, argument: bool = False, required: bool = False
) -> Fact:
    return command_fact(
        FactKind.OPTION,
        name,
        source,
        field.lines,
        owner=field.owner,
        symbol=f"{field.owner}.{field.name}",
        type=field.type,
        default=field.tag.get("default", ""),
        text=text.replace('\\"', '"'),
        marks=marks(argument=argument, required=required),
    )

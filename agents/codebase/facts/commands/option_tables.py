"""Options that C and C++ list in tables: those of getopt_long, argp, GLib and popt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import tree_sitter

from agents.codebase.facts.commands.command_facts import captured, command_fact, spelled, text_in
from agents.codebase.facts.file import ParsedCode, place_at
from agents.codebase.facts.written import literal
from agents.contracts.facts import Fact, FactKind

_ENTRIES = "(init_declarator value: (initializer_list (initializer_list) @entry))"


class _Table(NamedTuple):
    """What the members of a table's type are: each by its place and by its name."""

    source: str
    name: tuple[int, str]
    short: tuple[int, str]
    kind: tuple[int, str]
    text: tuple[int, str] = (-1, "")


_TABLES = {
    "option": _Table("getopt_long", (0, "name"), (3, "val"), (1, "has_arg")),
    "argp_option": _Table("argp", (0, "name"), (1, "key"), (2, "arg"), (4, "doc")),
    "GOptionEntry": _Table("GLib", (0, "long_name"), (1, "short_name"), (3, "arg"), (5, "description")),
    "poptOption": _Table("popt", (0, "longName"), (1, "shortName"), (2, "argInfo"), (5, "descrip")),
}
#: Kinds of the libraries in one word; an option of no argument is a flag.
_KINDS = {
    "no_argument": "flag",
    "0": "flag",
    "required_argument": "",
    "optional_argument": "",
    "1": "",
    "2": "",
    "NULL": "flag",
    "G_OPTION_ARG_NONE": "flag",
    "POPT_ARG_NONE": "flag",
}


def option_tables(file: ParsedCode) -> Iterator[Fact]:
    """The entries of tables whose type is a library's."""
    for node in captured(file, _ENTRIES, "entry"):
        table = _TABLES.get(_type_of(node, file))
        given = _values(node, file) if table is not None else {}
        if table is not None:
            name = literal(_value(given, table.name)) or ""
            short = _value(given, table.short)
            letter = short.strip("'") if len(short) == 3 and short[0] == short[2] == "'" else ""
            if not name and (not letter or not _value(given, table.text)):
                continue
            kind = _value(given, table.kind)
            yield command_fact(
                FactKind.OPTION,
                spelled(f"--{name}" if name else "", f"-{letter}" if letter.isalnum() or letter == "?" else ""),
                table.source,
                place_at(node),
                symbol=file.symbol_at(node.start_point[0] + 1),
                type=literal(kind) or _KINDS.get(kind, kind.rpartition("_ARG_")[2].lower() if "_ARG_" in kind else ""),
                text=text_in(_value(given, table.text)),
            )


def _type_of(entry: tree_sitter.Node, file: ParsedCode) -> str:
    """The last word of the type of the variable that a table is given to."""
    above = entry.parent
    while above is not None and above.type != "declaration":
        above = above.parent
    kind = above.child_by_field_name("type") if above is not None else None
    words = file.text(kind).split() if kind is not None else []
    return words[-1].rpartition(":")[2] if words and (words[0] == "struct" or words[-1] != "option") else ""


def _values(entry: tree_sitter.Node, file: ParsedCode) -> dict[int | str, str]:
    """The members that an entry gives, by place or by name."""
    result: dict[int | str, str] = {}
    for at, child in enumerate(item for item in entry.named_children if "comment" not in item.type):
        value = child.child_by_field_name("value")
        if child.type == "initializer_pair" and value is not None:
            result[file.text(child).partition("=")[0].strip(" .\n\t")] = file.text(value)
        else:
            result[at] = file.text(child)
    return result


def _value(given: Mapping[int | str, str], member: tuple[int, str]) -> str:
    place, name = member
    return given.get(name, given.get(place, ""))

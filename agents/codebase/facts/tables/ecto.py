"""Schemas and migrations of Ecto, read from the lines of a module of Elixir. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from agents.codebase.facts.tables.changes import changed_column, changed_table
from agents.codebase.facts.tables.columns import Key, with_keys
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind

_SOURCE: Final = "Ecto"
_OPENS: Final = re.compile(r"(?:\bdo|\bfn\b[^\n]*->)\s*$")
_CLOSES: Final = re.compile(r"^\s*end\b")
_MODULE: Final = re.compile(r"^\s*defmodule\s+([\w.]+)\s+do\b")
_SCHEMA: Final = re.compile(r"^\s*(?:schema\s*\(?\s*\"([^\"]+)\"|(embedded_schema))")
_TABLE: Final = re.compile(
    r"^\s*(?P<verb>create|create_if_not_exists|alter)\s*\(?\s*table\s*\(?\s*(?::(?P<atom>\w+)|\"(?P<text>[^\"]+)\")"
)
_NAMED: Final = r"(?::(?P<{0}>\w+)|\"(?P<{0}_text>[^\"]+)\")"
_DROPPED: Final = re.compile(rf"^\s*drop(?:_if_exists)?\s*\(?\s*table\s*\(?\s*{_NAMED.format('table')}")
_RENAMED: Final = re.compile(
    rf"^\s*rename\s*\(?\s*table\s*\(?\s*{_NAMED.format('table')}\s*\)?\s*,\s*"
    rf"(?::(?P<column>\w+)\s*,\s*to:\s*:(?P<name>\w+)|to:\s*table\s*\(?\s*{_NAMED.format('target')})"
)
_CHANGED: Final = re.compile(
    r"^\s*(?P<verb>remove|remove_if_exists|modify)\s*\(?\s*:(?P<name>\w+)\s*(?:,\s*(?P<rest>.*))?$"
)
_UNIQUE: Final = re.compile(r"\bunique_index\(\s*:?\"?(\w+)\"?\s*,\s*\[\s*:(\w+)\s*\]")
_EMBEDS: Final = re.compile(r"^\s*embeds_(?:one|many)\b")
_USED: Final = re.compile(r"\bEcto\.|\buse\s+[\w.]*Schema\b")
_DOWN: Final = re.compile(r"^\s*def\s+down\b")
_MEMBER: Final = re.compile(
    r"^\s*(?P<verb>field|belongs_to|has_one|has_many|many_to_many|embeds_one|embeds_many|add|add_if_not_exists)"
    r"\s*\(?\s*:(?P<name>\w+[?!]?)\s*(?:,\s*(?P<rest>.*))?$"
)
_TIMESTAMPS: Final = re.compile(r"^\s*timestamps\b")
#: A field of the program alone, which no table has.
_VIRTUAL: Final = re.compile(r"\bvirtual:\s*true\b")
_REFERENCES: Final = re.compile(r"\breferences\(\s*:?\"?(\w+)")
_TARGET: Final = re.compile(r"^([A-Z][\w.]*|__MODULE__)")
_FOREIGN: Final = re.compile(r"\bforeign_key:\s*:(\w+)")
_LISTS: Final = frozenset({"has_many", "many_to_many", "embeds_many"})
#: Nobody writes a column on a longer line.
_LONGEST: Final = 1_000
_QUOTES: Final = '"""'


@dataclass
class _Block:
    """An open block: the table that its lines describe, or the module whose name it has.

    What stands in one apart is none of the table's: it takes a migration back, or describes what is embedded.
    """

    owner: str = ""
    module: str = ""
    is_apart: bool = False


def ecto_tables(text: str) -> Iterator[Fact]:
    """The tables of schemas and of migrations, each followed by its columns."""
    if _USED.search(text):
        keys: list[Key] = []
        facts = list(_declared(text, keys))
        owners = {fact.owner for fact in facts}
        listed = (fact for fact in facts if fact.kind is not FactKind.TABLE or {fact.symbol, fact.name} & owners)
        yield from with_keys(listed, keys)


def _declared(text: str, keys: list[Key]) -> Iterator[Fact]:
    blocks: list[_Block] = []
    for number, code in _code(text):
        if _CLOSES.match(code):
            blocks = blocks[:-1]
            continue
        keys += [Key(table, column, "unique") for table, column in _UNIQUE.findall(code)]
        opened = _Block(is_apart=_DOWN.match(code) is not None or _EMBEDS.match(code) is not None)
        if not any(block.is_apart for block in blocks):
            yield from _line(code, blocks, opened, Lines(start=number, end=number))
        if _OPENS.search(code.rstrip()):
            blocks.append(opened)


def _code(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a text with their numbers, without comments and without those of texts of several lines."""
    is_quoted = False
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(_QUOTES) % 2:
            is_quoted = not is_quoted
        elif not is_quoted and len(line) <= _LONGEST and not line.lstrip().startswith("#"):
            yield number, line.partition(" #")[0]


def _line(code: str, blocks: Sequence[_Block], opened: _Block, lines: Lines) -> Iterator[Fact]:
    """What a line declares; the block that it may open gets its owner."""
    owner = next((block.owner for block in reversed(blocks) if block.owner), "")
    module, schema, table = _MODULE.match(code), _SCHEMA.match(code), _TABLE.match(code)
    if module is not None:
        opened.module = module[1]
    elif schema is not None:
        opened.owner = next((block.module for block in reversed(blocks) if block.module), schema[1] or "")
        yield _table(schema[1] or opened.owner.rpartition(".")[2], lines, opened.owner)
    elif table is not None:
        opened.owner = table["atom"] or table["text"]
        if table["verb"] != "alter":
            yield _table(opened.owner, lines)
    elif changes := list(_changes(code, owner, lines)):
        yield from changes
    elif owner:
        yield from _columns(code, owner, lines)


def _changes(code: str, owner: str, lines: Lines) -> Iterator[Fact]:
    """What a line of a migration drops, renames or gives another type."""
    dropped, renamed = _DROPPED.match(code), _RENAMED.match(code)
    changed = _CHANGED.match(code.rstrip().rstrip(",")) if owner else None
    if dropped is not None:
        yield changed_table(_SOURCE, lines, dropped["table"] or dropped["table_text"])
    elif renamed is not None:
        table = renamed["table"] or renamed["table_text"]
        if renamed["column"]:
            yield changed_column(_SOURCE, lines, table, renamed["column"], renamed["name"])
        else:
            yield changed_table(_SOURCE, lines, table, renamed["target"] or renamed["target_text"])
    elif changed is not None and changed["verb"] != "modify":
        yield changed_column(_SOURCE, lines, owner, changed["name"])
    elif changed is not None and (kind := _first(changed["rest"] or "").rstrip(")")).startswith(":"):
        yield changed_column(_SOURCE, lines, owner, changed["name"], type_=kind)


def _table(name: str, lines: Lines, symbol: str = "") -> Fact:
    return Fact(kind=FactKind.TABLE, name=name, source=_SOURCE, lines=lines, symbol=symbol)


def _columns(code: str, owner: str, lines: Lines) -> Iterator[Fact]:
    """The columns of a line of a schema or of a migration."""
    if _TIMESTAMPS.match(code):
        for name in ("inserted_at", "updated_at"):
            yield _column(name, owner, lines, ":timestamp")
        return
    member = _MEMBER.match(code.rstrip().rstrip(","))
    if member is None or _VIRTUAL.search(code):
        return
    verb, rest = member["verb"], (member["rest"] or "").strip()
    name, target = member["name"], _TARGET.match(rest.removesuffix(" do"))
    referred = _REFERENCES.search(rest) if verb.startswith("add") else None
    foreign = _FOREIGN.search(rest)
    if verb == "belongs_to":
        name = foreign[1] if foreign else f"{name}_id"
    is_typed = verb in {"field", "add", "add_if_not_exists"} and referred is None
    kind = _first(rest).rstrip(")") if is_typed and not rest.startswith("{") else _first(rest) if is_typed else verb
    marks = ["primary key"] if re.search(r"\bprimary_key:\s*true\b", rest) else []
    marks += ["not null"] if re.search(r"\bnull:\s*false\b", rest) else []
    marks += ["list"] if verb in _LISTS else []
    symbol = "" if verb.startswith("add") else f"{owner}.{member['name']}"
    named = target[1].replace("__MODULE__", owner) if target is not None and not is_typed else ""
    column = _column(name, owner, lines, "references" if referred else kind, referred[1] if referred else named)
    yield column.model_copy(update={"marks": tuple(marks), "symbol": symbol})


def _first(rest: str) -> str:
    """The first argument of what follows a name; a tuple or a list is whole."""
    depth = 0
    for at, sign in enumerate(rest):
        depth += (sign in "({[") - (sign in ")}]")
        if depth <= 0 and sign == ",":
            return rest[:at].strip()
    return rest.strip()


def _column(name: str, owner: str, lines: Lines, kind: str, target: str = "") -> Fact:
    return Fact(kind=FactKind.COLUMN, name=name, source=_SOURCE, lines=lines, owner=owner, type=kind, target=target)

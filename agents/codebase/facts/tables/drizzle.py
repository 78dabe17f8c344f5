"""Tables of Drizzle: `pgTable("users", { id: serial("id").primaryKey() })`, and what relations say of columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import tree_sitter

from agents.codebase.facts.calls import CodeCall, options, read
from agents.codebase.facts.file import ParsedCode, place
from agents.codebase.facts.object_literals import ObjectEntry, argument_nodes, entries, object_in
from agents.codebase.facts.tables.columns import Key, with_keys
from agents.codebase.facts.written import literal, parts
from agents.contracts.facts import Fact, FactKind

_SOURCE: Final = "Drizzle"
_TABLES: Final = ("pgTable", "mysqlTable", "sqliteTable", "singlestoreTable", "createTable")
_CREATORS: Final = ("pgTableCreator", "mysqlTableCreator", "sqliteTableCreator", "pgSchema", "mysqlSchema")
_REFERENCE: Final = re.compile(r"=>[\s(]*([\w.]+)")
_PRIMARY: Final = re.compile(r"\bprimaryKey\(([^()]*)\)")
_UNIQUE: Final = re.compile(r"\bunique(?:Index)?\([^()]*\)\s*\.on\(\s*\w+\.(\w+)\s*\)")
_OWN: Final = re.compile(r"\b\w+\.(\w+)")
_MARKS: Final = {"primaryKey": "primary key", "unique": "unique", "notNull": "not null", "array": "list"}


def drizzle_tables(file: ParsedCode) -> Iterator[Fact]:
    """The tables of a file, each followed by its columns."""
    if not file.holds(b"drizzle-orm"):
        return
    makers = {call.assigned: call.method for call in file.calls(*_CREATORS) if call.assigned}
    named = [name for name, method in makers.items() if method.endswith("Creator")]
    facts: list[Fact] = []
    keys: list[Key] = []
    names: dict[tuple[str, str], str] = {}
    for call in file.calls(*_TABLES, *named, "table"):
        if call.method == "table" and call.receiver not in makers:
            continue
        facts += _table(call, file, names, keys)
    for call in file.calls("one"):
        keys += _relation(call, names)
    yield from with_keys(facts, keys)


def _table(call: CodeCall, file: ParsedCode, names: dict[tuple[str, str], str], keys: list[Key]) -> Iterator[Fact]:
    """A table with its columns; `names` gets their names in the database by the names of the script."""
    nodes = argument_nodes(call)
    described = object_in(nodes[1], file) if len(nodes) > 1 else None
    name = call.text(0)
    if described is None or not name:
        return
    owner = call.assigned or name
    doc = file.docs.get(owner, "")
    yield Fact(kind=FactKind.TABLE, name=name, source=_SOURCE, lines=place(call), symbol=owner, text=doc)
    for item in entries(described, file):
        column = _column(item, owner, file)
        if column is not None:
            names[owner, item.name] = column.name
            yield column
    for extra in nodes[2:]:
        keys += _extra_keys(file.text(extra), owner, names)


def _column(item: ObjectEntry, owner: str, file: ParsedCode) -> Fact | None:
    node: tree_sitter.Node = item.node
    if node.type != "call_expression":
        return None
    last = read(node, file.source)
    chain = [last, *last.chain()]
    methods = {call.method: call for call in chain}
    referred = _REFERENCE.search(methods["references"].value(0)) if "references" in methods else None
    return Fact(
        kind=FactKind.COLUMN,
        name=chain[-1].text(0) or item.name,
        source=_SOURCE,
        lines=item.lines,
        owner=owner,
        type=chain[-1].method,
        target=referred[1] if referred else "",
        marks=tuple(word for method, word in _MARKS.items() if method in methods),
        text=item.doc,
    )


def _extra_keys(text: str, owner: str, names: dict[tuple[str, str], str]) -> Iterator[Key]:
    """The keys that a table's last argument adds; of several columns only a primary key is each one's."""
    listed = [(column, "primary key") for key in _PRIMARY.findall(text) for column in _OWN.findall(key)]
    listed += [(column, "unique") for column in _UNIQUE.findall(text)]
    yield from (Key(owner, names[owner, column], mark) for column, mark in listed if (owner, column) in names)


def _relation(call: CodeCall, names: dict[tuple[str, str], str]) -> Iterator[Key]:
    """`one(users, { fields: [posts.authorId], references: [users.id] })`."""
    given = options(call.value(1))
    own, others = (parts(given.get(key, "").strip("[]")) for key in ("fields", "references"))
    for column, other in zip(own, others, strict=False):
        owner, _, name = column.rpartition(".")
        if (owner, name) in names and literal(other) is None:
            yield Key(owner, names[owner, name], target=other)

"""Tables that Kotlin declares as objects: Exposed and Ktorm."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import tree_sitter

from agents.codebase.facts.file import ParsedCode, place_at
from agents.codebase.facts.tables.columns import Key, with_keys
from agents.codebase.facts.written import literal, read_call
from agents.codebase.structure.deadline import in_order
from agents.codebase.structure.grammars import query
from agents.contracts.base import Lines
from agents.contracts.facts import ABSTRACT, Fact, FactKind

_SOURCES: Final = ((b"org.jetbrains.exposed", "Exposed"), (b"org.ktorm", "Ktorm"))
_DECLARED: Final = "(object_declaration) @declared (class_declaration) @declared"
_BASE: Final = re.compile(r":\s*(\w*Table)\s*(?:<[^<>]{0,80}>)?\s*(\([^()]{0,200}\))")
#: Bases of Exposed that have a key already.
_KEYED: Final = re.compile(r"^(U?Int|U?Long|UUID)(?:Id)?Table$")
_ABSTRACT: Final = re.compile(r"\b(?:abstract|open)\s+class\b")
_REFERENCES: Final = re.compile(r"\breferences[\s(]+([\w.]+)")
_LINKS: Final = frozenset({"reference", "optReference"})
_MARKS: Final = {
    "nullable": re.compile(r"\.\s*nullable\(|\boptReference\("),
    "unique": re.compile(r"\.\s*uniqueIndex\("),
    "index": re.compile(r"\.\s*index\("),
    "primary key": re.compile(r"\.\s*primaryKey\("),
}


def kotlin_tables(file: ParsedCode) -> Iterator[Fact]:
    """The tables of a file, each followed by its columns."""
    source = next((name for word, name in _SOURCES if word in file.source), "")
    if not source:
        return
    for node in in_order(query("kotlin", _DECLARED), file.root, "declared"):
        name = node.child_by_field_name("name")
        body = next((item for item in node.named_children if item.type == "class_body"), None)
        head = file.text(node).partition("{")[0]
        base = _BASE.search(head)
        if name is None or body is None or base is None:
            continue
        owner = file.text(name)
        keys: list[Key] = []
        columns = [*_own_key(base, owner, source, node), *_columns(body, owner, source, file, keys)]
        is_abstract = _ABSTRACT.search(head) is not None
        named = read_call(f"x{base[2]}").text(0, "name", "tableName")
        table = owner if is_abstract else named or owner.removesuffix("Table") or owner
        if columns:
            yield Fact(
                kind=FactKind.TABLE,
                name=table,
                source=source,
                lines=place_at(node),
                symbol=owner,
                text=file.docs.get(owner, ""),
                marks=(ABSTRACT,) if is_abstract else (),
            )
            yield from with_keys(columns, keys)


def _own_key(base: re.Match[str], owner: str, source: str, node: tree_sitter.Node) -> Iterator[Fact]:
    keyed = _KEYED.match(base[1])
    if keyed is not None and source == "Exposed":
        lines = Lines(start=node.start_point[0] + 1, end=node.start_point[0] + 1)
        name, marks = read_call(f"x{base[2]}").text(1, "columnName") or "id", ("primary key",)
        yield Fact(kind=FactKind.COLUMN, name=name, source=source, lines=lines, owner=owner, type=keyed[1], marks=marks)


def _columns(body: tree_sitter.Node, owner: str, source: str, file: ParsedCode, keys: list[Key]) -> Iterator[Fact]:
    """The properties that are columns; the key that a property lists is put into `keys`."""
    names: dict[str, str] = {}
    for node in body.named_children:
        declared = next((item for item in node.named_children if item.type == "variable_declaration"), None)
        if node.type != "property_declaration" or declared is None or node.named_children[-1] == declared:
            continue
        name, value = file.text(declared.named_children[0]), file.text(node.named_children[-1])
        call = read_call(value.lstrip("( \n"))
        if call.method == "PrimaryKey":
            keys += [Key(owner, names[item], "primary key") for item in call.positional if item in names]
            continue
        column = literal(call.value(0, "name")) if call.positional or "name" in call.named else None
        if column is None or call.receiver:
            continue
        names[name] = column
        referred = _REFERENCES.search(value)
        target = call.value(1, "foreign", "refColumn") if call.method in _LINKS else referred[1] if referred else ""
        yield Fact(
            kind=FactKind.COLUMN,
            name=column,
            source=source,
            lines=place_at(node),
            owner=owner,
            type=call.method,
            target=target,
            marks=tuple(mark for mark, sign in _MARKS.items() if sign.search(value)),
            symbol=f"{owner}.{name}",
            text=file.docs.get(f"{owner}.{name}", ""),
        )

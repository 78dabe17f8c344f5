"""Tables of Python's classes and calls: SQLAlchemy, SQLModel, Django, peewee, MongoEngine, Tortoise, Pony, Beanie."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

import tree_sitter

from agents.codebase.facts.calls import CodeCall
from agents.codebase.facts.file import ParsedCode, place, place_at
from agents.codebase.facts.tables.alembic import batched_table, named_table
from agents.codebase.facts.tables.columns import Key, with_keys
from agents.codebase.facts.tables.migration_calls import is_undoing, lines_of
from agents.codebase.facts.tables.python_columns import (
    ClassMember,
    TableClass,
    column_type,
    foreign_target,
    marks_of,
    python_column,
)
from agents.codebase.facts.written import Written, literal, read_call, texts_in
from agents.codebase.structure.deadline import in_order
from agents.codebase.structure.grammars import query
from agents.contracts.base import Lines
from agents.contracts.facts import ABSTRACT, Fact, FactKind

#: The mapper of a package that a file imports; of several, the first that is listed here.
_PACKAGES: Final = {
    "sqlmodel": "SQLModel",
    "tortoise": "Tortoise",
    "pony": "Pony",
    "mongoengine": "MongoEngine",
    "flask_mongoengine": "MongoEngine",
    "beanie": "Beanie",
    "odmantic": "ODMantic",
}
#: What a file without such an import says of its mapper: an application's own module often passes it on.
_WORDS: Final = (
    (b"sqlmodel", "SQLModel"),
    (b"sqlalchemy", "SQLAlchemy"),
    (b"django", "Django"),
    (b"peewee", "peewee"),
    (b"alembic", "SQLAlchemy"),
    (b"db.column(", "SQLAlchemy"),
    (b"(db.document", "MongoEngine"),
    (b"(db.entity)", "Pony"),
)
_ABSTRACT: Final = re.compile(r"\babstract[\"']?\s*[=:]\s*True\b")
_TABLE_NAME: Final = re.compile(r"\b(?:db_table|table_name|table|collection)[\"']?\s*[=:]\s*[\"']([^\"']+)")
_BEANIE_NAME: Final = re.compile(r"\bname\s*=\s*[\"']([^\"']+)")
#: Members that say something of the whole table.
_OWN: Final = frozenset({"Meta", "meta", "Settings", "model_config"})
_NAMING: Final = frozenset({"__tablename__", "_table_"})
#: What a class is called that its mapper has no other sign for: its fields are for others.
_FOR_OTHERS: Final = {
    "peewee": re.compile(r"^(?:Base|Abstract)|(?:Base|Mixin)$|BaseModel$"),
    "SQLAlchemy": re.compile(r"Mixin$"),
    "Tortoise": re.compile(r"^Abstract|Mixin$"),
}
#: Classes with fields of the same names as a model's: what a request holds, not what a table does.
_FORMS: Final = re.compile(r"(?:Form|FormSet|Serializer|FilterSet|Filter|Widget|Admin|Schema|Mutation|Type)\b")


def python_tables(file: ParsedCode) -> Iterator[Fact]:
    """The tables of a file of Python, each followed by its columns."""
    packages = {item.target.partition(".")[0] for item in file.imports}
    lowered = file.source.lower()
    source = next((name for package, name in _PACKAGES.items() if package in packages), "")
    source = source or next((name for word, name in _WORDS if word in lowered), "")
    if source:
        yield from _classes(file, source)
    if source == "SQLAlchemy":
        yield from _core(file)


def _classes(file: ParsedCode, source: str) -> Iterator[Fact]:
    for node in in_order(query("python", "(class_definition) @class"), file.root, "class"):
        name, bases, body = (node.child_by_field_name(item) for item in ("name", "superclasses", "body"))
        if name is None or body is None:
            continue
        class_name, lines = file.text(name), place_at(node)
        is_for_others = source in _FOR_OTHERS and _FOR_OTHERS[source].search(class_name) is not None
        if bases is None and not is_for_others:
            continue
        owner = TableClass(
            class_name, _symbol_of(class_name, lines, file), file.text(bases) if bases is not None else ""
        )
        members = [replace(item, doc=file.docs.get(f"{owner.symbol}.{item.name}", "")) for item in _members(body, file)]
        owner = replace(owner, has_models=any(item.value.startswith("models.") for item in members))
        columns = [column for item in members if (column := python_column(item, source, owner))]
        declared = _declared_name(members, source)
        own = " ".join(item.value for item in members if item.name in _OWN)
        is_abstract = (
            _ABSTRACT.search(own) is not None
            or any(item.name == "__abstract__" and item.value == "True" for item in members)
            or (not declared and is_for_others)
        )
        is_table = declared or re.search(r"\bmodels\.Model\b|\btable\s*=\s*True", owner.bases) or source != "SQLModel"
        if columns and is_table and not _FORMS.search(owner.bases):
            yield Fact(
                kind=FactKind.TABLE,
                name=declared or class_name,
                source=source,
                lines=lines,
                symbol=owner.symbol,
                text=file.docs.get(owner.symbol, ""),
                marks=(ABSTRACT,) if is_abstract else (),
            )
            yield from columns


def _symbol_of(class_name: str, lines: Lines, file: ParsedCode) -> str:
    """The qualified name of a class that stands on these lines."""
    symbols = (
        item.name
        for item in file.symbols
        if item.lines.start <= lines.start <= item.lines.end and item.name.rpartition(".")[2] == class_name
    )
    return next(symbols, class_name)


def _declared_name(members: list[ClassMember], source: str) -> str:
    """The table's name where the class says it."""
    named = next((literal(item.value) or "" for item in members if item.name in _NAMING), "")
    own = " ".join(item.value for item in members if item.name in _OWN)
    match = (_BEANIE_NAME if source == "Beanie" else _TABLE_NAME).search(own)
    return named or (match[1] if match else "")


def _members(body: tree_sitter.Node, file: ParsedCode) -> Iterator[ClassMember]:
    """Each assignment and each annotated name; a class inside with its text as value."""
    for statement in body.named_children:
        inner = statement.named_children[0] if statement.named_children else None
        if statement.type == "class_definition" and (name := statement.child_by_field_name("name")) is not None:
            yield ClassMember(file.text(name), "", file.text(statement), place_at(statement))
        elif inner is not None and inner.type == "assignment":
            left, kind, right = (inner.child_by_field_name(item) for item in ("left", "type", "right"))
            if left is not None and left.type == "identifier":
                value = file.text(right) if right else ""
                annotation = file.text(kind) if kind else ""
                yield ClassMember(file.text(left), annotation, value, place_at(statement), call=read_call(value))


def _core(file: ParsedCode) -> Iterator[Fact]:
    """SQLAlchemy's `Table("users", metadata, Column("id", Integer))`, and what Alembic creates and adds."""
    for call in file.calls("Table", "create_table", "add_column"):
        if is_undoing(call):
            continue
        is_whole = call.method != "add_column" or len(call.positional) > 1
        name = named_table(call, file, 0) if is_whole else batched_table(call)
        texts = call.positional if call.method == "add_column" else call.positional[1:]
        columns = [(text, item) for text in texts if (item := read_call(text)).method == "Column" and item.text(0)]
        if not name or not columns:
            continue
        if call.method != "add_column":
            yield Fact(
                kind=FactKind.TABLE,
                name=name,
                source="SQLAlchemy",
                lines=place(call),
                symbol=call.assigned if call.method == "Table" else "",
                text=call.text(-1, "comment"),
            )
        declared = [_core_column(call, text, item, name) for text, item in columns]
        yield from with_keys(declared, _constraints(name, map(read_call, texts)))


def _core_column(call: CodeCall, text: str, item: Written, owner: str) -> Fact:
    return Fact(
        kind=FactKind.COLUMN,
        name=item.text(0),
        source="SQLAlchemy",
        lines=lines_of(call, text),
        owner=owner,
        type=item.value(-1, "type_") or column_type(item.positional),
        target=foreign_target(item.positional),
        marks=marks_of(item),
        text=item.text(-1, "comment"),
    )


def _constraints(table: str, items: Iterable[Written]) -> Iterator[Key]:
    """What constraints of a table say of its columns; of several columns only a primary key is each one's."""
    for item in items:
        if item.method == "PrimaryKeyConstraint":
            yield from (Key(table, name, "primary key") for text in item.positional if (name := literal(text)))
        elif item.method == "UniqueConstraint" and len(item.positional) == 1:
            yield Key(table, item.text(0), "unique")
        elif item.method == "ForeignKeyConstraint" and len(item.positional) > 1:
            pairs = zip(texts_in(item.positional[0]), texts_in(item.positional[1]), strict=False)
            yield from (Key(table, column, target=target) for column, target in pairs)

"""Tables and messages that an outline already holds: TypeORM, JPA, EF Core, gorm, SQL, Protobuf, GraphQL. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from agents.codebase.facts.sql_columns import sql_columns
from agents.codebase.facts.table_columns import column_fact
from agents.codebase.facts.written import Written, arguments, inside, parts, read_call
from agents.contracts.facts import ABSTRACT, Fact, FactKind
from agents.contracts.structure import Structure, Symbol, SymbolKind

_ENTITY = {"java": "JPA", "kotlin": "JPA", "typescript": "TypeORM"}
_KEYS = frozenset({"Id", "EmbeddedId", "PrimaryColumn", "PrimaryGeneratedColumn", "ObjectIdColumn"})
_LINKS = frozenset({"ManyToOne", "OneToOne", "OneToMany", "ManyToMany"})
_ABSTRACT = re.compile(r"\babstract\s+class\b")
_TYPEORM_COLUMNS = (
    _KEYS | _LINKS | {"Column", "CreateDateColumn", "UpdateDateColumn", "DeleteDateColumn", "VersionColumn"}
)
_SET = re.compile(r"^(?:I?DbSet|DbSet)<([\w.]+)>")
_GORM = re.compile(r"\bgorm:\"([^\"]*)\"")
_NAME = re.compile(r"[A-Z]\w*")
_SCHEMAS = {"protobuf": ("Protobuf", SymbolKind.STRUCT), "graphql": ("GraphQL", SymbolKind.CLASS)}
_SCALARS = frozenset({"ID", "String", "Int", "Float", "Boolean"})
_MEMBERS = frozenset({SymbolKind.FIELD, SymbolKind.PROPERTY})


def entities_of(structure: Structure) -> Iterator[str]:
    """The classes that a context of EF Core stores."""
    if structure.language == "csharp":
        for symbol in structure.symbols:
            matched = _SET.match(symbol.type) if symbol.kind in _MEMBERS else None
            if matched is not None:
                yield matched[1].rpartition(".")[2]


def outlined_tables(structure: Structure, text: str = "", entities: Collection[str] = ()) -> Iterator[Fact]:
    """The tables of one file, each followed by its columns; `text` is the file's, for the keys of SQL.

    `entities` are the classes that contexts of EF Core store, in whatever file. What is declared in several places, as
    a type that is extended, is one table with each of its columns once.
    """
    members: dict[str, dict[str, Symbol]] = {}
    for symbol in structure.symbols:
        if symbol.kind in _MEMBERS and "." in symbol.name:
            members.setdefault(symbol.name.rpartition(".")[0], {}).setdefault(symbol.name, symbol)
    reported: set[tuple[str, SymbolKind]] = set()
    for symbol in structure.symbols:
        columns = list(members.get(symbol.name, {}).values())
        if not columns or symbol.kind in _MEMBERS or (symbol.name, symbol.kind) in reported:
            continue
        reported.add((symbol.name, symbol.kind))
        if structure.language == "csharp":
            yield from _ef_core(symbol, columns, entities)
        elif structure.language == "sql" and symbol.kind is SymbolKind.TABLE:
            yield _table(symbol, symbol.name, "SQL")
            yield from sql_columns(columns, text)
        else:
            yield from _declared(structure.language, symbol, columns)


def _declared(language: str, symbol: Symbol, columns: Sequence[Symbol]) -> Iterator[Fact]:
    """What a type says of itself, by annotations, tags or its own kind."""
    if language in _ENTITY:
        yield from _entity(symbol, columns, _ENTITY[language])
    elif language == "go":
        yield from _gorm(symbol, columns)
    elif language in _SCHEMAS:
        yield from _schema(symbol, columns, *_SCHEMAS[language])


def _schema(symbol: Symbol, columns: Sequence[Symbol], source: str, kind: SymbolKind) -> Iterator[Fact]:
    if symbol.kind is not kind:
        return
    yield _table(symbol, symbol.name, source)
    for column in columns:
        marks = ("list",) if "repeated" in column.signature or "[" in column.type else ()
        target = next((name for name in _NAME.findall(column.type) if name not in _SCALARS), "")
        yield column_fact(column, source, target=target, marks=marks)


def _table(symbol: Symbol, name: str, source: str, marks: tuple[str, ...] = ()) -> Fact:
    return Fact(
        kind=FactKind.TABLE,
        name=name,
        source=source,
        lines=symbol.lines,
        symbol=symbol.name,
        text=symbol.doc,
        marks=marks,
    )


def _entity(symbol: Symbol, columns: Sequence[Symbol], source: str) -> Iterator[Fact]:
    written = [read_call(text) for text in symbol.decorators]
    entity = next((item for item in written if item.method == "Entity"), None)
    if entity is not None:
        table = next((item for item in written if item.method == "Table"), Written(""))
        yield _table(symbol, table.text(0, "name") or entity.text(0, "name") or symbol.name, source)
    elif _is_for_entities(symbol, columns, {item.method for item in written}, source):
        yield _table(symbol, symbol.name, source, (ABSTRACT,))
    else:
        return
    for column in columns:
        calls = {item.method: item for item in (read_call(text) for text in column.decorators)}
        if "Transient" in calls or "static" in column.signature or (source == "TypeORM" and not calls):
            continue
        options = calls.get("Column", calls.get("JoinColumn", Written("")))
        given = (
            arguments(inside(options.positional[-1]))[1]
            if options.positional and options.positional[-1][0] == "{"
            else options.named
        )
        marks = ["primary key"] if _KEYS & calls.keys() else []
        marks += (
            ["not null"]
            if given.get("nullable") == "false"
            else ["nullable"]
            if given.get("nullable") == "true"
            else []
        )
        marks += ["unique"] if given.get("unique") == "true" else []
        is_link = bool(_LINKS & calls.keys())
        target = next(reversed(_NAME.findall(column.type)), "") if is_link else ""
        yield column_fact(column, source, target=target, marks=tuple(marks))


def _is_for_entities(symbol: Symbol, columns: Sequence[Symbol], annotations: set[str], source: str) -> bool:
    """Whether entities inherit the columns of a class that is none: JPA says so, TypeORM has an abstract class."""
    if source == "JPA":
        return "MappedSuperclass" in annotations
    return _ABSTRACT.search(symbol.signature) is not None and any(
        read_call(text).method in _TYPEORM_COLUMNS for column in columns for text in column.decorators
    )


def _ef_core(symbol: Symbol, columns: Sequence[Symbol], entities: Collection[str]) -> Iterator[Fact]:
    """A class that a context stores; a property called Id, or after the class, is its key by convention."""
    name = symbol.name.rpartition(".")[2]
    if name not in entities:
        return
    table = next((item.text(0) for item in _attributes(symbol) if item.method == "Table"), "")
    yield _table(symbol, table or name, "EF Core")
    for column in columns:
        attributes = {item.method for item in _attributes(column)}
        if "NotMapped" in attributes or "static" in column.signature or column.kind is not SymbolKind.PROPERTY:
            continue
        own = column.name.rpartition(".")[2]
        marks = ["primary key"] if "Key" in attributes or own in {"Id", f"{name}Id"} else []
        marks += ["not null"] if "Required" in attributes else ["nullable"] if column.type.endswith("?") else []
        target = next((part for part in _NAME.findall(column.type) if part in entities), "")
        yield column_fact(column, "EF Core", target=target, marks=tuple(marks))


def _attributes(symbol: Symbol) -> list[Written]:
    """C#'s attributes, of which one bracket holds several."""
    return [read_call(part) for text in symbol.decorators for part in parts(inside(text))]


def _gorm(symbol: Symbol, columns: Sequence[Symbol]) -> Iterator[Fact]:
    tags = {column.name: match[1] for column in columns for text in column.decorators if (match := _GORM.search(text))}
    if not tags and not any(column.type.endswith("gorm.Model") for column in columns):
        return
    yield _table(symbol, symbol.name, "gorm")
    for column in columns:
        tag = tags.get(column.name, "")
        words = {"primaryKey": "primary key", "primary_key": "primary key", "not null": "not null", "unique": "unique"}
        marks = tuple(dict.fromkeys(word for key, word in words.items() if key in tag.split(";")))
        target = next(iter(_NAME.findall(column.type)), "") if "foreignKey" in tag or "many2many" in tag else ""
        yield column_fact(column, "gorm", target=target, marks=marks)

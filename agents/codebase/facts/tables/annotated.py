"""Tables of classes whose annotations, attributes or decorators say what their members are. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from agents.codebase.facts.tables.columns import Key, column_fact, table_fact, with_keys
from agents.codebase.facts.tables.mapping_dialects import MappingDialect
from agents.codebase.facts.written import Written, arguments, inside, literal, parts, read_call, texts_in
from agents.contracts.facts import ABSTRACT, Fact
from agents.contracts.structure import Symbol

_ABSTRACT: Final = re.compile(r"\babstract\s+class\b")
_UNSTORED: Final = re.compile(r"\b(?:static|transient)\b")
_NAME: Final = re.compile(r"[A-Z]\w*")
_CONTAINERS: Final = frozenset({"List", "Set", "Map", "Collection", "Relation", "Promise", "Ref", "Rel", "Loaded"})
_ANSWERED: Final = re.compile(r"=>[\s\[(]*(\w+)")
_CLASS: Final = re.compile(r"\b(\w+)(?:::|\.)(?:class|name)\b")
_REFERRED: Final = re.compile(r"\bref:\s*(?:\([^()]{0,40}\)\s*=>\s*)?[\"']?(\w+)")
_TARGETS: Final = ("targetEntity", "targetDocument", "entity", "target")
_NOT_NULL: Final = frozenset({"NotNull", "NotBlank", "NotEmpty"})


def annotated_tables(
    symbol: Symbol, columns: Sequence[Symbol], dialect: MappingDialect, getters: Mapping[str, Symbol]
) -> Iterator[Fact]:
    """The table that a class is, followed by its columns; `getters` are the methods with annotations, by name."""
    written = _annotations(symbol)
    methods = {item.method for item in written}
    entity = next((item for item in written if item.method in dialect.entities), None)
    members = [(column, _annotations(column)) for column in columns]
    if dialect.source == "JPA":
        members = _with_getters(members, getters)
    column_words = {item.method for _, calls in members for item in calls} & dialect.columns
    if entity is not None or (dialect.is_bare and column_words):
        table = next((item for item in written if item.method in dialect.tables), Written(""))
        named = _table_name(table, dialect) or (_table_name(entity, dialect) if entity is not None else "")
        facts = [table_fact(symbol, named or symbol.name, dialect.source)]
    elif methods & dialect.inherited or (not dialect.inherited and column_words and _ABSTRACT.search(symbol.signature)):
        facts = [table_fact(symbol, symbol.name, dialect.source, (ABSTRACT,))]
    else:
        return
    facts += [fact for column, calls in members if (fact := _column(column, calls, dialect))]
    yield from with_keys(facts, _room_keys(symbol.name, entity) if entity and dialect.source == "Room" else ())


def _annotations(symbol: Symbol) -> list[Written]:
    return [read_call(text) for text in symbol.decorators]


def _with_getters(
    members: Sequence[tuple[Symbol, list[Written]]], getters: Mapping[str, Symbol]
) -> list[tuple[Symbol, list[Written]]]:
    """The members with the annotations of the methods that read them."""
    result: list[tuple[Symbol, list[Written]]] = []
    for column, calls in members:
        owner, _, name = column.name.rpartition(".")
        names = (f"{owner}.{verb}{name[:1].upper()}{name[1:]}" for verb in ("get", "is"))
        getter = next((getters[item] for item in names if item in getters), None)
        result.append((column, [*calls, *(_annotations(getter) if getter is not None else ())]))
    return result


def _table_name(item: Written, dialect: MappingDialect) -> str:
    given = _described(item)
    return next((value for key in dialect.table_names if (value := literal(given.get(key, "")))), item.text(0))


def _described(item: Written) -> Mapping[str, str]:
    """The named arguments of an annotation, or those of the object that it is given."""
    last = item.positional[-1] if item.positional else ""
    return arguments(inside(last))[1] if last[:1] == "{" else item.named


def _column(column: Symbol, written: Sequence[Written], dialect: MappingDialect) -> Fact | None:
    calls = {item.method: item for item in reversed(written)}
    if dialect.ignored & calls.keys() or _UNSTORED.search(column.signature.partition("=")[0]):
        return None
    if dialect.columns and not dialect.columns & calls.keys():
        return None
    given: dict[str, str] = {}
    for item in written:
        given |= _described(item) if item.method in dialect.described else {}
    first = next((item.text(0) for item in written if item.method in dialect.described), "")
    named = next((value for key in dialect.column_names if (value := literal(given.get(key, "")))), "")
    own = column.name.rpartition(".")[2].lstrip("$")
    return column_fact(
        column,
        dialect.source,
        name=named or (first if dialect.is_named_first else "") or own,
        target=_target(column, calls, dialect),
        type=column.type or literal(given.get("type", "")) or given.get("type", ""),
        marks=_marks(column, calls, given, dialect),
    )


def _target(column: Symbol, calls: Mapping[str, Written], dialect: MappingDialect) -> str:
    """The class that a member refers to: what its annotation names, else the last one of its type."""
    if dialect.source == "Mongoose":
        return next((match[1] for text in column.decorators if (match := _REFERRED.search(text))), "")
    link = next((item for method, item in calls.items() if method in dialect.links), None)
    if link is None:
        return ""
    value = next((value for key in _TARGETS if (value := _described(link).get(key, ""))), link.value(0))
    named = literal(value) or next((match[1] for sign in (_ANSWERED, _CLASS) if (match := sign.search(value))), "")
    names = [name for name in _NAME.findall(column.type) if name not in _CONTAINERS]
    return named.rpartition("\\")[2] or next(reversed(names), "")


def _marks(
    column: Symbol, calls: Mapping[str, Written], given: Mapping[str, str], dialect: MappingDialect
) -> tuple[str, ...]:
    is_key = dialect.keys & calls.keys() or "true" in {given.get("primaryKey"), given.get("primary")}
    marks = ["primary key"] if is_key else []
    allowed = calls["AllowNull"].value(0) if "AllowNull" in calls else ""
    nullable = given.get("nullable", given.get("allowNull", allowed))
    links = (calls[method] for method in dialect.links if method in calls)
    is_needed = given.get("required") == "true" or any(link.named.get("optional") == "false" for link in links)
    if nullable == "false" or is_needed or _NOT_NULL & calls.keys():
        marks.append("not null")
    elif nullable == "true" or (dialect.source == "Room" and column.type.endswith("?")):
        marks.append("nullable")
    is_unique = given.get("unique", "").startswith(("true", "'", '"')) or "Unique" in calls
    return (*marks, *(("unique",) if is_unique else ("index",) if given.get("index") == "true" else ()))


def _room_keys(owner: str, entity: Written) -> Iterator[Key]:
    """The keys that Room's entity lists for its columns."""
    for name in _listed(entity.value(-1, "primaryKeys")):
        yield Key(owner, name, "primary key")
    for text in _items(entity.value(-1, "foreignKeys")):
        key = read_call(text)
        target = _CLASS.search(key.value(0, "entity"))
        for name in _listed(key.value(2, "childColumns"))[:1]:
            yield Key(owner, name, target=target[1] if target else "")
    for text in _items(entity.value(-1, "indices")):
        index = read_call(text)
        columns = _listed(index.value(0, "value"))
        if len(columns) == 1:
            yield Key(owner, columns[0], "unique" if index.named.get("unique") == "true" else "index")


def _items(text: str) -> list[str]:
    """The parts of a list as Kotlin and Java write it: in brackets, in braces, or as arguments."""
    flat = text.strip()
    body = flat.removeprefix("arrayOf")
    return parts(inside(body)) if body[:1] in {"[", "{", "("} else [flat] if flat else []


def _listed(text: str) -> list[str]:
    return texts_in(text.strip().removeprefix("arrayOf")) if text else []

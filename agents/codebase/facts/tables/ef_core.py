"""Tables of Entity Framework Core: the classes that contexts store, and how contexts call them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from agents.codebase.facts.tables.columns import Key, column_fact, table_fact, with_keys
from agents.codebase.facts.written import Written, inside, parts, read_call
from agents.contracts.facts import Fact
from agents.contracts.structure import Structure, Symbol, SymbolKind

_SOURCE: Final = "EF Core"
_SET: Final = re.compile(r"^(?:I?DbSet|DbSet)<([\w.]+)>")
_CONFIGURED: Final = re.compile(r"\bIEntityTypeConfiguration<([\w.]+)>")
_FLUENT: Final = re.compile(
    r"\b(?:Entity|EntityTypeBuilder)<(?P<entity>[\w.]+)>|\bToTable\(\s*(?:name:\s*)?\"(?P<table>[^\"\n]+)\""
)
_COLLECTION: Final = re.compile(r"\b(?:I?Collection|I?List|IEnumerable|HashSet|ISet|ObservableCollection)<([\w.]+)\??>")
_NAME: Final = re.compile(r"[A-Z]\w*")
#: Types of values that begin as classes do.
_VALUES: Final = frozenset(
    {"Guid", "DateTime", "DateTimeOffset", "DateOnly", "TimeOnly", "TimeSpan", "String", "Int32", "Int64", "Decimal"}
)
_NAMEOF: Final = re.compile(r"^(?:nameof\(\s*(?:\w+\.)?(\w+)\s*\)|\"(\w+)\")$")


def entities_of(structure: Structure) -> Iterator[str]:
    """The classes that a context of EF Core stores, or that a class configures for one."""
    for symbol in structure.symbols if structure.language == "csharp" else ():
        is_member = symbol.kind in {SymbolKind.FIELD, SymbolKind.PROPERTY}
        matched = _SET.match(symbol.type) if is_member else _CONFIGURED.search(symbol.signature)
        if matched is not None:
            yield matched[1].rpartition(".")[2]


def names_of_entities(text: str) -> dict[str, str]:
    """The tables' names by their classes, as the text of a context or a configuration says them."""
    names: dict[str, str] = {}
    entity = ""
    for match in _FLUENT.finditer(text):
        if match["entity"]:
            entity = match["entity"].rpartition(".")[2]
        elif entity:
            names.setdefault(entity, match["table"])
    return names


def ef_core_table(symbol: Symbol, columns: Sequence[Symbol], entities: Mapping[str, str]) -> Iterator[Fact]:
    """A class that a context stores; a property called Id, or after the class, is its key by convention."""
    name = symbol.name.rpartition(".")[2]
    if name not in entities:
        return
    attributes = _attributes(symbol)
    table = next((item.text(0) for item in attributes if item.method == "Table"), "")
    own = {column.name.rpartition(".")[2] for column in columns}
    facts = [_column(column, name, own, entities) for column in columns if _is_column(column)]
    yield table_fact(symbol, table or entities[name] or name, _SOURCE)
    yield from with_keys(facts, _class_keys(symbol.name, attributes))


def _is_column(column: Symbol) -> bool:
    """Whether a property is stored; one that is only read is computed, unless it holds the things referred to."""
    if column.kind is not SymbolKind.PROPERTY or not column.public or re.search(r"\bstatic\b", column.signature):
        return False
    is_read_only = column.accessors == ("get",) and not _COLLECTION.search(column.type)
    return not is_read_only and not any(item.method == "NotMapped" for item in _attributes(column))


def _column(column: Symbol, owner: str, own: set[str], entities: Mapping[str, str]) -> Fact:
    attributes = {item.method: item for item in _attributes(column)}
    name = column.name.rpartition(".")[2]
    marks = ["primary key"] if "Key" in attributes or name in {"Id", f"{owner}Id"} else []
    is_required = "Required" in attributes or re.search(r"\brequired\b", column.signature) is not None
    marks += ["not null"] if is_required else ["nullable"] if column.type.endswith("?") else []
    stored = attributes["Column"].text(0, "Name") if "Column" in attributes else ""
    return column_fact(
        column, _SOURCE, name=stored or name, target=_target(column, name, own, entities), marks=tuple(marks)
    )


def _target(column: Symbol, name: str, own: set[str], entities: Mapping[str, str]) -> str:
    """The entity that a property leads to: one that is stored, the items of a list, or what a key beside it is of."""
    names = _NAME.findall(column.type)
    stored = next((part for part in names if part in entities), "")
    listed = _COLLECTION.search(column.type)
    item = listed[1].rpartition(".")[2] if listed is not None else ""
    if stored or (item and item[:1].isupper() and item not in _VALUES):
        return stored or item
    return names[-1] if names and f"{name}Id" in own and names[-1] not in _VALUES else ""


def _class_keys(owner: str, attributes: Sequence[Written]) -> Iterator[Key]:
    """The keys that attributes of a class list: `[Index(nameof(Url), IsUnique = true)]`, `[PrimaryKey(…)]`."""
    for item in attributes:
        names = [match[1] or match[2] for text in item.positional if (match := _NAMEOF.match(text))]
        if item.method == "PrimaryKey":
            yield from (Key(owner, name, "primary key") for name in names)
        elif item.method == "Index" and len(names) == 1:
            yield Key(owner, names[0], "unique" if item.named.get("IsUnique") == "true" else "index")


def _attributes(symbol: Symbol) -> list[Written]:
    """C#'s attributes, of which one bracket holds several."""
    return [read_call(part) for text in symbol.decorators for part in parts(inside(text))]

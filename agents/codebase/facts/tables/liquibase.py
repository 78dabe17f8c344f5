"""Tables that changelogs of Liquibase create and change, in XML, YAML and JSON. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from agents.codebase.facts.tables.changes import changed_column, changed_table
from agents.codebase.facts.tables.columns import Key, with_keys
from agents.codebase.structure.artefacts.yaml_outline import YamlEntry, readable_outline
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind

_SOURCE: Final = "Liquibase"
_LONGEST: Final = 1_000_000
_DEPTH: Final = 14
_TAG: Final = re.compile(r"<!--.*?(?:-->|\Z)|<(?P<closing>/?)(?:\w+:)?(?P<name>\w+)\b(?P<given>[^<>]*)>", re.DOTALL)
_GIVEN: Final = re.compile(r"(?<![\w.])([\w.]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ENTITY: Final = re.compile(r"&(lt|gt|quot|apos|amp);")
_SIGNS: Final = {"lt": "<", "gt": ">", "quot": '"', "apos": "'", "amp": "&"}
_CHANGES: Final = frozenset(
    {"createTable", "addColumn", "addForeignKeyConstraint", "addPrimaryKey", "addUniqueConstraint"}
    | {"dropTable", "renameTable", "dropColumn", "renameColumn", "modifyDataType"}
)


@dataclass
class _Column:
    line: int
    given: dict[str, str] = field(default_factory=dict)
    constraints: dict[str, str] = field(default_factory=dict)


@dataclass
class _TableChange:
    """A change as its file states it, in whatever format."""

    name: str
    line: int
    end: int
    given: dict[str, str] = field(default_factory=dict)
    columns: list[_Column] = field(default_factory=list)


def liquibase_tables(text: str) -> Iterator[Fact]:
    """The tables of a changelog, each followed by its columns, and the columns that it adds to others."""
    if "databaseChangeLog" not in text or len(text) > _LONGEST:
        return
    changes = list(_in_xml(text) if text.lstrip("\ufeff \t\r\n").startswith("<") else _in_yaml(text))
    facts = [fact for change in changes for fact in (*_facts(change), *_changed(change))]
    yield from with_keys(facts, [key for change in changes for key in _keys(change)])


def _in_xml(text: str) -> Iterator[_TableChange]:
    change: _TableChange | None = None
    line, at, rollbacks = 1, 0, 0
    for tag in _TAG.finditer(text):
        line, at = line + text.count("\n", at, tag.start()), tag.start()
        name, is_closed = tag["name"], (tag["given"] or "").endswith("/")
        if name == "rollback" and not is_closed:
            rollbacks += -1 if tag["closing"] else 1
        if name is None or rollbacks > 0:
            continue
        if name in _CHANGES:
            if change is not None and tag["closing"]:
                change.end = line
                yield change
                change = None
                continue
            change = _TableChange(name, line, line + tag[0].count("\n"), _attributes(tag["given"]))
            if is_closed:
                yield change
                change = None
        elif change is not None and name == "column" and not tag["closing"]:
            change.columns.append(_Column(line, _attributes(tag["given"])))
        elif change is not None and change.columns and name == "constraints" and not tag["closing"]:
            change.columns[-1].constraints |= _attributes(tag["given"])


def _attributes(text: str) -> dict[str, str]:
    pairs = ((name, double or single) for name, double, single in _GIVEN.findall(text))
    return {name: _ENTITY.sub(lambda sign: _SIGNS[sign[1]], value) for name, value in pairs}


def _in_yaml(text: str) -> Iterator[_TableChange]:
    """The changes of a changelog in YAML or JSON, whose keys come in any order."""
    change: _TableChange | None = None
    path: tuple[str, ...] = ()
    for entry in readable_outline(text.replace("\t", "  "), _DEPTH):
        if entry.path[-1] in _CHANGES and "rollback" not in entry.path:
            if change is not None:
                yield change
            change, path = _TableChange(entry.path[-1], entry.line, entry.end), entry.path
        elif change is not None and entry.path[: len(path)] == path:
            _add(change, entry, entry.path[len(path) :])
    if change is not None:
        yield change


def _add(change: _TableChange, entry: YamlEntry, below: tuple[str, ...]) -> None:
    if len(below) == 1:
        change.given[below[0]] = entry.value
    elif below == ("columns", "[]", "column"):
        change.columns.append(_Column(entry.line))
    elif below[:3] == ("columns", "[]", "column") and change.columns:
        if len(below) == 4:
            change.columns[-1].given[below[3]] = entry.value
        elif below[3] == "constraints" and len(below) == 5:
            change.columns[-1].constraints[below[4]] = entry.value


def _changed(change: _TableChange) -> Iterator[Fact]:
    """What a change drops, renames or gives another type."""
    given, lines = change.given, Lines(start=change.line, end=max(change.line, change.end))
    table, column = given.get("tableName", ""), given.get("columnName", "")
    names = [column] if column else [item.given.get("name", "") for item in change.columns]
    if change.name == "dropTable" and table:
        yield changed_table(_SOURCE, lines, table)
    elif change.name == "renameTable" and given.get("oldTableName") and given.get("newTableName"):
        yield changed_table(_SOURCE, lines, given["oldTableName"], given["newTableName"])
    elif change.name == "dropColumn" and table:
        yield from (changed_column(_SOURCE, lines, table, name) for name in names if name)
    elif change.name == "renameColumn" and table and given.get("oldColumnName") and given.get("newColumnName"):
        yield changed_column(_SOURCE, lines, table, given["oldColumnName"], given["newColumnName"])
    elif change.name == "modifyDataType" and table and column and given.get("newDataType"):
        yield changed_column(_SOURCE, lines, table, column, type_=given["newDataType"])


def _facts(change: _TableChange) -> Iterator[Fact]:
    table = change.given.get("tableName", "")
    if not table or change.name not in {"createTable", "addColumn"}:
        return
    if change.name == "createTable":
        yield Fact(
            kind=FactKind.TABLE,
            name=table,
            source=_SOURCE,
            lines=Lines(start=change.line, end=max(change.line, change.end)),
            text=change.given.get("remarks", ""),
        )
    for column in change.columns:
        if column.given.get("name"):
            referred = column.constraints.get("referencedTableName") or column.constraints.get("references", "")
            yield Fact(
                kind=FactKind.COLUMN,
                name=column.given["name"],
                source=_SOURCE,
                lines=Lines(start=column.line, end=column.line),
                owner=table,
                type=column.given.get("type", ""),
                target=referred.partition("(")[0].strip(),
                marks=_marks(column.constraints),
                text=column.given.get("remarks", ""),
            )


def _marks(constraints: Mapping[str, str]) -> tuple[str, ...]:
    marks = ["primary key"] if constraints.get("primaryKey") == "true" else []
    marks += ["not null"] if constraints.get("nullable") == "false" else []
    return (*marks, *(("unique",) if constraints.get("unique") == "true" else ()))


def _keys(change: _TableChange) -> Iterator[Key]:
    """What a change says of columns of a table that another one created; of several only a key is each one's."""
    given = change.given
    if change.name == "addForeignKeyConstraint":
        for name in _names(given.get("baseColumnNames", "")):
            yield Key(given.get("baseTableName", ""), name, target=given.get("referencedTableName", ""))
    elif change.name in {"addPrimaryKey", "addUniqueConstraint"}:
        names = _names(given.get("columnNames", ""))
        mark = "primary key" if change.name == "addPrimaryKey" else "unique"
        yield from (
            Key(given.get("tableName", ""), name, mark) for name in names if mark != "unique" or len(names) == 1
        )


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]

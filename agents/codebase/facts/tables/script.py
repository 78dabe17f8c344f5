"""Tables that scripts describe by objects: models of Sequelize, its migrations, and TypeORM's schemas of entities."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from agents.codebase.facts.calls import CodeCall, options
from agents.codebase.facts.file import ParsedCode, place
from agents.codebase.facts.object_literals import ObjectEntry, argument_nodes, entries, entry_values, object_in
from agents.codebase.facts.tables.columns import Key, with_keys
from agents.codebase.facts.tables.migration_calls import is_undoing
from agents.codebase.facts.written import literal
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind

_SEQUELIZE: Final = "Sequelize"
_MARKS: Final = {"primaryKey": "primary key", "primary": "primary key", "unique": "unique"}
#: What a model is given beside its attributes: `{ sequelize, modelName: "User" }`.
_OPTIONS: Final = re.compile(r"\b(?:sequelize|modelName|tableName)\b")
_CLASSES: Final = frozenset({"class_declaration", "class", "abstract_class_declaration"})
_NAME: Final = re.compile(r"^[A-Za-z_$][\w.$]*$")


def sequelize_tables(file: ParsedCode) -> Iterator[Fact]:
    """The models of a file and what its migrations create and add, each table followed by its columns."""
    if not file.holds(b"equelize", b"DataTypes"):
        return
    facts: list[Fact] = []
    keys: list[Key] = []
    for call in file.calls("define", "init", "createTable", "addColumn"):
        facts += _migrated(call, file) if call.method in {"createTable", "addColumn"} else _model(call, file)
    columns = {(fact.owner, fact.name) for fact in facts}
    for call in file.calls("belongsTo"):
        link = _belonging(call)
        if link is not None and (link.owner, link.column) in columns:
            keys.append(link)
        elif link is not None:
            facts.append(_linking_column(call, link))
    yield from with_keys(facts, keys)


def _model(call: CodeCall, file: ParsedCode) -> Iterator[Fact]:
    """`sequelize.define("User", {…}, {…})`, and `User.init({…}, {…})` of a class."""
    nodes, name = argument_nodes(call), call.text(0) or file.constant(call.value(0))
    if call.method == "define":
        described, given = nodes[1:2], nodes[2:3]
        symbol = call.assigned or name
    else:
        described, given = nodes[:1], nodes[1:2]
        symbol = _class(call)
        options_node = object_in(given[0], file) if given else None
        if options_node is None or not _OPTIONS.search(file.text(options_node)):
            return
    attributes = object_in(described[0], file) if described else None
    options_of = entry_values(given[0], file) if given else {}
    name = literal(options_of.get("tableName", "")) or literal(options_of.get("modelName", "")) or name or symbol
    columns = [_column(item, symbol, file) for item in entries(attributes, file)] if attributes is not None else []
    if name and columns:
        text = file.docs.get(symbol, "")
        yield Fact(kind=FactKind.TABLE, name=name, source=_SEQUELIZE, lines=place(call), symbol=symbol, text=text)
        yield from columns


def _class(call: CodeCall) -> str:
    """The class whose method is called; `super` and `this` are the one around."""
    receiver = call.receiver.rpartition(".")[2]
    node = call.node if receiver in {"super", "this", ""} else None
    while node is not None:
        name = node.child_by_field_name("name") if node.type in _CLASSES else None
        if name is not None:
            return call.source[name.start_byte : name.end_byte].decode("utf-8", "replace")
        node = node.parent
    return receiver


def _column(item: ObjectEntry, owner: str, file: ParsedCode, source: str = _SEQUELIZE) -> Fact:
    described = object_in(item.node, file)
    given = {entry.name: entry.value for entry in entries(described, file)} if described is not None else {}
    referred = options(given.get("references", ""))
    model = referred.get("model", given.get("references", "") if not referred else "")
    model = options(model).get("tableName", model)
    return Fact(
        kind=FactKind.COLUMN,
        name=literal(given.get("field", given.get("name", ""))) or item.name,
        source=source,
        lines=item.lines,
        owner=owner,
        type=given.get("type", "") if described is not None else item.value,
        target=literal(model) or (model if _NAME.match(model) else ""),
        marks=_marks(given),
        text=item.doc or literal(given.get("comment", "")) or "",
    )


def _marks(given: Mapping[str, str]) -> tuple[str, ...]:
    marks = [word for key, word in _MARKS.items() if given.get(key, "").startswith(("true", "'", '"', "{"))]
    allowed = given.get("allowNull", given.get("nullable", ""))
    marks += ["not null"] if allowed == "false" else ["nullable"] if allowed == "true" else []
    return tuple(marks)


def _migrated(call: CodeCall, file: ParsedCode) -> Iterator[Fact]:
    """`queryInterface.createTable("users", {…})`, and `addColumn("users", "age", {…})`."""
    name, nodes = call.text(0), argument_nodes(call)
    if not name or len(nodes) < 2 or is_undoing(call):
        return
    if call.method == "addColumn":
        column = call.text(1)
        if column and len(nodes) > 2:
            yield _column(ObjectEntry(column, file.text(nodes[2]), nodes[2], place(call)), name, file)
        return
    described = object_in(nodes[1], file)
    if described is not None:
        yield Fact(kind=FactKind.TABLE, name=name, source=_SEQUELIZE, lines=place(call))
        for item in entries(described, file):
            yield _column(item, name, file)


def _belonging(call: CodeCall) -> Key | None:
    """The column by which a model belongs to another, whether the model describes it or Sequelize adds it."""
    target, owner = call.value(0).rpartition(".")[2], _class(call)
    given = options(call.value(1))
    foreign = given.get("foreignKey", "")
    column = literal(foreign) or literal(options(foreign).get("name", ""))
    column = column or f"{literal(given.get('as', '')) or target[:1].lower() + target[1:]}Id"
    return Key(owner, column, target=target) if owner and _NAME.match(target) else None


def _linking_column(call: CodeCall, link: Key) -> Fact:
    return Fact(
        kind=FactKind.COLUMN,
        name=link.column,
        source=_SEQUELIZE,
        lines=Lines(start=call.line, end=call.end),
        owner=link.owner,
        target=link.target,
    )


def entity_schemas(file: ParsedCode) -> Iterator[Fact]:
    """`new EntitySchema({ name, columns, relations })` of TypeORM; MikroORM calls its columns properties."""
    if not file.holds(b"EntitySchema"):
        return
    source = "MikroORM" if file.holds(b"mikro-orm") else "TypeORM"
    for call in file.calls("EntitySchema"):
        nodes = argument_nodes(call)
        described = object_in(nodes[0], file) if nodes else None
        parts = {item.name: item for item in entries(described, file)} if described is not None else {}
        names = [literal(parts[key].value) or "" for key in ("tableName", "name") if key in parts]
        name = next((item for item in names if item), call.assigned)
        symbol = call.assigned or name
        if not {"columns", "properties"} & parts.keys():
            continue
        yield Fact(kind=FactKind.TABLE, name=name, source=source, lines=place(call), symbol=symbol)
        for key in ("columns", "properties", "relations"):
            members = object_in(parts[key].node, file) if key in parts else None
            for item in entries(members, file) if members is not None else ():
                column = _column(item, symbol, file, source)
                target = entry_values(item.node, file).get("target" if source == "TypeORM" else "entity", "")
                target = (literal(target) or target.rpartition("=>")[2].strip()) if target else ""
                yield column.model_copy(update={"target": target if _NAME.match(target) else ""})

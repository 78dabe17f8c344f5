"""Collections of Mongoose: schemas with their fields, those of objects inside them, and what they refer to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

import tree_sitter

from agents.codebase.facts.calls import CodeCall
from agents.codebase.facts.file import ParsedCode, place
from agents.codebase.facts.object_literals import ObjectEntry, argument_nodes, entries, entry_values, object_in
from agents.codebase.facts.written import literal
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind

_SOURCE: Final = "Mongoose"
_SCHEMA: Final = re.compile(r"^(?:\w+\.)?Schema$")
_NAME: Final = re.compile(r"^[A-Za-z_$][\w.$]*$")
_UNNAMED: Final = "schema"
_DEEPEST: Final = 4
_MARKS: Final = {"required": "not null", "unique": "unique", "index": "index"}


def mongoose_tables(file: ParsedCode) -> Iterator[Fact]:
    """The schemas of a file, each followed by its fields; a schema that a model has is called as the model."""
    if not file.holds(b"mongoose"):
        return
    schemas = [call for call in file.calls("Schema") if _SCHEMA.match(call.name)]
    models = {call.value(1): call.text(0) for call in file.calls("model") if call.text(0)} if schemas else {}
    names = {call.assigned: models.get(call.assigned, call.assigned) for call in schemas if call.assigned}
    for call in schemas:
        nodes = argument_nodes(call)
        described = object_in(nodes[0], file) if nodes else None
        around = next((item.text(0) for item in call.around() if item.method == "model"), "")
        is_exported = _is_exported(call)
        name = around or (_UNNAMED if is_exported else names.get(call.assigned, ""))
        if described is None or not name:
            continue
        symbol = name if is_exported or not call.assigned else call.assigned
        fields = list(_fields(described, symbol, "", names, file))
        if not fields:
            continue
        doc = file.docs.get(symbol, "")
        yield Fact(kind=FactKind.TABLE, name=name, source=_SOURCE, lines=place(call), symbol=symbol, text=doc)
        yield from fields
        if len(nodes) > 1:
            yield from _timestamps(call, nodes[1], symbol, file)


def _is_exported(call: CodeCall) -> bool:
    """Whether a file exports a schema as it is, without a name."""
    above = call.node.parent if call.node is not None else None
    return call.assigned == "module.exports" or (above is not None and above.type == "export_statement")


def _fields(
    described: tree_sitter.Node, owner: str, prefix: str, names: Mapping[str, str], file: ParsedCode
) -> Iterator[Fact]:
    for item in entries(described, file):
        yield from _field(item, owner, prefix + item.name, names, file)


def _field(item: ObjectEntry, owner: str, name: str, names: Mapping[str, str], file: ParsedCode) -> Iterator[Fact]:
    """A field; an object without a type is a place for fields of its own, and a list may hold such objects."""
    given = _given(item.node, file)
    if _is_place(given):
        yield from _inside(item.node, owner, name, names, file)
        return
    kind = given["type"].node if "type" in given else item.node
    is_list = kind.type == "array"
    kind = next(iter(kind.named_children), kind) if is_list else kind
    item_fields = _given(kind, file) if kind != item.node else {}
    is_place = _is_place(item_fields)
    kind = kind if is_place or "type" not in item_fields else item_fields["type"].node
    yield Fact(
        kind=FactKind.COLUMN,
        name=name,
        source=_SOURCE,
        lines=item.lines,
        owner=owner,
        type="object" if is_place else file.text(kind),
        target=_target({**item_fields, **given}, file.text(kind), names),
        marks=_marks({**item_fields, **given}, is_list),
        text=item.doc,
    )
    if is_place:
        yield from _inside(kind, owner, name, names, file)


def _inside(
    node: tree_sitter.Node, owner: str, name: str, names: Mapping[str, str], file: ParsedCode
) -> Iterator[Fact]:
    """The fields of an object inside another."""
    if name.count(".") < _DEEPEST:
        yield from _fields(node, owner, f"{name}.", names, file)


def _given(node: tree_sitter.Node, file: ParsedCode) -> dict[str, ObjectEntry]:
    return {entry.name: entry for entry in entries(node, file)} if node.type == "object" else {}


def _is_place(given: Mapping[str, ObjectEntry]) -> bool:
    """Whether an object holds fields; what it calls its type may be one of them, described by its own type."""
    kind = given["type"].node if "type" in given else None
    if kind is None or kind.type != "object":
        return bool(given) and kind is None
    return any(
        key.text in {b"type", b'"type"', b"'type'"}
        for pair in kind.named_children
        if (key := pair.child_by_field_name("key")) is not None
    )


def _target(given: Mapping[str, ObjectEntry], kind: str, names: Mapping[str, str]) -> str:
    """The model that a field refers to, or the schema of this file that it holds."""
    written = given["ref"].value.rpartition("=>")[2].strip() if "ref" in given else ""
    return literal(written) or (written if _NAME.match(written) else "") or names.get(kind, "")


def _marks(given: Mapping[str, ObjectEntry], is_list: bool) -> tuple[str, ...]:
    marks = [word for key, word in _MARKS.items() if key in given and given[key].value.startswith(("true", "[true"))]
    return (*marks, *(("list",) if is_list else ()))


def _timestamps(call: CodeCall, node: tree_sitter.Node, owner: str, file: ParsedCode) -> Iterator[Fact]:
    given = entry_values(node, file).get("timestamps", "false")
    if given == "false":
        return
    lines = Lines(start=call.line_of("timestamps"), end=call.line_of("timestamps"))
    for name in ("createdAt", "updatedAt"):
        yield Fact(kind=FactKind.COLUMN, name=name, source=_SOURCE, lines=lines, owner=owner, type="Date")

"""Tables that code declares: SQLAlchemy, SQLModel, Django, peewee, and migrations of ActiveRecord."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter

from agents.codebase.facts.calls import CodeCall
from agents.codebase.facts.file import ParsedCode, place, place_at
from agents.codebase.facts.written import Written, literal, read_call
from agents.codebase.structure.deadline import captures
from agents.codebase.structure.grammars import query
from agents.contracts.facts import ABSTRACT, Fact, FactKind

_ORMS = ((b"sqlmodel", "SQLModel"), (b"sqlalchemy", "SQLAlchemy"), (b"django", "Django"), (b"peewee", "peewee"))
_COLUMNS = frozenset({"Column", "mapped_column", "relationship", "Relationship", "db.Column"})
_LINKS = frozenset(
    {"ForeignKey", "OneToOneField", "ManyToManyField", "ForeignKeyField", "relationship", "Relationship"}
)
_ABSTRACT = re.compile(r"\babstract\s*=\s*True\b")
#: What a class is called that neither framework has another sign for: its fields are for others.
_FOR_OTHERS = {
    "peewee": re.compile(r"^(?:Base|Abstract)|(?:Base|Mixin)$|BaseModel$"),
    "SQLAlchemy": re.compile(r"Mixin$"),
}
#: Classes with fields of the same names as a model's: what a request holds, not what a table does.
_FORMS = re.compile(r"(?:Form|FormSet|Serializer|FilterSet|Filter|Widget|Admin|Schema|Mutation|Type)\b")
_MAPPED = re.compile(r"^(?:\w+\.)?Mapped\[(.*)\]$", re.DOTALL)
_RUBY_TYPES = (
    "string",
    "text",
    "integer",
    "bigint",
    "float",
    "decimal",
    "datetime",
    "timestamp",
    "time",
    "date",
    "binary",
    "boolean",
    "json",
    "jsonb",
    "uuid",
    "references",
    "belongs_to",
    "column",
)


def tables(file: ParsedCode) -> Iterator[Fact]:
    """The tables that a file declares, each followed by its columns."""
    if file.language == "python":
        source = next((name for word, name in _ORMS if word in file.source.lower()), "")
        if source:
            yield from _classes(file, source)
            yield from _core(file, source)
    elif file.language == "ruby" and file.holds(b"create_table"):
        yield from _migrations(file)


def _classes(file: ParsedCode, source: str) -> Iterator[Fact]:
    for node in captures(query("python", "(class_definition) @class"), file.root).get("class", ()):
        name, bases, body = (node.child_by_field_name(item) for item in ("name", "superclasses", "body"))
        if name is None or bases is None or body is None:
            continue
        members = list(_members(body, file))
        inherited = file.text(bases)
        declared = next((literal(value) or "" for key, _, value, _ in members if key == "__tablename__"), "")
        own = next((text for key, _, text, _ in members if key == "Meta"), "")
        meta = re.search(r"\b(?:db_table|table_name)\s*=\s*[\"']([^\"']+)", own)
        columns = [column for member in members if (column := _column(*member, source, file.text(name), inherited))]
        is_abstract = (
            _ABSTRACT.search(own) is not None
            or any(key == "__abstract__" and value == "True" for key, _, value, _ in members)
            or (
                not (declared or meta)
                and source in _FOR_OTHERS
                and _FOR_OTHERS[source].search(file.text(name)) is not None
            )
        )
        is_table = (
            bool(declared) or re.search(r"\bmodels\.Model\b|\btable\s*=\s*True", inherited) or source != "SQLModel"
        )
        if columns and is_table and not _FORMS.search(inherited):
            class_name = file.text(name)
            lines = place_at(node)
            symbol = next(
                (
                    item.name
                    for item in file.symbols
                    if item.lines.start <= lines.start <= item.lines.end and item.name.rpartition(".")[2] == class_name
                ),
                class_name,
            )
            doc = next((item.doc for item in file.symbols if item.name == symbol), "")
            yield Fact(
                kind=FactKind.TABLE,
                name=declared or (meta[1] if meta else "") or class_name,
                source=source,
                lines=lines,
                symbol=symbol,
                text=doc,
                marks=(ABSTRACT,) if is_abstract else (),
            )
            yield from columns


def _members(body: tree_sitter.Node, file: ParsedCode) -> Iterator[tuple[str, str, str, tree_sitter.Node]]:
    """Name, annotation, value and node of each assignment; a class inside with its text as value."""
    for statement in body.named_children:
        inner = statement.named_children[0] if statement.named_children else None
        if statement.type == "class_definition" and (name := statement.child_by_field_name("name")) is not None:
            yield file.text(name), "", file.text(statement), statement
        elif inner is not None and inner.type == "assignment":
            left, kind, right = (inner.child_by_field_name(item) for item in ("left", "type", "right"))
            if left is not None and left.type == "identifier":
                yield (file.text(left), file.text(kind) if kind else "", file.text(right) if right else "", statement)


def _column(
    name: str, annotation: str, value: str, node: tree_sitter.Node, source: str, owner: str, bases: str
) -> Fact | None:
    call = read_call(value)
    mapped = _MAPPED.match(annotation)
    is_field = call.method.endswith("Field") or call.method in _LINKS
    fits = {
        "SQLAlchemy": call.method in _COLUMNS or mapped is not None,
        "SQLModel": bool(annotation) and not name.startswith("model_") and "table" in bases,
        "Django": is_field and (call.receiver.endswith("models") or "models.Model" in bases or "Model" in bases),
        "peewee": is_field,
    }[source]
    if not fits or name.startswith("__"):
        return None
    inner = [read_call(text) for text in call.positional]
    foreign = next((item for item in inner if item.method == "ForeignKey"), None)
    target = foreign.text(0) if foreign else call.text(-1, "foreign_key")
    kind = mapped[1] if mapped else annotation
    if call.method in _LINKS:
        target = call.text(0, "to", "model", "argument") or call.value(0, "to", "model") or _last(kind)
        kind = call.method
    elif call.method in _COLUMNS:
        visible = next(
            (text for text in call.positional if literal(text) is None and read_call(text).method != "ForeignKey"), ""
        )
        kind = visible or kind
    elif source in {"Django", "peewee"}:
        kind = call.method
    return Fact(
        kind=FactKind.COLUMN,
        name=name,
        source=source,
        lines=place_at(node),
        owner=owner,
        type=kind,
        target=target.strip("'\""),
        marks=_marks(call),
        symbol=f"{owner}.{name}",
    )


def _last(annotation: str) -> str:
    names = re.findall(r"[A-Z]\w+", annotation)
    return names[-1] if names else ""


def _marks(call: Written) -> tuple[str, ...]:
    marks = {"primary_key": "primary key", "unique": "unique", "index": "index", "db_index": "index"}
    listed = [word for key, word in marks.items() if call.named.get(key) == "True"]
    if call.named.get("nullable", call.named.get("null")) == "False":
        listed.append("not null")
    if "True" in {call.named.get("nullable"), call.named.get("null")}:
        listed.append("nullable")
    return tuple(listed)


def _core(file: ParsedCode, source: str) -> Iterator[Fact]:
    """SQLAlchemy's `Table("users", metadata, Column("id", Integer))` and Alembic's `op.create_table`."""
    for call in file.calls("Table", "create_table"):
        name = call.text(0)
        if source != "SQLAlchemy" or not name:
            continue
        columns = [
            item for text in call.positional[1:] if (item := read_call(text)).method == "Column" and item.text(0)
        ]
        if columns:
            yield Fact(kind=FactKind.TABLE, name=name, source=source, lines=place(call), symbol=call.assigned)
        for item in columns:
            foreign = next(
                (inner for text in item.positional if (inner := read_call(text)).method == "ForeignKey"), None
            )
            yield Fact(
                kind=FactKind.COLUMN,
                name=item.text(0),
                source=source,
                lines=place(call),
                owner=name,
                type=item.value(1, "type_"),
                target=foreign.text(0) if foreign else "",
                marks=_marks(item),
            )


def _migrations(file: ParsedCode) -> Iterator[Fact]:
    for call in file.calls("create_table", *_RUBY_TYPES):
        if call.method == "create_table":
            yield Fact(kind=FactKind.TABLE, name=call.text(0), source="ActiveRecord", lines=place(call))
            continue
        table = next((item for item in call.around() if item.method == "create_table"), None)
        if table is None or not call.receiver:
            continue
        for name in _texts(call):
            is_link = call.method in {"references", "belongs_to"}
            kind = call.text(1) if call.method == "column" else call.method
            marks = ("not null",) if call.named.get("null") == "false" else ()
            yield Fact(
                kind=FactKind.COLUMN,
                name=f"{name}_id" if is_link else name,
                source="ActiveRecord",
                lines=place(call),
                owner=table.text(0),
                type="bigint" if is_link else kind,
                target=f"{name}s" if is_link else "",
                marks=marks,
            )


def _texts(call: CodeCall) -> list[str]:
    positional = call.positional[:1] if call.method == "column" else call.positional
    return [name for text in positional if (name := literal(text))]

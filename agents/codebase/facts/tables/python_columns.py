"""The columns that members of Python's classes declare, for each mapper of objects to tables or documents. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from agents.codebase.facts.written import Written, literal, read_call
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind


@dataclass(frozen=True)
class ClassMember:
    """A member of a class: its annotation and its value as written, and the value as a call."""

    name: str
    annotation: str
    value: str
    lines: Lines
    doc: str = ""
    call: Written = field(default_factory=lambda: Written(""))


@dataclass(frozen=True)
class TableClass:
    """The class of a member: its name, its symbol, and its bases as written."""

    name: str
    symbol: str
    bases: str
    has_models: bool = False


_COLUMNS: Final = frozenset({"Column", "mapped_column", "db.Column"})
_RELATIONS: Final = frozenset({"relationship", "Relationship", "dynamic_loader"})
_LINKS: Final = frozenset(
    {
        "ForeignKey",
        "TreeForeignKey",
        "ParentalKey",
        "OneToOneField",
        "ManyToManyField",
        "ParentalManyToManyField",
        "ForeignKeyField",
        "ReferenceField",
        "LazyReferenceField",
        "CachedReferenceField",
        "EmbeddedDocumentField",
        "EmbeddedDocumentListField",
        *_RELATIONS,
    }
)
_PONY: Final = {"PrimaryKey": "primary key", "Required": "not null", "Optional": "nullable", "Set": "list"}
_PONY_ENTITY: Final = re.compile(r"^(?!(?:Decimal|Json|LongStr|UUID|(?:Int|Str|Float)Array)$)[A-Z]\w*$")
_MAPPED: Final = re.compile(r"^(?:\w+\.)?(?:Mapped|DynamicMapped|WriteOnlyMapped)\[(.*)\]$", re.DOTALL)
_LINKED: Final = re.compile(
    r"\b(?:Link|BackLink|ReverseRelation|ManyToManyRelation|ForeignKey(?:Nullable)?Relation"
    r"|OneToOne(?:Nullable)?Relation|BackwardOneToOneRelation)\[\s*[\"']?([\w.]+)"
)
_OPTIONAL: Final = re.compile(r"\bOptional\[|\bNone\b")
_CONTAINERS: Final = frozenset(
    {"None", "Optional", "Union", "List", "Set", "Sequence", "Dict", "Mapped", "Any", "Annotated", "Collection"}
)
_OWN_NAMES: Final = ("db_column", "column_name", "db_field", "source_field")
_DOCS: Final = ("comment", "doc", "help_text", "description")
_MARKED: Final = {
    "primary_key": "primary key",
    "pk": "primary key",
    "primary_field": "primary key",
    "unique": "unique",
    "index": "index",
    "db_index": "index",
    "required": "not null",
}


def _is_annotated(member: ClassMember) -> bool:
    """Whether a member is a field of a class that Pydantic reads."""
    return bool(member.annotation) and not member.name.startswith("model_") and "ClassVar" not in member.annotation


def _is_django(member: ClassMember, owner: TableClass) -> bool:
    receiver = member.call.receiver
    return _is_field(member) and (
        receiver.endswith("models") or "Model" in owner.bases or (not receiver and owner.has_models)
    )


def _is_field(member: ClassMember) -> bool:
    return member.call.method.endswith("Field") or member.call.method in _LINKS


_FITS: Final[Mapping[str, Callable[[ClassMember, TableClass], bool]]] = {
    "SQLAlchemy": lambda member, _: (
        member.call.method in _COLUMNS | _RELATIONS or _MAPPED.match(member.annotation) is not None
    ),
    "SQLModel": lambda member, owner: _is_annotated(member) and "table" in owner.bases,
    "Django": _is_django,
    "peewee": lambda member, _: _is_field(member),
    "MongoEngine": lambda member, _: _is_field(member),
    "Tortoise": lambda member, _: (
        (member.call.receiver.endswith("fields") and _is_field(member)) or _LINKED.search(member.annotation) is not None
    ),
    "Pony": lambda member, _: member.call.method in _PONY and bool(_pony_type(member.call)),
    "Beanie": lambda member, owner: _is_annotated(member) and re.search(r"\bDocument\b", owner.bases) is not None,
    "ODMantic": lambda member, owner: (
        _is_annotated(member) and re.search(r"\b(?:Embedded)?Model\b", owner.bases) is not None
    ),
}


def python_column(member: ClassMember, source: str, owner: TableClass) -> Fact | None:
    """The column that a member is; None for a member that is none."""
    call = member.call
    if member.name.startswith("__") or not _FITS[source](member, owner):
        return None
    mapped = _MAPPED.match(member.annotation)
    annotation = mapped[1] if mapped else member.annotation
    target = _target(call, annotation, source)
    named = call.text(0, "name") if call.method in _COLUMNS else call.text(-1, *_OWN_NAMES)
    marks = _pony_marks(call) if source == "Pony" else marks_of(call)
    if mapped and not {"nullable", "not null", "primary key"} & {*marks} and _OPTIONAL.search(annotation):
        marks = (*marks, "nullable")
    return Fact(
        kind=FactKind.COLUMN,
        name=named or member.name,
        source=source,
        lines=member.lines,
        owner=owner.name,
        type=_type(call, annotation, source),
        target=owner.name if target == "self" else target,
        marks=marks,
        symbol=f"{owner.symbol}.{member.name}",
        text=member.doc or call.text(-1, *_DOCS),
    )


def _type(call: Written, annotation: str, source: str) -> str:
    if source in {"Beanie", "ODMantic"} or not call.method:
        return annotation
    if source == "Pony":
        return _pony_type(call)
    if call.method in _COLUMNS:
        return column_type(call.positional) or annotation
    return annotation if source == "SQLModel" and call.method not in _LINKS else call.method


def column_type(positional: tuple[str, ...]) -> str:
    """The type among the arguments of a column of SQLAlchemy."""
    others = {"ForeignKey", "Identity", "Sequence", "Computed", "CheckConstraint", "FetchedValue"}
    return next((text for text in positional if literal(text) is None and read_call(text).method not in others), "")


def foreign_target(positional: tuple[str, ...]) -> str:
    """What the foreign key among the arguments of a column of SQLAlchemy refers to."""
    keys = (call for text in positional if (call := read_call(text)).method == "ForeignKey")
    return next((call.text(0, "column") or call.value(0, "column") for call in keys), "")


def _target(call: Written, annotation: str, source: str) -> str:
    linked = _LINKED.search(annotation)
    if linked is not None:
        return linked[1]
    if call.method in _LINKS:
        return _named_target(call) or _last_type(annotation)
    if source == "Pony":
        return kind if _PONY_ENTITY.match(kind := _pony_type(call)) else ""
    if source == "ODMantic":
        return _last_type(annotation) if call.method == "Reference" else ""
    inner = next((item for text in call.positional if (item := read_call(text)).method in _LINKS), None)
    if source == "MongoEngine":
        return _named_target(inner) if inner else ""
    return foreign_target(call.positional) or call.text(-1, "foreign_key")


def _named_target(call: Written) -> str:
    # `lambda: User` looks like an argument with a name.
    names = ("to", "model", "argument", "model_name", "document_type", "lambda")
    return call.text(0, *names) or call.value(0, *names)


def _last_type(annotation: str) -> str:
    names = [name for name in re.findall(r"[A-Z]\w+", annotation) if name not in _CONTAINERS]
    return names[-1] if names else ""


def _pony_type(call: Written) -> str:
    """A type as itself, by its name, or as what `lambda: Car` answers."""
    return call.text(0) or call.value(0, "lambda")


def _pony_marks(call: Written) -> tuple[str, ...]:
    return (_PONY[call.method], *(("unique",) if call.named.get("unique") == "True" else ()))


def marks_of(call: Written) -> tuple[str, ...]:
    """What the arguments of a column say of its keys, each once."""
    listed = [word for key, word in _MARKED.items() if call.named.get(key) == "True"]
    if call.named.get("nullable", call.named.get("null")) == "False":
        listed.append("not null")
    if "True" in {call.named.get("nullable"), call.named.get("null")}:
        listed.append("nullable")
    return tuple(dict.fromkeys(listed))

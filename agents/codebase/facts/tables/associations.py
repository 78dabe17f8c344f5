"""What models of Rails and Laravel say of how their tables belong together. The tables are made by migrations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from agents.codebase.facts.calls import CodeCall
from agents.codebase.facts.file import ParsedCode, place
from agents.codebase.facts.hierarchies import bases
from agents.codebase.facts.tables.columns import class_named, plural, snake_case
from agents.codebase.facts.written import literal
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Symbol, SymbolKind

_TO_MANY: Final = frozenset(
    {"has_many", "has_and_belongs_to_many", "hasMany", "belongsToMany", "hasManyThrough", "morphMany", "morphToMany"}
    | {"morphedByMany"}
)
_OF_RAILS: Final = ("has_many", "has_one", "belongs_to", "has_and_belongs_to_many")
_OF_LARAVEL: Final = (
    *("hasMany", "hasOne", "belongsTo", "belongsToMany", "hasManyThrough", "hasOneThrough"),
    *("morphMany", "morphOne", "morphToMany", "morphedByMany"),
)
#: Classes of Rails that declare the same for another purpose.
_NO_MODELS: Final = re.compile(r"(?:Serializer|Resource|Decorator|Blueprint|Form|Presenter)$")
_RECORD: Final = re.compile(r"^ActiveRecord\.Base$|Record$")
_NAMED_IN_RUBY: Final = re.compile(r"\bself\.table_name\s*=\s*[\"':](\w+)")
#: Associations of one file: what each stands in is looked for among all that the file declares.
_MOST: Final = 400
_NAMED_IN_PHP: Final = re.compile(r"\$table\s*=\s*[\"'](\w+)[\"']")


class _Link(NamedTuple):
    """The column or the collection by which a table leads to another."""

    name: str
    target: str
    symbol: str = ""


def active_record_links(file: ParsedCode) -> Iterator[Fact]:
    """The associations of the models of a file, as columns of their tables."""
    tables: dict[str, str] = {}
    for call in islice(file.calls(*_OF_RAILS), _MOST):
        model = file.symbol_around(call.line)
        if call.receiver or model is None or model.kind is not SymbolKind.CLASS or not call.text(0):
            continue
        if model.name not in tables:
            tables[model.name] = _table_of_record(model, file)
        if tables[model.name] and "polymorphic" not in call.named:
            yield _fact("ActiveRecord", call, tables[model.name], _link_of_record(call))


def _table_of_record(model: Symbol, file: ParsedCode) -> str:
    """The table of a model; one that extends another model has that one's. Empty for a class that is no model."""
    base = next(iter(bases("ruby", model)), "")
    if not base or _NO_MODELS.search(base):
        return ""
    named = _NAMED_IN_RUBY.search(file.written(model.lines))
    owner = model.name if _RECORD.search(base) else base
    return named[1] if named is not None else plural(snake_case(_last(owner)))


def _link_of_record(call: CodeCall) -> _Link:
    name, through = call.text(0), call.text(-1, "source")
    by_name = through or name if call.method in _TO_MANY else plural(through or name)
    if call.method == "belongs_to":
        name = call.text(-1, "foreign_key") or f"{name}_id"
    return _Link(name, _last(call.text(-1, "class_name")) or by_name)


def laravel_links(file: ParsedCode) -> Iterator[Fact]:
    """The relations of the models of a file, as columns of their tables."""
    if not file.holds(b"Illuminate\\", b"Eloquent", b"extends Model"):
        return
    models = {item.name: item for item in file.symbols if item.kind is SymbolKind.CLASS and bases("php", item)}
    for call in islice(file.calls(*_OF_LARAVEL), _MOST):
        method = file.symbol_around(call.line)
        model = models.get(method.name.rpartition(".")[0]) if method is not None else None
        related = class_named(call.value(0, "related")) or _last(literal(call.value(0, "related")) or "")
        if call.receiver != "this" or method is None or model is None or not related:
            continue
        named = _NAMED_IN_PHP.search(file.written(model.lines))
        table = named[1] if named is not None else plural(snake_case(_last(model.name)))
        name = _last(method.name)
        if call.method == "belongsTo":
            name = call.text(1, "foreignKey") or f"{snake_case(name)}_id"
        yield _fact("Laravel", call, table, _Link(name, related, method.name), method.doc)


def _fact(source: str, call: CodeCall, table: str, link: _Link, text: str = "") -> Fact:
    return Fact(
        kind=FactKind.COLUMN,
        name=link.name,
        source=source,
        lines=place(call),
        owner=table,
        type=call.method,
        target=link.target,
        symbol=link.symbol,
        text=text,
        marks=("list",) if call.method in _TO_MANY else (),
    )


def _last(name: str) -> str:
    return re.split(r"[.:\\]", name)[-1]

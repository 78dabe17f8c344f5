"""Schemas of ent: the fields and edges that methods of a type of Go list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from agents.codebase.facts.calls import CodeCall, every_call
from agents.codebase.facts.file import ParsedCode
from agents.contracts.base import Lines
from agents.contracts.facts import ABSTRACT, Fact, FactKind
from agents.contracts.structure import Symbol

_SOURCE: Final = "ent"
_PARTS: Final = frozenset({"field", "edge"})
_MARKS: Final = {"Unique": "unique", "Optional": "nullable", "Nillable": "nullable", "Required": "not null"}


def ent_tables(file: ParsedCode) -> Iterator[Fact]:
    """The schemas and mixins of a file, each followed by its fields and edges."""
    if not file.holds(b"entgo.io/ent"):
        return
    columns: dict[str, list[Fact]] = {}
    for call in every_call(file.language, file.root, file.source):
        if call.receiver in _PARTS and call.text(0):
            owner, _, method = file.symbol_at(call.line).rpartition(".")
            if method in {"Fields", "Edges"}:
                columns.setdefault(owner, []).append(_column(call, owner))
    names = {
        file.symbol_at(call.line).rpartition(".")[0]: call.text(0, "Table")
        for call in file.calls("Annotation", "Table")
        if call.receiver == "entsql"
    }
    symbols = {item.name: item for item in file.symbols}
    for owner, listed in columns.items():
        if owner in symbols:
            marks = (ABSTRACT,) if f"{owner}.Schema" in symbols and _is_mixin(symbols, owner) else ()
            yield Fact(
                kind=FactKind.TABLE,
                name=names.get(owner, "") or owner,
                source=_SOURCE,
                lines=symbols[owner].lines,
                symbol=owner,
                text=symbols[owner].doc,
                marks=marks,
            )
            yield from listed


def _is_mixin(symbols: Mapping[str, Symbol], owner: str) -> bool:
    return symbols[f"{owner}.Schema"].type.startswith("mixin.")


def _column(call: CodeCall, owner: str) -> Fact:
    after = {item.method: item for item in call.after()}
    is_edge = call.receiver == "edge"
    marks = ["primary key"] if call.text(0) == "id" and not is_edge else []
    marks += [word for method, word in _MARKS.items() if method in after and not (is_edge and method == "Unique")]
    marks += ["list"] if is_edge and "Unique" not in after else []
    stored = after["StorageKey"].text(0) if "StorageKey" in after and not is_edge else ""
    return Fact(
        kind=FactKind.COLUMN,
        name=stored or call.text(0),
        source=_SOURCE,
        lines=Lines(start=call.line, end=max([call.end, *(item.end for item in after.values())])),
        owner=owner,
        type=call.name if is_edge else call.method,
        target=call.value(1).removesuffix(".Type") if is_edge else "",
        marks=tuple(dict.fromkeys(marks)),
        text=after["Comment"].text(0) if "Comment" in after else "",
    )

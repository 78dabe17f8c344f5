"""The fact that a column is, whichever language declares its table, and the keys that are declared apart. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from agents.codebase.facts.calls import CodeCall
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Symbol

#: What a migration is taken back with: the tables and columns that stand there are those of before.
_UNDOING = frozenset({"down", "downgrade"})
_FAR = 60


class Key(NamedTuple):
    """What a statement beside a column's own declaration says of it."""

    owner: str
    column: str
    mark: str = ""
    target: str = ""


def table_fact(symbol: Symbol, name: str, source: str, marks: tuple[str, ...] = ()) -> Fact:
    """The fact of a type that is a table."""
    return Fact(
        kind=FactKind.TABLE,
        name=name,
        source=source,
        lines=symbol.lines,
        symbol=symbol.name,
        text=symbol.doc,
        marks=marks,
    )


def column_fact(symbol: Symbol, source: str, **more: object) -> Fact:
    """The fact of a member that is a column."""
    owner, _, name = symbol.name.rpartition(".")
    return Fact.model_validate(
        {
            "kind": FactKind.COLUMN,
            "name": name,
            "source": source,
            "lines": symbol.lines,
            "owner": owner,
            "type": symbol.type,
            "symbol": symbol.name,
            "text": symbol.doc,
            **more,
        }
    )


def with_keys(facts: Iterable[Fact], keys: Iterable[Key]) -> Iterator[Fact]:
    """The facts with the marks and targets that keys give their columns."""
    marks: dict[tuple[str, str], list[str]] = {}
    targets: dict[tuple[str, str], str] = {}
    for key in keys:
        place = (key.owner.casefold(), key.column.casefold())
        if key.mark:
            marks.setdefault(place, []).append(key.mark)
        if key.target:
            targets.setdefault(place, key.target)
    for fact in facts:
        place = (fact.owner.casefold(), fact.name.casefold())
        if fact.kind is FactKind.COLUMN and (place in marks or place in targets):
            update = {
                "marks": tuple(dict.fromkeys((*fact.marks, *marks.get(place, ())))),
                "target": fact.target or targets.get(place, ""),
            }
            yield fact.model_copy(update=update)
        else:
            yield fact


def lines_of(call: CodeCall, argument: str) -> Lines:
    """The lines of an argument of a call."""
    line = call.line_of(argument)
    return Lines(start=line, end=line + argument.count("\n"))


def is_undoing(call: CodeCall) -> bool:
    """Whether a call stands in the function that takes a migration back."""
    node = call.node
    for _ in range(_FAR):
        node = node.parent if node is not None else None
        if node is None:
            return False
        name = node.child_by_field_name("name") or node.child_by_field_name("left")
        text = call.source[name.start_byte : min(name.end_byte, name.start_byte + 80)] if name is not None else b""
        if text.decode("utf-8", "replace").rpartition(".")[2] in _UNDOING:
            return True
    return False


def plural(name: str) -> str:
    """A table's name after the name of what it holds, as Rails and Laravel make it."""
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(("s", "x", "ch", "sh")) else f"{name}s"

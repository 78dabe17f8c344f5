"""The fact that a column is, whichever language declares its table, and the keys that are declared apart. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Symbol

_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_IRREGULAR: Final = {
    "person": "people",
    "child": "children",
    "man": "men",
    "woman": "women",
    "index": "indices",
    "vertex": "vertices",
    "matrix": "matrices",
    "datum": "data",
    "medium": "media",
    "quiz": "quizzes",
}
_SAME: Final = frozenset({"equipment", "information", "money", "species", "series", "sheep", "fish", "news", "media"})
_CLASS: Final = re.compile(r"\b(\w+)::class$")


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


def plural(name: str) -> str:
    """A table's name after the name of what it holds, as Rails and Laravel make it."""
    start, sign, last = name.rpartition("_")
    if last in _SAME:
        return name
    if last in _IRREGULAR:
        return f"{start}{sign}{_IRREGULAR[last]}"
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    if name.endswith("sis"):
        return f"{name[:-2]}es"
    return f"{name}es" if name.endswith(("s", "x", "ch", "sh")) else f"{name}s"


def snake_case(name: str) -> str:
    """The name of a class as a part of a column's: `BlogPost` is `blog_post`."""
    return _WORD.sub("_", name).lower()


def class_named(value: str) -> str:
    """The last part of the name in PHP's `App\\Models\\User::class`; empty for anything else."""
    match = _CLASS.search(value)
    return match[1] if match is not None else ""

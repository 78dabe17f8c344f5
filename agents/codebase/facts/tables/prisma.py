"""Models and enumerations of a Prisma schema, read from its lines. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind

_HEAD: Final = r"(?:model|view|type)[ \t]+(?:\w+)[ \t]*\{"
#: What is never closed ends where the next one begins, so that no line is read for each.
_MODEL: Final = re.compile(
    rf"^(?:model|view|type)[ \t]+(\w+)[ \t]*\{{[ \t]*\n((?:(?!\}}|{_HEAD})[^\n]*\n)*)\}}", re.MULTILINE
)
_FIELD: Final = re.compile(
    r"^\s*(?P<name>[A-Za-z]\w*)\s+(?P<type>\w+(?:\(\"[^\"]*\"\))?)(?P<many>\[\])?(?P<optional>\?)?(?P<rest>.*)$"
)
_MAPPED: Final = re.compile(r"@@map\(\s*(?:name:\s*)?\"([^\"]+)\"")
_STORED: Final = re.compile(r"(?<!@)@map\(\s*(?:name:\s*)?\"([^\"]+)\"")
_LISTED: Final = re.compile(r"@@(id|unique)\(\s*(?:fields:\s*)?\[([^\[\]]*)\]")
_MARKS: Final = {"@id": "primary key", "@unique": "unique"}
_COMMENT: Final = re.compile(r"^\s*///\s?(.*)$")


def prisma_tables(text: str) -> Iterator[Fact]:
    """Each model followed by its fields; comments of three slashes are their documentation."""
    models, whole = list(_MODEL.finditer(text)), text.split("\n")
    names = {model[1] for model in models}
    for model in models:
        start = text.count("\n", 0, model.start()) + 1
        end = text.count("\n", 0, model.end()) + 1
        mapped = _MAPPED.search(model[2])
        yield Fact(
            kind=FactKind.TABLE,
            name=mapped[1] if mapped else model[1],
            source="Prisma",
            lines=Lines(start=start, end=end),
            symbol=model[1],
            text=_comment_above(whole, start - 1),
        )
        keys = dict(_keys(model[2]))
        for at in range(start + 1, end):
            field = _FIELD.match(whole[at - 1].partition("//")[0])
            if field is not None:
                column = _column(field, model[1], names, Lines(start=at, end=at), _comment_above(whole, at - 1))
                key = keys.get(field["name"], "")
                yield column.model_copy(update={"marks": (key, *column.marks)}) if key else column


def _keys(body: str) -> Iterator[tuple[str, str]]:
    """The keys that a model lists for its fields; of several fields only a primary key is each one's."""
    for kind, listed in _LISTED.findall(body):
        fields = [name for text in listed.split(",") if (name := text.strip().partition("(")[0])]
        if kind == "id" or len(fields) == 1:
            yield from ((name, _MARKS[f"@{kind}"]) for name in fields)


def _column(field: re.Match[str], owner: str, names: set[str], lines: Lines, text: str) -> Fact:
    attributes = field["rest"].split()
    marks = [word for sign, word in _MARKS.items() if any(part.partition("(")[0] == sign for part in attributes)]
    marks += ["list"] if field["many"] else ["nullable"] if field["optional"] else []
    stored = _STORED.search(field["rest"])
    return Fact(
        kind=FactKind.COLUMN,
        name=stored[1] if stored else field["name"],
        source="Prisma",
        lines=lines,
        owner=owner,
        type=field["type"] + (field["many"] or ""),
        target=field["type"] if field["type"] in names else "",
        marks=tuple(marks),
        text=text,
    )


def _comment_above(lines: list[str], count: int) -> str:
    """The comment with which the first lines, so many of them, end."""
    first = count
    while first and _COMMENT.match(lines[first - 1]):
        first -= 1
    return " ".join(_COMMENT.sub(r"\1", line) for line in lines[first:count])

"""Tables of Diesel: the macros of `schema.rs`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.codebase.facts.file import ParsedCode, place_at
from agents.codebase.facts.tables.columns import Key, with_keys
from agents.codebase.structure.deadline import in_order
from agents.codebase.structure.grammars import query
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind

_SOURCE: Final = "Diesel"
_TABLE: Final = re.compile(r"^(?:diesel::)?table!\s*[{(\[]")
_HEAD: Final = re.compile(r"(?<![\w.])([\w.]+)\s*(?:\(([^(){}]*)\)\s*)?\{")
_JOINED: Final = re.compile(r"^(?:diesel::)?joinable!\s*\(\s*([\w.]+)\s*->\s*([\w.]+)\s*\(\s*(\w+)")
_PART: Final = re.compile(
    r"///(?P<doc>[^\n]*)|//[^\n]*|#\[\s*sql_name\s*=\s*\"(?P<named>[^\"\n]*)\"\s*\]"
    r"|\b(?P<name>\w+)[ \t]*->[ \t]*(?P<type>[^,{}\n]+)"
)


def diesel_tables(file: ParsedCode) -> Iterator[Fact]:
    """The tables of a file, each followed by its columns."""
    if not file.holds(b"table!"):
        return
    facts: list[Fact] = []
    keys: list[Key] = []
    for node in in_order(query("rust", "(macro_invocation) @macro"), file.root, "macro"):
        text = file.source[node.start_byte : node.end_byte].decode("utf-8", "replace")
        joined = _JOINED.match(text)
        if joined is not None:
            keys.append(Key(joined[1], joined[3], target=joined[2]))
        elif _TABLE.match(text) and "->" in text:
            facts += _table(text, place_at(node))
    yield from with_keys(facts, keys)


def _table(text: str, lines: Lines) -> Iterator[Fact]:
    opening = _TABLE.match(text)
    head = _HEAD.search(text, opening.end() if opening else 0)
    if head is None:
        return
    above = " ".join(part["doc"].strip() for part in _PART.finditer(text[: head.start()]) if part["doc"])
    yield Fact(kind=FactKind.TABLE, name=head[1], source=_SOURCE, lines=lines, text=above)
    keys = {name.strip() for name in (head[2] or "id").split(",")}
    docs: list[str] = []
    named, at, line = "", 0, lines.start
    for part in _PART.finditer(text, head.end()):
        if part["doc"]:
            docs.append(part["doc"].strip())
        elif part["named"]:
            named = part["named"]
        elif part["name"]:
            line, at = line + text.count("\n", at, part.start("name")), part.start("name")
            kind = part["type"].strip()
            marks = ("primary key",) if part["name"] in keys else ()
            yield Fact(
                kind=FactKind.COLUMN,
                name=named or part["name"],
                source=_SOURCE,
                lines=Lines(start=line, end=line),
                owner=head[1],
                type=kind,
                marks=(*marks, *(("nullable",) if kind.startswith("Nullable<") else ())),
                text=" ".join(docs),
            )
            docs, named = [], ""

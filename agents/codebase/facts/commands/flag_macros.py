"""Flags that C++ defines by macros: those of gflags and of Abseil."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.commands.command_facts import command_fact, text_in
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.line_numbers import line_numbers
from agents.codebase.facts.written import arguments, inside, literal, shown_default
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind

#: At a line's begin: comments and definitions of macros have something before it.
_MACRO = re.compile(
    r"^[ \t]*(?:DEFINE_(?P<type>bool|int32|uint32|int64|uint64|double|string)|(?P<abseil>ABSL_FLAG))[ \t\n]*(?=\()",
    re.MULTILINE,
)
_NAME = re.compile(r"\w+")
_RAW = re.compile(r'R"(\w{0,16})\((.*)\)\1"', re.DOTALL)
_LONGEST = 4_000


def flag_macros(file: ParsedCode) -> Iterator[Fact]:
    """`DEFINE_int32(port, 80, "…")` and `ABSL_FLAG(int, port, 80, "…")`, each as an option of the program."""
    text = file.whole_text
    line_at = line_numbers(text)
    for macro in _MACRO.finditer(text):
        body = inside(text[macro.end() : macro.end() + _LONGEST])
        given = [" ".join(part.split()) if literal(part) is None else part for part in arguments(body)[0]]
        type_, given = (given[0], given[1:]) if macro["abseil"] and given else (macro["type"], given)
        # A macro of another's with this name has other arguments.
        if len(given) < 3 or not _NAME.fullmatch(given[0]) or not (macro["abseil"] or _text(given[2])):
            continue
        lines = Lines(start=line_at(macro.start()), end=line_at(macro.end() + len(body)))
        yield command_fact(
            FactKind.OPTION,
            f"--{given[0]}",
            "Abseil" if macro["abseil"] else "gflags",
            lines,
            symbol=file.symbol_at(lines.start),
            type=type_,
            default=shown_default(given[1]),
            text=_text(given[2]),
        )


def _text(written: str) -> str:
    """A text in pieces, or one between brackets in which nothing is escaped."""
    raw = _RAW.fullmatch(written)
    return " ".join(raw[2].split()) if raw is not None else text_in(written)

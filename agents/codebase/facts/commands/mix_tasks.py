"""Mix tasks of Elixir, and the switches that `OptionParser` is given."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from agents.codebase.facts.commands.command_facts import command_fact, spelled
from agents.codebase.facts.line_numbers import line_numbers
from agents.codebase.facts.written import arguments, inside, read_call
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Symbol, SymbolKind

_SOURCE = "Mix"
_MODULE = "Mix.Tasks."
_PARSED = re.compile(r"\bOptionParser\.parse(?:_head)?!?\s*(?=\()")
_SHORT = re.compile(r"@shortdoc\s+\"((?:[^\"\\\n]|\\.)*)\"")
_COMMENT = re.compile(r"^[ \t]*#[^\n]*", re.MULTILINE)
_LONGEST = 4_000
_WORD_END = re.compile(r"(?<=[a-z0-9])([A-Z])")


def mix_tasks(text: str, symbols: Sequence[Symbol]) -> Iterator[Fact]:
    """Modules that are tasks with a short documentation, as `mix help` lists them, and switches."""
    code = _COMMENT.sub(lambda line: " " * len(line[0]), text)
    lines = code.split("\n")
    tasks: list[Symbol] = []
    for symbol in symbols:
        if symbol.kind is not SymbolKind.MODULE or not symbol.name.startswith(_MODULE):
            continue
        body = "\n".join(lines[symbol.lines.start - 1 : symbol.lines.end])
        short = _SHORT.search(body)
        if short is None and not (symbol.doc and "use Mix.Task" in body):
            continue
        tasks.append(symbol)
        name = _WORD_END.sub(r"_\1", symbol.name.removeprefix(_MODULE)).lower()
        yield command_fact(
            FactKind.COMMAND,
            f"mix {name}",
            _SOURCE,
            symbol.lines,
            owner=symbol.name,
            symbol=symbol.name,
            text=short[1] if short else symbol.doc,
        )
    line_at = line_numbers(code)
    for call in _PARSED.finditer(code):
        line = line_at(call.start())
        around = [item for item in tasks if item.lines.start <= line <= item.lines.end]
        yield from _switches(code, call, Lines(start=line, end=line), around[-1].name if around else "")


def _switches(code: str, call: re.Match[str], lines: Lines, owner: str) -> Iterator[Fact]:
    given = read_call("parse" + code[call.end() : call.end() + _LONGEST])
    _, listed = arguments(inside(given.value(1))) if given.value(1).startswith("[") else ((), given.named)
    switches = _values(code, listed.get("strict", listed.get("switches", "")))
    aliases = _values(code, listed.get("aliases", ""))
    for name, kind in switches.items():
        shorts = [short for short, long in aliases.items() if long.lstrip(":") == name]
        word = kind.strip("[]").partition(",")[0].lstrip(":").strip()
        yield command_fact(
            FactKind.OPTION,
            spelled(f"--{name.replace('_', '-')}", *shorts),
            _SOURCE if owner else "OptionParser",
            lines,
            owner=owner,
            symbol=owner,
            type="flag" if word in {"boolean", "count"} else word,
        )


def _values(code: str, written: str) -> dict[str, str]:
    """The entries of a keyword list, written here or in an attribute of the module."""
    if written.startswith("@"):
        attribute = re.search(rf"{re.escape(written)}\s+(?=\[)", code)
        written = code[attribute.end() : attribute.end() + _LONGEST] if attribute else ""
    return arguments(inside(written))[1] if written.startswith("[") else {}

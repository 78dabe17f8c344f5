"""Facts of command lines, and what their readers have in common. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.written import inside, literal, parts
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Symbol, SymbolKind

#: Signs between the pieces of one text.
_JOINS = ("+", ".")
#: Ruby's and Python's sign that a text goes on below.
_CONTINUED = re.compile(r"""(["'])[ \t]*\\\n\s*(?=["'])""")
_FUNCTIONS = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD})
_TYPES = frozenset({SymbolKind.CLASS, SymbolKind.STRUCT})
_WORD_END = re.compile(r"(?<=[a-z0-9])([A-Z])")


def command_fact(kind: FactKind, name: str, source: str, lines: Lines, **more: object) -> Fact:
    """A fact of a command line; a command's owner is what its options and its mounts call it."""
    return Fact.model_validate({"kind": kind, "name": name, "source": source, "lines": lines, **more})


def mounted(source: str, lines: Lines, owner: str, target: str) -> Fact:
    """One command below another."""
    return command_fact(FactKind.MOUNT, "", source, lines, owner=owner, target=target)


def text_in(value: str) -> str:
    """A text that may be written in pieces, with signs between them or as a list of lines; empty for anything else."""
    flat = _CONTINUED.sub(r"\1 ", value.strip())
    whole = _pieced(flat)
    if whole is not None or flat[:1] not in "[{(":
        return whole or ""
    return " ".join(text for piece in parts(inside(flat)) if (text := _pieced(piece)))


def _pieced(value: str) -> str | None:
    alone = literal(value)
    if alone is not None:
        return alone
    for sign in _JOINS:
        pieces = [literal(piece) for piece in parts(value, sign)]
        if len(pieces) > 1 and None not in pieces:
            return "".join(piece for piece in pieces if piece)
    return None


def dashed(name: str) -> str:
    """`dry-run` of `dryRun`, `DryRun` and `dry_run`."""
    return _WORD_END.sub(r"-\1", name).replace("_", "-").lower()


def spelled(*names: str) -> str:
    """Names of an option, with their dashes, parted by commas."""
    dashes = (name if name.startswith("-") else f"-{name}" if len(name) == 1 else f"--{name}" for name in names if name)
    return ", ".join(dict.fromkeys(dashes))


def marks(*, required: bool = False, argument: bool = False) -> tuple[str, ...]:
    """What is special about an option."""
    return ("argument",) * argument + ("required",) * required


def class_at(file: ParsedCode, line: int) -> str:
    """The innermost class around a line."""
    return _innermost(file, line, _TYPES)


def function_at(file: ParsedCode, line: int) -> str:
    """The innermost function around a line."""
    return _innermost(file, line, _FUNCTIONS)


def property_at(file: ParsedCode, line: int) -> str:
    """The innermost property around a line."""
    return _innermost(file, line, frozenset({SymbolKind.PROPERTY}))


def _innermost(file: ParsedCode, line: int, kinds: frozenset[SymbolKind]) -> str:
    around = [item for item in file.symbols if item.kind in kinds and item.lines.start <= line <= item.lines.end]
    return min(around, key=lambda item: item.lines.end - item.lines.start).name if around else ""


def members_of(symbols: Iterable[Symbol], owner: str) -> dict[str, Symbol]:
    """A type's own members by their plain names."""
    return {item.name.rpartition(".")[2].lstrip("$"): item for item in symbols if item.name.rpartition(".")[0] == owner}


def written_lines(file: ParsedCode, lines: Lines) -> str:
    """These lines of the file."""
    return b"\n".join(file.source.split(b"\n")[lines.start - 1 : lines.end]).decode("utf-8", "replace")


def member_value(file: ParsedCode, member: Symbol | None) -> str:
    """What a member is given, as written: an outline leaves out what is long. Empty without a member or a value."""
    if member is None:
        return ""
    written = written_lines(file, member.lines)
    plain = re.escape(member.name.rpartition(".")[2])
    given = re.search(rf"(?<![\w$]){plain}(?!\w)[^=\n]{{0,200}}=(?![=>])", written)
    pieces = parts(written[given.end() :], ";") if given else []
    return pieces[0] if pieces else ""

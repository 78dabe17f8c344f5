"""Facts of command lines, and what their readers have in common."""

from __future__ import annotations

import re
from collections.abc import Iterable

import tree_sitter

from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.written import inside, literal, parts
from agents.codebase.structure.deadline import in_order
from agents.codebase.structure.grammars import query
from agents.codebase.structure.innermost import innermost
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Symbol, SymbolKind

#: Signs between the pieces of one text.
_JOINS = ("+", ".")
#: Ruby's and Python's sign that a text goes on below.
_CONTINUED = re.compile(r"""(["'])[ \t]*\\\n\s*(?=["'])""")
#: Characters of a value, as of a call.
_LONGEST = 4_000
_FUNCTIONS = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD})
_TYPES = frozenset({SymbolKind.CLASS, SymbolKind.STRUCT})
_WORD_END = re.compile(r"(?<=[a-z0-9])([A-Z])")


def captured(file: ParsedCode, pattern: str, name: str) -> list[tree_sitter.Node]:
    """The nodes that a pattern captures under a name, in the order of the file."""
    return in_order(query(file.language, pattern), file.root, name)


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
    around = innermost((item for item in file.symbols if item.kind in kinds), line)
    return around.name if around is not None else ""


def members_by_owner(symbols: Iterable[Symbol]) -> dict[str, dict[str, Symbol]]:
    """The members of each type by their plain names."""
    members: dict[str, dict[str, Symbol]] = {}
    for symbol in symbols:
        owner, _, plain = symbol.name.rpartition(".")
        if owner:
            members.setdefault(owner, {}).setdefault(plain.lstrip("$"), symbol)
    return members


def member_value(file: ParsedCode, member: Symbol | None) -> str:
    """What a member is given, as written: an outline leaves out what is long. Empty without a member or a value."""
    if member is None:
        return ""
    written = file.written(member.lines)
    plain = re.escape(member.name.rpartition(".")[2])
    given = re.search(rf"(?<![\w$]){plain}(?!\w)[^=\n]{{0,200}}=(?![=>])", written)
    pieces = parts(written[given.end() : given.end() + _LONGEST], ";") if given else []
    return pieces[0] if pieces else ""

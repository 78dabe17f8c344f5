"""The symbols that calls of macros declare in Rust: what a call stands for is read as the file that it is a part of.

A macro that the file defines is followed. One of another file is taken to hand on the items that its call holds, as
those do that put a condition or an attribute around them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import tree_sitter

from agents.codebase.structure.languages.rust_macros import Unmatched, expansion
from agents.contracts.base import Lines
from agents.contracts.structure import Symbol, SymbolKind

_MOST_CALLS = 400
_MOST_TEXT = 400_000
_DEEPEST = 4
_ITEMS = re.compile(
    r"\s*+(?:(?://[^\n]*+\n|(?>/\*.*?\*/)|#!?\[[^\]]*+\])\s*+)*+"
    r"(?:pub\b|(?:fn|struct|enum|union|trait|impl|mod|type|use|macro_rules|static)\b|(?:const|unsafe|async|extern)\s+\w)",
    re.DOTALL,
)
#: `if #[cfg(unix)] { … } else { … }`
_CONDITION = re.compile(r"^\s*if\s+#\[cfg")
_CONDITIONS = re.compile(r"(?:\}\s*else\s*)?if\s+#\[cfg(?:[^\[\]]|\[[^\[\]]*+\])*+\]\s*\{|\}\s*else\s*\{")
Read = Callable[[bytes], tuple[tuple[Symbol, ...], tree_sitter.Node]]


@dataclass(frozen=True, slots=True)
class _Call:
    """A call where an item might stand; `owner` are the modules around it, and `lines` are where it stands."""

    macro: str
    arguments: str
    row: int
    lines: Lines
    owner: str


@dataclass(slots=True)
class _Budget:
    """How much more of a file's calls is followed: a macro may call itself, and stand for more than it was given."""

    calls: int = _MOST_CALLS
    text: int = _MOST_TEXT

    def allows(self, text: str) -> bool:
        self.calls -= 1
        self.text -= len(text)
        return self.calls >= 0 and self.text >= 0


def with_expanded(symbols: tuple[Symbol, ...], root: tree_sitter.Node, data: bytes, read: Read) -> tuple[Symbol, ...]:
    """A file's symbols with those that its calls of macros declare, each where its call stands."""
    names = {symbol.name for symbol in symbols}
    hidden = tuple(f"{symbol.name}." for symbol in symbols if symbol.kind is SymbolKind.MODULE and not symbol.public)
    expanded = [
        symbol.model_copy(update={"public": False}) if symbol.name.startswith(hidden) else symbol
        for symbol in _expanded(root, data, _definitions(root, data), read, _Budget(), _DEEPEST)
        if symbol.name not in names and "!" not in symbol.name
    ]
    return tuple(sorted((*symbols, *expanded), key=lambda symbol: symbol.lines.start)) if expanded else symbols


def _expanded(
    root: tree_sitter.Node, data: bytes, definitions: Mapping[str, str], read: Read, budget: _Budget, deepest: int
) -> Iterator[Symbol]:
    for call in _calls(root, data):
        text, placed = _stands_for(call, definitions)
        if not text.strip():
            continue
        if not budget.allows(text):
            return
        part = ("\n" * call.row + text if placed else text).encode()
        inner, tree = read(part)
        if deepest and "!" in text:
            more = {**definitions, **_definitions(tree, part)}
            inner = (*inner, *_expanded(tree, part, more, read, budget, deepest - 1))
        for symbol in inner:
            yield symbol.model_copy(
                update={"name": f"{call.owner}{symbol.name}", "lines": _place(symbol.lines, call.lines, placed)}
            )


def _place(lines: Lines, call: Lines, placed: bool) -> Lines:
    """Where a symbol stands: in its own lines below the call's first, or with the whole call."""
    if not placed or lines.start > call.end:
        return call
    return Lines(start=max(lines.start, call.start), end=min(max(lines.end, call.start), call.end))


def _stands_for(call: _Call, definitions: Mapping[str, str]) -> tuple[str, bool]:
    """The text of a call's items, and whether it is the call's own, line by line."""
    if call.macro in definitions:
        try:
            return expansion(definitions[call.macro], call.arguments), False
        except Unmatched:
            return "", False
    if _CONDITION.match(call.arguments):
        inside, _, rest = call.arguments.rpartition("}")
        return _CONDITIONS.sub(_lines_alone, f"{inside} {rest}"), True
    return (call.arguments, True) if _ITEMS.match(call.arguments) else ("", False)


def _lines_alone(match: re.Match[str]) -> str:
    return "\n" * match.group().count("\n")


def _definitions(root: tree_sitter.Node, data: bytes) -> dict[str, str]:
    """The arms of the macros that a file defines, by name."""
    definitions: dict[str, str] = {}
    for node, _ in _items(root, data):
        name = node.child_by_field_name("name")
        if node.type == "macro_definition" and name is not None:
            definitions[_text(name, data)] = (
                data[name.end_byte : node.end_byte].decode("utf-8", "replace").strip(" \n;")[1:-1]
            )
    return definitions


def _calls(root: tree_sitter.Node, data: bytes) -> Iterator[_Call]:
    for node, owner in _items(root, data):
        call = node.named_children[0] if node.type == "expression_statement" and node.named_children else node
        arguments = call.named_children[-1] if call.type == "macro_invocation" else None
        macro = call.child_by_field_name("macro")
        if arguments is not None and macro is not None and arguments.type == "token_tree":
            yield _Call(
                _text(macro, data).rpartition("::")[2],
                data[arguments.start_byte + 1 : arguments.end_byte - 1].decode("utf-8", "replace"),
                arguments.start_point[0],
                Lines(start=call.start_point[0] + 1, end=call.end_point[0] + 1),
                owner,
            )


def _items(
    root: tree_sitter.Node, data: bytes, owner: str = "", deepest: int = 8
) -> Iterator[tuple[tree_sitter.Node, str]]:
    """The items of a file and of the modules that it writes, with the names of the modules before theirs."""
    for node in root.named_children:
        yield node, owner
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if node.type == "mod_item" and deepest and name is not None and body is not None:
            yield from _items(body, data, f"{owner}{_text(name, data)}.", deepest - 1)


def _text(node: tree_sitter.Node, data: bytes) -> str:
    return data[node.start_byte : node.end_byte].decode("utf-8", "replace")
